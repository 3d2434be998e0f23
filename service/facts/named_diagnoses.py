"""Diagnoses that are named outside the problem list: as the reason of a visit or an order, or on a claim."""

from collections.abc import Iterator, Sequence
from itertools import chain

from service.facts.case import PatientCase
from service.fhir.elements import codes, literal_reference, read, reference_parts, text
from service.fhir.hit import Hit
from service.fhir.resource_types import CONDITION, ENTERED_IN_ERROR
from service.fhir.sources.source import ReasonsAt, Source
from service.json_object import Json
from service.memo import IdentitySet, per_patient

# Whose resource a reference names by itself is only known once it is followed.
UNTYPED = (None, "", CONDITION)
Key = tuple[str | None, ...]


@per_patient
def named_diagnoses(case: PatientCase) -> list[list[Hit]]:
    """Every such diagnosis, with all entries that name it by the same codes and words.

    The element of an entry is the concept. Whatever the status is, a diagnosis is named; only what
    was entered in error names none. Those of the problem list speak for themselves.
    """
    by_concept: dict[Key, list[Hit]] = {}
    for source in case.knowledge.sources.values():
        named = chain.from_iterable(_named_at(case, source, place) for place in source.reasons)
        for resource, concept in chain(named, _implied(case, source)):
            hit = Hit(source, resource, concept, (), calendar=case.record.calendar)
            by_concept.setdefault(_key(concept), []).append(hit)
    return [*by_concept.values()]


def is_for(case: PatientCase, hit: Hit, diseases: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a fill is for one of these diseases: by its diagnosis, else as no other of them is listed."""
    named = chain.from_iterable(named_diagnoses(case))
    own = [one.element for one in named if one.resource is hit.resource]
    if not own:
        return not any(other.standing == "counts" for other in case.record.hits(*others))
    entries = chain.from_iterable(map(case.record.entries_of_concept, own))
    return any(entry.value_set in diseases and not entry.question for entry in entries)


def _implied(case: PatientCase, source: Source) -> Iterator[tuple[Json, Json]]:
    """What was done, where that implies what it was done for: a bypass of coronary arteries."""
    if source.implies_disease:
        for resource in case.record.resources.get(source.type, ()):
            if source.standing(resource, resource) != "never":
                concepts = (concept for path in source.concepts for concept in read(path, resource))
                yield from ((resource, each) for each in concepts if isinstance(each, dict))


def _named_at(case: PatientCase, source: Source, place: ReasonsAt) -> Iterator[tuple[Json, Json]]:
    """The diagnoses at one place of the resources of a source, each with its resource."""
    heads = place.each[:1] if place.each else [path[0] for path in place.at]
    for resource in case.record.resources.get(source.type, ()):
        if not any(head in resource for head in heads):
            continue
        case.record.share.check()
        if ENTERED_IN_ERROR in codes(resource.get("status")):
            continue
        for holder in read(place.each, resource) if place.each else (resource,):
            for path in place.at:
                for value in read(path, holder):
                    yield from ((resource, concept) for concept in _concepts(case, value, resource))


def _concepts(case: PatientCase, value: object, holder: Json) -> Iterator[Json]:
    """The diagnosis that a reason is, or that it refers to, or the name that the reference gives it."""
    if not isinstance(value, dict):
        return
    if "reference" not in value and "display" not in value:
        yield value
        return
    literal = literal_reference(value)
    type_ = reference_parts(literal)[0] if literal and not literal.startswith("#") else None
    if type_ not in UNTYPED:
        return
    target = case.record.resolve(value, holder)
    if target is None:
        if name := text(value.get("display")):
            yield {"text": name}
    elif target.get("resourceType") == CONDITION and target not in _listed(case):
        source = case.record.source_of(target)
        if source is not None and source.standing(target, target) != "never":
            yield from (
                concept
                for path in source.concepts
                for concept in read(path, target)
                if isinstance(concept, dict)
            )


@per_patient
def _listed(case: PatientCase) -> IdentitySet[Json]:
    """The resources of the problem list."""
    return IdentitySet(case.record.resources.get(CONDITION, ()))


def _key(concept: Json) -> Key:
    """The codes and words of a concept, by which equal ones are looked at once."""
    listed = concept.get("coding")
    parts: list[object] = [concept.get("text")]
    for coding in listed if isinstance(listed, list) else ():
        if isinstance(coding, dict):
            parts += (coding.get("system"), coding.get("code"), coding.get("display"))
    return tuple(part if isinstance(part, str) else None for part in parts)
