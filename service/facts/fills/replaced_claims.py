"""Adjusted claims: which of them another claim has taken the place of, surely or perhaps.

Of a chain the newest counts. The one before it does not, but where the successor did not come, was
denied or cancelled, or names a claim of another day as the prior one, nobody knows which of them stands.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.facts.case import PatientCase, when
from service.fhir.elements import (
    codes,
    literal_reference,
    objects,
    read,
    reference_parts,
    text,
    type_and_id,
)
from service.fhir.hit import Hit
from service.fhir.sources.reversal_marks import RelatedClaims
from service.fhir.sources.source import Source
from service.json_object import Json
from service.memo import IdentityMap, IdentitySet, per_patient

MOST_NAMED = 50  # a name that more claims share identifies none of them
MOST_STEPS = 50  # successors followed from one claim; a real chain has a few claims


class Link(NamedTuple):
    """A link from a claim to its possible successor; `to` is None if that did not come."""

    to: Json | None
    sure: bool


Links = IdentityMap[Json, list[Link]]


def is_replaced(case: PatientCase, hit: Hit) -> bool | None:
    """Whether another resource has taken the place of this one; None where that is not known."""
    if hit.source.related is None:
        return False
    return _replaced(case, hit.source).get(hit.resource, False)


def related_names(hit: Hit) -> tuple[str, ...]:
    """The names of all resources that a resource refers to as related."""
    related = hit.source.related
    if related is None:
        return ()
    entries = objects(read(related.each, hit.resource))
    return tuple(name for entry in entries for name in _names_of(related, entry))


def own_names(source: Source, resource: Json) -> tuple[str, ...]:
    """Every name by which others may refer to a resource: references and identifiers."""
    own = [name] if (name := type_and_id(resource)) else []
    stands_for = source.related.names if source.related else ()
    others = [
        name for steps in stands_for for value in read(steps, resource) for name in _names(value)
    ]
    # some senders use the id of the ExplanationOfBenefit where R4 asks for that of the Claim
    own += others or [f"/{id_}" for id_ in (text(resource.get("id")),) if id_]
    for identifier in objects(resource.get("identifier")):
        own += _numbers(identifier)
    return tuple(dict.fromkeys(own))


@per_patient
def _replaced(case: PatientCase, source: Source) -> IdentityMap[Json, bool | None]:
    """The claims that may have been replaced; None where that is not known."""
    related, resources = source.related, case.record.resources.get(source.type, [])
    linked = [resource for resource in resources if related and related.each[0] in resource]
    if related is None or not linked:
        return IdentityMap()
    links = _Chains(case, source, related, _by_name(source, resources)).links(linked)
    return IdentityMap((start, _standing(case, source, links, start)) for start in links)


def _by_name(source: Source, resources: Sequence[Json]) -> Mapping[str, list[Json]]:
    by_name: defaultdict[str, list[Json]] = defaultdict(list)
    for resource in resources:
        for name in own_names(source, resource):
            by_name[name].append(resource)
    return by_name


@dataclass(slots=True)
class _Chains:
    """Collects the links from each claim to its possible successors."""

    case: PatientCase
    source: Source
    related: RelatedClaims
    by_name: Mapping[str, list[Json]]
    found: Links = field(default_factory=IdentityMap)

    def links(self, linked: Sequence[Json]) -> Links:
        """From each claim that may have been replaced to its successors."""
        for resource in linked:
            self.case.record.share.check()
            for entry in objects(read(self.related.each, resource)):
                self._link(resource, entry)
        return self.found

    def _link(self, resource: Json, entry: Json) -> None:
        relationship = {
            c.lower() for concept in read(self.related.relationship, entry) for c in codes(concept)
        }
        named = [claim for claim in self._named(entry) if claim is not resource]
        near = [claim for claim in named if self._of_one_day(claim, resource)]
        if relationship & self.related.newer:
            successors = [Link(claim, sure=True) for claim in near or named]
            self._lead(resource, *(successors or [Link(None, sure=False)]))
        elif relationship & self.related.older:
            for other_claim in near or named:
                self._lead(other_claim, Link(resource, sure=bool(near)))
        elif not relationship & self.related.beside:
            # the kind of relation is unknown, so either of the two may be the older one
            for other_claim in near:
                self._lead(other_claim, Link(resource, sure=False))
                self._lead(resource, Link(other_claim, sure=False))

    def _lead(self, resource: Json, *links: Link) -> None:
        self.found.setdefault(resource, []).extend(links)

    def _named(self, entry: Json) -> list[Json]:
        names = _names_of(self.related, entry)
        claims_by_name = (self.by_name[name] for name in names if name in self.by_name)
        return next((claims for claims in claims_by_name if len(claims) <= MOST_NAMED), [])

    def _of_one_day(self, claim: Json, other: Json) -> bool:
        days = [self._day(resource) for resource in (claim, other)]
        return None not in days and days[0] == days[1]

    def _day(self, resource: Json) -> object:
        element = self.source.elements(resource)[0]
        return when(Hit(self.source, resource, element, ()))


def _standing(case: PatientCase, source: Source, links: Links, start: Json) -> bool | None:
    """Whether a claim was replaced: True if a successor stands, None if that is not certain.

    Links that lead back to the claim prove nothing.
    """
    seen, ahead, certain = IdentitySet([start]), [*links[start]], False
    for link in ahead:
        case.record.share.check()
        if len(seen) > MOST_STEPS:
            break
        if link.to is None or not link.sure or link.to in seen:
            if link.to is start:
                return None
            continue
        seen.add(link.to)
        certain = certain or _stands(source, link.to)
        ahead += links.get(link.to) or ()
    return True if certain else None


def _stands(source: Source, resource: Json) -> bool:
    """Whether any part of a claim counts; a denied or cancelled claim does not surely replace another."""
    return any(
        source.standing(resource, element) == "counts" for element in source.elements(resource)
    )


def _names_of(related: RelatedClaims, entry: Json) -> tuple[str, ...]:
    all_names = (
        name for steps in related.to for value in read(steps, entry) for name in _names(value)
    )
    return tuple(dict.fromkeys(all_names))


def _names(element: object) -> Iterator[str]:
    """The names in a Reference or an Identifier: type and id, numbers with and without their system."""
    if not isinstance(element, dict):
        return
    if reference := literal_reference(element):
        type_, id_ = reference_parts(reference)
        yield f"{type_}/{id_}"
        yield f"/{id_}"
    yield from (
        name for identifier in objects(element.get("identifier")) for name in _numbers(identifier)
    )
    yield from _numbers(element)


def _numbers(identifier: Json) -> list[str]:
    """A number with its system, and also alone, since some senders leave out one of the systems."""
    value, system = text(identifier.get("value")), text(identifier.get("system"))
    if value is None:
        return []
    return [f"{system}#{value}", f"#{value}"] if system else [f"#{value}"]
