"""Finds notes that take an entry back, such as "ruled out by biopsy" or "entered in error"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.fhir.elements import Steps, read
from service.fhir.sources.coded_entries import texts_of
from service.fhir.sources.denying_words import Denials
from service.fhir.terminology.names_in_text import (
    Beginnings,
    Phrases,
    PointingWords,
    all_begin,
    joined,
    occur,
    words_in,
)
from service.json_object import Json
from service.memo import cached_property

_CLAUSE = re.compile(r"[.;,()\[\]|!?\n\u2013\u2014]+|\s-+\s")
LONGEST = 20_000
SHORTEST = 4  # letters of a word by which a name is recognized


@dataclass(frozen=True, slots=True)
class OwnName:
    """How an entry is called: the words that point at its value sets, else the words of its names."""

    near: Sequence[PointingWords]
    words: frozenset[str] = frozenset()

    def is_in(self, words: list[str]) -> bool:
        """Whether some words name the entry."""
        return any(near.of(words) for near in self.near) or not self.words.isdisjoint(words)

    def is_first_in(self, words: list[str]) -> bool:
        """Whether some words begin with its name."""
        return any(near.are_first_in(words) for near in self.near)


def own_name(near: Sequence[PointingWords], names: Sequence[str]) -> OwnName:
    """The name of an entry; without pointing words it is recognized by the longer words of its names."""
    if near:
        return OwnName(near)
    words = (word for name in names for word in words_in(name))
    return OwnName((), frozenset(word for word in words if len(word) >= SHORTEST))


@dataclass(frozen=True)
class Retractions:
    """Words of notes, which are long: only words that take an entry back count, no mere "no".

    `entry` takes it back wherever it stands; `content` where its clause names the entry, or nothing
    else (words that begin like `others`, or phrases of `beside`, such as "other causes of …");
    `instead` where the clause names only something else; `before_name` directly before its name.
    """

    at: tuple[Steps, ...]
    entry: Denials
    content: Denials
    others: tuple[Beginnings, ...]
    beside: Phrases
    instead: Denials
    before_name: Denials

    def take_back(self, resource: Json, own: OwnName) -> bool:
        """Whether a note does."""
        return any(
            self.entry.refusal([clause])
            or self._is_denied_by_name(clause, own)
            or any(not self._is_of_another(part, own) for part in self._denied(clause, own))
            or (self.instead.refusal([clause]) and self._is_of_another(clause, own))
            for clause in self._clauses(resource)
        )

    def deny(self, text: str, own: OwnName) -> bool:
        """Whether a clause of a text says of what it names that it is not so."""
        return any(
            self._is_denied_by_name(clause, own)
            or any(
                own.is_in(words_in(part)) and not self._is_of_another(part, own)
                for part in self._denied(clause, own)
            )
            for clause in _clauses_of(text)
        )

    def _is_denied_by_name(self, clause: str, own: OwnName) -> bool:
        return any(map(own.is_first_in, self.before_name.behind(clause)))

    def _denied(self, clause: str, own: OwnName) -> Iterator[str]:
        """What is denied in a clause: a part of it between colons, or the whole where that names nothing."""
        for part in clause.split(":"):
            if self.content.refusal([part]):
                names_it = own.is_in(words_in(part)) or self._is_of_another(part, own)
                yield part if names_it else clause

    @cached_property
    def heads(self) -> frozenset[str]:
        """The fields of notes; without them there is nothing to read."""
        return frozenset(steps[0] for steps in self.at)

    def _clauses(self, resource: Json) -> Iterator[str]:
        for steps in self.at:
            for value in read(steps, resource):
                for written in texts_of(value):
                    yield from _clauses_of(written)

    def _is_of_another(self, clause: str, own: OwnName) -> bool:
        words = words_in(clause)
        if occur(words, self.beside):
            return True
        written = joined(words)
        return not own.is_in(words) and any(all_begin(other, written) for other in self.others)


def _clauses_of(text: str) -> Iterator[str]:
    return filter(None, map(str.strip, _CLAUSE.split(text[:LONGEST].lower())))
