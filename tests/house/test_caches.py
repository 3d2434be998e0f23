"""One module remembers and compares by identity; what is written for speed says so, with its figure."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from support.paths import ROOT

SERVICE = ROOT / "service"
FILES = sorted(SERVICE.rglob("*.py"))
MEMO = SERVICE / "memo.py"
# How a comment or docstring speaks of speed without saying `# speed:`.
OF_SPEED = re.compile(
    r"\b(?:quick(?:er|est)|(?:as|is) quick|faster|fastest|slower|much longer|costs? more than)\b"
    r"|\btimes as (?:long|soon|fast|quick)\b|\btakes (?:long|twice)\b"
)
OF_FUNCTOOLS = {"lru_cache", "cache", "cached_property"}
FIGURE = re.compile(r"\d|\bhalf the time\b")
MOST = 18  # lines written for speed; a new one should replace an old one


def _named(file: Path) -> Iterator[str]:
    """What a module imports to remember or to refer weakly, and where it asks for an identity."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module="functools", names=names):
                yield from (
                    one.name
                    for one in names
                    if one.name in ("lru_cache", "cache", "cached_property")
                )
            case ast.ImportFrom(module="weakref", names=names):
                yield from (one.name for one in names)
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name in ("functools", "weakref"))
            case ast.Call(func=ast.Name(id="id")):
                yield f"id() in line {node.lineno}"


@cache
def _comments(file: Path) -> tuple[str, ...]:
    return tuple(_comments_in(file.read_text(encoding="utf-8")))


def _comments_in(text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def _docstrings(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def test_only_one_module_remembers_and_compares_by_identity() -> None:
    found = {file.relative_to(ROOT).as_posix(): [*_named(file)] for file in FILES if file != MEMO}
    assert {name: named for name, named in found.items() if named} == {}


def _for_speed() -> list[tuple[str, str]]:
    files = (file for file in FILES if "# speed" in file.read_text(encoding="utf-8"))
    each = ((file.relative_to(ROOT).as_posix(), one) for file in files for one in _comments(file))
    return [(name, one) for name, one in each if one.startswith("# speed")]


@pytest.mark.parametrize(("name", "comment"), _for_speed())
def test_a_line_for_speed_gives_its_figure(name: str, comment: str) -> None:
    assert comment.startswith("# speed: "), name
    assert FIGURE.search(comment), name


def test_lines_for_speed_are_few() -> None:
    assert 0 < len(_for_speed()) <= MOST


def test_speed_is_spoken_of_in_such_comments_only() -> None:
    found = [
        (file.relative_to(ROOT).as_posix(), one)
        for file in FILES
        for one in (*_comments(file), *_docstrings(file))
        if not one.startswith("# speed: ") and OF_SPEED.search(one)
    ]
    assert found == []
