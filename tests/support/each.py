"""Many checks in one test: all of them are made, and those that fail are named and shown together.

`CASE="words of a sentence" pytest tests/cases` judges only the cases whose sentence holds the words.
"""

import os
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from support.extent import FAST, ONE_OF

ONLY = os.environ.get("CASE", "")
Checks = Iterable[tuple[str, Callable[[], object]]]


class Told(Protocol):
    """A case of a file, which its sentence names."""

    @property
    def file(self) -> str:
        """The file, below the folder of its kind."""

    @property
    def says(self) -> str:
        """The sentence."""


C = TypeVar("C", bound=Told)


def by_file(cases: Iterable[C]) -> dict[str, list[C]]:
    """The cases of each file; in a fast run one of ten."""
    found: dict[str, list[C]] = {}
    named = [case for case in cases if ONLY in case.says]
    for case in named[:: ONE_OF if FAST and not ONLY else 1]:
        found.setdefault(case.file, []).append(case)
    return found


def make_all(checks: Checks) -> int:
    """Makes every check and returns how many there were; raises one error with all that failed.

    A check has the name that a reader of its failure needs; it fails when it raises.
    """
    made, failed = 0, []
    for name, check in checks:
        made += 1
        try:
            check()
        except Exception as error:  # noqa: BLE001 - the next checks are made all the same
            error.add_note(f"this failed for: {name}")
            failed.append((name, error))
    if failed:
        names = "\n".join(name for name, _ in failed)
        raise ExceptionGroup(
            f"{len(failed)} of {made} checks failed:\n{names}", [one for _, one in failed]
        )
    return made
