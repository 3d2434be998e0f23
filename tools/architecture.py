"""Writes the generated part of docs/why/architecture.md: the packages, their purpose and their imports.

    python tools/architecture.py            writes the page
    python tools/architecture.py --check    says whether the page is out of date, and ends with 1

Imports are read from the code by grimp, as import-linter reads them; what a package is for is its docstring.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
from page_file import settle

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/why/architecture.md"
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"
PACKAGE = "service"


def written() -> str:
    """The page with its generated part made anew."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    made = "".join(f"{one}\n" for one in _generated())
    return f"{before}{BEGIN}{made}{END}{after}"


def _generated() -> Iterator[str]:
    graph = grimp.build_graph(PACKAGE)
    tops = sorted(graph.find_children(PACKAGE))
    uses = {
        one: {
            other
            for other in tops
            if other != one
            and graph.direct_import_exists(importer=one, imported=other, as_packages=True)
        }
        for one in tops
    }
    yield "```mermaid"
    yield "flowchart TD"
    for one in tops:
        yield f'    {_name(one)}["{_name(one)}"]'
    for one, others in uses.items():
        for other in sorted(others - _reached_otherwise(one, uses)):
            yield f"    {_name(one)} --> {_name(other)}"
    yield "```"
    yield ""
    yield "| Package or module | What it is for |"
    yield "|---|---|"
    for path in _packages():
        yield f"| `{path.relative_to(ROOT)}` | {_purpose(path)} |"


def _name(module: str) -> str:
    return module.removeprefix(f"{PACKAGE}.")


def _reached_otherwise(one: str, uses: dict[str, set[str]]) -> set[str]:
    """What a package imports and also reaches through another one that it imports: drawn once."""
    found: set[str] = set()
    for other in uses[one]:
        waiting = [*uses[other]]
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting += uses[module]
    return found


def _packages() -> Iterator[Path]:
    """Every folder with code, in the order of their names; modules at the top by themselves."""
    top = ROOT / PACKAGE
    yield from sorted(one for one in top.glob("*.py") if not one.name.startswith("__"))
    yield from sorted(one.parent for one in top.rglob("__init__.py") if one.parent != top)


def _purpose(path: Path) -> str:
    file = path if path.is_file() else path / "__init__.py"
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]


def main() -> int:
    """Writes or checks the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check", action="store_true")
    check = asked.parse_args().check
    return settle(PAGE, written(), (), tool="architecture.py", check=check)


if __name__ == "__main__":
    sys.exit(main())
