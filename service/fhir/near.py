"""Names that point at a value set without being in it: a question, never an answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.fhir.elements import codings

# What kind of concept it is stands behind the names of SNOMED CT.
_TAG = re.compile(r"\s*\([a-z /]+\)\s*$")
_WORD = re.compile(r"[^\W_]+")
# How the words of one expression begin: each of them is the beginning of some word of the name.
Beginnings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """How the words begin that point at a value set, and those that say it is something else.

    `broader` are names, word by word, of what it is a kind of.
    """

    near: tuple[Beginnings, ...]
    unlike: tuple[Beginnings, ...]
    broader: frozenset[Beginnings]

    def of(self, words: list[str]) -> bool:
        """Whether a name points at the set; another thing is said by no fewer words than point at it."""
        if tuple(words) in self.broader:
            return True
        longest = max((len(one) for one in self.near if _stand_in(one, words)), default=0)
        others = max((len(one) for one in self.unlike if _stand_in(one, words)), default=0)
        return longest > others


@dataclass(frozen=True)
class Nearness:
    """What names point at, and the systems of which a code in no set is surely another thing."""

    sets: Mapping[str, Near]
    closed: Mapping[str, re.Pattern[str]]

    def of(self, names: Iterable[str]) -> frozenset[str]:
        """The value sets that one of the names points at."""
        every = [_words(_TAG.sub("", name)) for name in names]
        return frozenset(
            name for name, one in self.sets.items() if any(one.of(words) for words in every)
        )

    def any_of(self, names: Iterable[str], sets: Iterable[str]) -> bool:
        """Whether one of the names points at one of these value sets."""
        wanted = [self.sets[one] for one in sets if one in self.sets]
        return any(near.of(_words(_TAG.sub("", name))) for name in names for near in wanted)

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


def _stand_in(expression: Beginnings, words: list[str]) -> bool:
    return all(any(word.startswith(begins) for word in words) for begins in expression)
