"""What a resource refers to, as the concepts that say what it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from service.fhir.elements import Json, is_absent
from service.fhir.paths import read
from service.fhir.source import Source
from service.fhir.terminology import Aliases, Entries, Terminology

Resolve = Callable[[object, Json | None], Json | None]


class Referred(NamedTuple):
    """What the things that a resource refers to are by code and by words, and whether they tell it."""

    entries: Entries
    words: Entries
    told: bool


@dataclass(slots=True)
class ReferredTo:
    """Looks up each thing once, however many refer to it; what is looked up lives as long as the record."""

    terminology: Terminology
    aliases: Aliases
    wordings: dict[str, Entries]
    _by_resource: dict[int, Referred] = field(default_factory=dict)
    _by_concept: dict[int, Referred] = field(default_factory=dict)

    def by(self, source: Source, resource: Json, resolve: Resolve) -> Referred:
        """What a resource refers to, the same for all its parts."""
        known = self._by_resource.get(id(resource))
        if known is None:
            each = [self._tell(one) for one in referred(source, resource, resolve)]
            known = self._by_resource[id(resource)] = Referred(
                tuple(dict.fromkeys(entry for one in each for entry in one.entries)),
                tuple(dict.fromkeys(entry for one in each for entry in one.words)),
                any(one.told for one in each),
            )
        return known

    def _tell(self, concept: object) -> Referred:
        known = self._by_concept.get(id(concept))
        if known is None:
            entries = self.terminology.of_concept(concept, self.aliases)
            words, told = self.terminology.spelled(concept, self.wordings)
            known = self._by_concept[id(concept)] = Referred(
                tuple(dict.fromkeys(entries)),
                tuple(dict.fromkeys(words)),
                told and not is_absent(concept),
            )
        return known


def referred(source: Source, resource: Json, resolve: Resolve) -> Iterator[object]:
    """The codes of what a resource refers to: a Medication, an order, a claim's items."""
    for steps in source.references:
        if steps[0] in resource:
            for reference in read(steps, resource):
                target = resolve(reference, resource)
                if target is not None:
                    yield from _concepts_of(target, resolve)


def _concepts_of(target: Json, resolve: Resolve) -> Iterator[object]:
    inner = resolve(target.get("medicationReference"), target)
    found = [
        target.get("code"),
        target.get("medicationCodeableConcept"),
        *read(("item", "productOrService"), target),
        inner.get("code") if inner is not None else None,
    ]
    yield from (one for one in found if one is not None)
