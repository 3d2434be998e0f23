"""Whether a coded entry is what a fact asks for: by its code, or by the words of its name and method."""

import re
from collections.abc import Iterator, Sequence

from service.facts.model import Fact
from service.fhir.elements import names
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.policy.truth import Truth

_MARKS = re.compile(r"[^0-9a-z]+")


def meant(fact: Fact, hit: Hit) -> Truth:
    """Met or not met where the words say so or otherwise; with neither or both the code decides."""
    return is_meant(fact, hit, fact.value_sets)


def is_meant(fact: Fact, hit: Hit, value_sets: Sequence[str]) -> Truth:
    """The same for an entry in other value sets, of which the fact's value is worked out."""
    if fact.says_so or fact.says_otherwise:
        for called in _words(hit):
            so, otherwise = _says(called, fact.says_so), _says(called, fact.says_otherwise)
            if so is not otherwise:
                return Truth.MET if so else Truth.NOT_MET
            if so:
                return Truth.UNKNOWN
    entries = (entry for entry in hit.entries if entry.value_set in value_sets)
    return Truth.MET if any(not entry.question for entry in entries) else Truth.UNKNOWN


def _words(hit: Hit) -> Iterator[list[str]]:
    """The names of the code and of the method; of a component then those of its panel."""
    source = hit.source
    method = [concept for steps in source.method for concept in read(steps, hit.resource)]
    holders = [hit.element] if hit.element is hit.resource else [hit.element, hit.resource]
    for holder in holders:
        concepts = [concept for steps in source.concepts for concept in read(steps, holder)]
        yield [_plain(name) for concept in (*concepts, *method) for name in names(concept)]


def _says(called: list[str], wanted: tuple[str, ...]) -> bool:
    return any(f" {_plain(phrase).strip()} " in name for name in called for phrase in wanted)


def _plain(name: str) -> str:
    return f" {_MARKS.sub(' ', name.lower()).strip()} "
