"""The project's own cases, and what the engine answers to them."""

from functools import cache
from pathlib import Path
from typing import Any

from support.cases.words import WORDS
from support.paths import ROOT

from service.cases import case_files, judged_cases
from service.cases.case_files import WrittenCase as Case
from service.cases.judged_cases import by_id, differences
from service.errors import CaseError
from service.library import Library, load_library

__all__ = ["Case", "Json", "all_cases", "by_id", "cases_below", "cases_of", "check_stated"]
__all__ += ["differences", "judged", "library", "twin", "wrong"]
FOLDER = ROOT / "tests/cases/policies"
Json = dict[str, Any]


def cases_of(path: Path, file: str) -> list[Case]:
    """The cases of one file."""
    return case_files.cases_of(path, file, WORDS)


@cache
def all_cases() -> list[Case]:
    """Every case of every file below tests/cases/policies."""
    return cases_below(FOLDER, ROOT / "mappings/policies")


def cases_below(folder: Path, policies: Path) -> list[Case]:
    """Every case below a folder; each file lies where the version that it is about lies."""
    cases = []
    for path in sorted(folder.rglob("*.yaml")):
        file = path.relative_to(folder)
        # a version may have its cases in folders of its own, one for each disease
        if not any((policies / one / "policy.yaml").is_file() for one in file.parents):
            raise CaseError(f"{file.as_posix()}: there is no version {file.parent.as_posix()}")
        cases += cases_of(path, file.as_posix())
    return cases


@cache
def library() -> Library:
    """The library of this checkout, loaded once."""
    return load_library(ROOT, None)


def twin(case: Case, known: Library) -> Json:
    """The assessment of the case's order."""
    return judged_cases.twin(case, known, WORDS)


def wrong(case: Case, known: Library) -> list[str]:
    """Where the engine's answer is not what the case expects, one line each."""
    return differences(case, twin(case, known))


def check_stated(case: Case, known: Library) -> None:
    """Refuses a case that states something of no criterion."""
    judged_cases.check_stated(case, known, WORDS)


def judged(case: Case, known: Library) -> list[str]:
    """As `wrong`; a case that states something of no criterion is refused, for it would say nothing."""
    check_stated(case, known)
    return wrong(case, known)
