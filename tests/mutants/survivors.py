"""The list of mutants that live, each with the reason why no case can tell it from the rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from service.cases.strict_yaml import only
from service.cases.strict_yaml import read_case_file as read

LIST = Path(__file__).parent / "survivors.yaml"


@dataclass(frozen=True)
class Listed:
    """The patterns of one version, or of the documents beside the policies."""

    patterns: tuple[str, ...]

    def fits(self, name: str) -> bool:
        """Whether a mutant is listed."""
        return any(fnmatchcase(name, one) for one in self.patterns)

    def idle(self, names: Iterable[str]) -> list[str]:
        """The patterns that fit no mutant at all."""
        known = list(names)
        return [one for one in self.patterns if not any(fnmatchcase(n, one) for n in known)]

    def wrong(self, judged: Iterable[tuple[str, str | None]]) -> list[str]:
        """Mutants that live unlisted, and listed ones that a case kills."""
        lines = []
        for name, killer in judged:
            if killer is None and not self.fits(name):
                lines.append(f"{name}: no case fails")
            if killer is not None and self.fits(name):
                lines.append(f"{name}: listed as a survivor, but killed by '{killer}'")
        return lines


@cache
def listed(about: str) -> Listed:
    """What is listed for a version, or for `documents`."""
    found = []
    for one in read(LIST).get(about, []):
        only(one, {"why", "mutants"}, str(LIST))
        if not str(one.get("why") or "").strip():
            raise ValueError(f"{about}: a survivor without a reason")
        found += one["mutants"]
    return Listed(tuple(found))
