"""Codes that no list holds, or that almost match a value set: to complete the sets, never for an answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from service.fhir.elements import codings, names, same_name
from service.fhir.terminology.telling import Certainty
from service.fhir.terminology.terminology import Aliases, Entry, Terminology
from service.fhir.unread import told

IN_NO_LIST = "in no list"
# What a code may look like; anything else may be a person's own words and is not repeated.
_CODE = re.compile(r"(?!(?:19|20)\d\d-\d\d\b)[A-Za-z0-9.\-]{1,24}")
_SYSTEM = re.compile(r"(?:https?://|urn:oid:)[A-Za-z0-9.:/_\-]{1,120}|[A-Za-z0-9\-]{1,24}")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z]{4}\b)?")
Sets = tuple[str, ...]


class NearMiss(NamedTuple):
    """One code seen, how it almost matches, and which value sets."""

    system: str
    code: str
    how: str
    value_sets: Sets


@dataclass(frozen=True)
class NearMissTables:
    """What almost matches: names, ingredients, codes without their system."""

    terminology: Terminology
    names: Mapping[str, Sets]
    ingredients: Mapping[str, Sets]
    tags: Mapping[str, frozenset[str]]

    def of_concept(
        self,
        concept: object,
        aliases: Aliases,
        *,
        drug: bool,
        believed: frozenset[Certainty] | None,
    ) -> Iterator[NearMiss]:
        """How each coding almost matches, or that no list holds it; nothing where a code maps the concept.

        Ingredients count only where the concept may be a drug. `believed` says how surely a concept that
        names a drug or a substance must tell that it is another one; None where it names none.
        """
        entries = self.terminology.of_concept(concept, aliases)
        if any(not entry.by_name and not entry.attributes.get("unspecific") for entry in entries):
            return
        said_names = [same_name(name) for name in names(concept)]
        coded = [(system or "", code) for system, code, _ in codings(concept) if code]
        unread = believed is not None and told(self.terminology, concept) not in believed
        nowhere = [(IN_NO_LIST, ())] if unread and coded else []
        for system, code in coded or [("", "")]:
            for how, sets in chain(self._how(system, code, said_names, drug=drug), nowhere):
                code_shown = _CODE.fullmatch(code) or not code
                known = _SYSTEM.fullmatch(system) or not system
                yield NearMiss(
                    system if known else "(not shown)",
                    code if code_shown else "(not shown)",
                    how,
                    sets,
                )
                break

    def _how(
        self, system: str, code: str, said_names: Iterable[str], *, drug: bool
    ) -> Iterator[tuple[str, Sets]]:
        """The ways of nearness, the strongest first."""
        if sets := self._other_spelling(system, code):
            yield "the same code under another system", sets
        for name in said_names:
            if sets := self.names.get(name, ()):
                yield "the same name", sets
        for name in said_names:
            if drug and (sets := self._ingredient(name)):
                yield "the name of an ingredient in its words", sets

    def _other_spelling(self, system: str, code: str) -> Sets:
        if not code or system in self.terminology.known_systems:
            return ()
        spelled = _letters(system)
        meant = [
            uri for tag, uris in self.tags.items() if not system or tag in spelled for uri in uris
        ]
        return _sets(entry for uri in meant for entry in self.terminology.of_code(uri, code))

    def _ingredient(self, name: str) -> Sets:
        words = f" {' '.join(_WORD.findall(name))} "
        held = (sets for ingredient, sets in self.ingredients.items() if f" {ingredient} " in words)
        return tuple(sorted({name_ for sets in held for name_ in sets}))


def near_miss_tables(
    terminology: Terminology, members: Mapping[str, Iterable[str]]
) -> NearMissTables:
    """The tables of near matches, from the terminology and the ingredients of each set."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    by_ingredient: defaultdict[str, set[str]] = defaultdict(set)
    for name, entries in terminology.by_name.items():
        by_name[name].update(entry.value_set for entry in entries)
    for entries in terminology.by_code.values():
        for entry in entries:
            by_name[same_name(entry.display)].add(entry.value_set)
            if isinstance(ingredient := entry.attributes.get("ingredient"), str):
                by_ingredient[_words(ingredient)].add(entry.value_set)
    for value_set, ingredients in members.items():
        for name in ingredients:
            by_ingredient[_words(name)].add(value_set)
    return NearMissTables(
        terminology, _sorted_sets(by_name), _sorted_sets(by_ingredient), _tags(terminology)
    )


def _tags(terminology: Terminology) -> dict[str, frozenset[str]]:
    """Each code system by the last word of its address, as in `rxnorm`."""
    by_tag: defaultdict[str, set[str]] = defaultdict(set)
    for uri in terminology.known_systems:
        if not uri.startswith("urn:"):
            last = uri.rstrip("/").split("/")[-1].removesuffix(".org")
            by_tag[_letters(last)].add(uri)
    return {tag: frozenset(uris) for tag, uris in by_tag.items()}


def _words(name: str) -> str:
    return " ".join(_WORD.findall(name.lower()))


def _letters(system: str) -> str:
    return re.sub(r"[^a-z0-9]", "", system.lower())


def _sets(entries: Iterable[Entry]) -> Sets:
    return tuple(sorted({entry.value_set for entry in entries}))


def _sorted_sets(names_to_sets: Mapping[str, set[str]]) -> dict[str, Sets]:
    return {name: tuple(sorted(sets)) for name, sets in names_to_sets.items()}
