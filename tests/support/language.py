"""The library of one construct: the shipped documents with a small policy of its own."""

from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

from support.cases.run import Case, cases_of
from support.paths import ROOT

from service.library import Library, load_library

HERE = ROOT / "tests/cases/language"
BASE = HERE / "base"
VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
FOLDERS = ("facts", "value_sets", "sources")


def constructs() -> list[str]:
    """The folders with cases."""
    return sorted(path.parent.name for path in HERE.glob("*/cases.yaml"))


def cases(construct: str) -> list[Case]:
    """The cases of one construct."""
    return cases_of(HERE / construct / "cases.yaml", construct)


@cache
def library(construct: str) -> Library:
    """The library that the cases of one construct are judged with."""
    with TemporaryDirectory() as folder:
        content = Path(folder)
        lay_out(construct, content)
        return load_library(content, None)


def lay_out(construct: str, content: Path) -> None:
    """The shipped documents with those of one construct in their places."""
    for name in ("mappings", "cards"):
        copytree(ROOT / name, content / name)
    rmtree(content / "mappings/policies")
    (content / VERSION).mkdir(parents=True)
    for path in [*BASE.glob("*.yaml"), *(HERE / construct).glob("*.yaml")]:
        if path.name != "cases.yaml":
            (content / VERSION / path.name).write_bytes(path.read_bytes())
    for folder in FOLDERS:
        if (HERE / construct / folder).is_dir():
            copytree(HERE / construct / folder, content / "mappings" / folder, dirs_exist_ok=True)
