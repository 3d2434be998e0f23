"""Names that point at a value set without being in it: a question, never an answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.fhir.elements import codings

_WORD = re.compile(r"[^\W_]+")
# How the words of one expression begin: each of them is the beginning of some word of the name.
Beginnings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """How the words begin that point at a value set, and those that say it is something else."""

    near: tuple[Beginnings, ...]
    unlike: tuple[Beginnings, ...]


@dataclass(frozen=True)
class Nearness:
    """What names point at, and the systems of which a code in no set is surely another thing."""

    sets: Mapping[str, Near]
    closed: Mapping[str, re.Pattern[str]]

    def of(self, names: Iterable[str]) -> frozenset[str]:
        """The value sets that one of the names points at."""
        found = {name for one in names for name in self._of(_words(one))}
        return frozenset(found)

    def _of(self, words: list[str]) -> Iterable[str]:
        for name, one in self.sets.items():
            if _any(one.near, words) and not _any(one.unlike, words):
                yield name

    def is_closed(self, concept: object) -> bool:
        """Whether a code of it looks as all codes of a system do that our sets hold whole."""
        return any(
            code is not None and (shape := self.closed.get(system or "")) and shape.fullmatch(code)
            for system, code, _ in codings(concept)
        )


def beginnings(written: str) -> Beginnings:
    """An expression of a value set, read as the words of names are."""
    return tuple(_words(written))


def _words(name: str) -> list[str]:
    return _WORD.findall(name.lower())


def _any(expressions: Iterable[Beginnings], words: list[str]) -> bool:
    return any(
        all(any(word.startswith(begins) for word in words) for begins in one) for one in expressions
    )
