"""Finds codes in JSON that no list holds or that almost match a value set; never used for an answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from service.fhir.elements import codings, names, same_name
from service.fhir.terminology.terminology import Aliases, Entry, Terminology
from service.fhir.terminology.unlisted_codes import OF_A_DRUG, OF_A_LINE, OF_A_SUBSTANCE, Certainty
from service.fhir.unknown_drugs import certainty_of

IN_NO_LIST = "in no list"
# Shape of codes that may be printed; anything else may be personal data.
_CODE = re.compile(r"(?!(?:19|20)\d\d-\d\d\b)[A-Za-z0-9.\-]{1,24}")
_SYSTEM = re.compile(r"(?:https?://|urn:oid:)[A-Za-z0-9.:/_\-]{1,120}|[A-Za-z0-9\-]{1,24}")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z]{4}\b)?")
Sets = tuple[str, ...]


class NearMiss(NamedTuple):
    """A code, how it almost matches (`how`), and which value sets."""

    system: str
    code: str
    how: str
    value_sets: Sets


@dataclass(frozen=True)
class NearMissTables:
    """Tables for near matches: by name, by ingredient, and by the last word of a code system's URI."""

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
        enough: frozenset[Certainty] | None,
    ) -> Iterator[NearMiss]:
        """The near misses of each coding of a concept; none if one of its codes is in a value set.

        Ingredients are compared only if the concept may be a drug. `enough` are the certainties with which
        a concept counts as known to be another drug or substance; None if it names neither.
        """
        entries = self.terminology.of_concept(concept, aliases)
        if any(not entry.by_name and not entry.attributes.get("unspecific") for entry in entries):
            return
        said_names = [same_name(name) for name in names(concept)]
        coded = [(system or "", code) for system, code, _ in codings(concept) if code]
        unread = enough is not None and certainty_of(self.terminology, concept) not in enough
        nowhere = [(IN_NO_LIST, ())] if unread and coded else []
        for system, code in coded or [("", "")]:
            for how, sets in chain(self._how(system, code, said_names, drug=drug), nowhere):
                code_shown = _CODE.fullmatch(code) or not code
                system_shown = _SYSTEM.fullmatch(system) or not system
                yield NearMiss(
                    system if system_shown else "(not shown)",
                    code if code_shown else "(not shown)",
                    how,
                    sets,
                )
                break

    def _how(
        self, system: str, code: str, said_names: Iterable[str], *, drug: bool
    ) -> Iterator[tuple[str, Sets]]:
        """The near matches of one coding, the strongest first."""
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
    """The tables for near matches, from the terminology and the ingredients of each value set."""
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
    """Code systems by the last word of their URI, such as `rxnorm`."""
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


_ELEMENT = re.compile(r"[A-Za-z]{1,64}")
# Elements without clinical concepts: server tags, identifiers, remarks, display text.
_NOT_CLINICAL = {"meta", "identifier", "note", "text", "extension", "modifierExtension"}
# Elements in which an object with only a text is a concept without code, not a remark.
_MAY_BE_NAMED = ("code", "Code", "CodeableConcept", "productOrService")
_OF_DRUGS = ("Medication", "ExplanationOfBenefit", "Claim", "AllergyIntolerance")


def may_be_drug(path: str) -> bool:
    """Whether a concept at this path may be a drug; the drug in the name of a blood test is not."""
    return path.startswith(_OF_DRUGS)


_NAMES_DRUG = ("medicationCodeableConcept", "productOrService", "itemCodeableConcept")
_DRUG_PATHS = {
    "Medication.code": OF_A_DRUG,
    "AllergyIntolerance.code": OF_A_SUBSTANCE,
    "AllergyIntolerance.reaction.substance": OF_A_SUBSTANCE,
}


def certainty_needed(path: str) -> frozenset[Certainty] | None:
    """How surely what names a drug or a substance at a path must tell that it is another; None elsewhere."""
    if may_be_drug(path) and path.endswith(_NAMES_DRUG):
        return OF_A_DRUG if path.startswith("Medication") else OF_A_LINE
    return _DRUG_PATHS.get(path)


def concepts(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """CodeableConcepts and single Codings, each with its path without list positions (`?` for odd names)."""
    match value:
        case list():
            for item in value:
                yield from concepts(item, path)
        case dict():
            if _is_concept(value, path):
                yield path, value
                return
            type_ = value.get("resourceType")
            if isinstance(type_, str) and _ELEMENT.fullmatch(type_):
                path = type_
            for name, inner in value.items():
                if name not in _NOT_CLINICAL:
                    step = name if _ELEMENT.fullmatch(name) else "?"
                    yield from concepts(inner, f"{path}.{step}" if path else step)


def _is_concept(value: dict[str, Any], path: str) -> bool:
    """Whether a value is a concept (codings, or only a text where one may stand) or a coding."""
    if isinstance(value.get("coding"), list | dict):
        return True
    if "value" in value or "resourceType" in value:
        return False
    named = path.endswith(_MAY_BE_NAMED) and value.keys() - {"id"} == {"text"}
    return named or isinstance(value.get("code"), str)
