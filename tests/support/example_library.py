"""The example library: the shipped documents with those of examples/library laid over them."""

from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from support.cases.run import Case, cases_below
from support.paths import ROOT

from service.library import Library, load_library

EXAMPLE = ROOT / "examples/library"
CASES = EXAMPLE / "cases"


def lay_out(content: Path) -> None:
    """What the page docs/how-to/write-a-policy.md tells to copy, in the same order."""
    for name in ("mappings", "cards"):
        copytree(ROOT / name, content / name)
    copytree(EXAMPLE / "mappings", content / "mappings", dirs_exist_ok=True)


@cache
def library() -> Library:
    """The example library, loaded once."""
    with TemporaryDirectory() as folder:
        content = Path(folder)
        lay_out(content)
        return load_library(content, None)


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case of the example library."""
    return tuple(cases_below(CASES, EXAMPLE / "mappings/policies"))
