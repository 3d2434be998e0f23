"""The answered questionnaires that are about an order's patient, from everything that was sent or kept."""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from service.fhir.elements import codes, objects, read, text, type_and_id
from service.fhir.record import Record
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import WHOLE
from service.json_object import Json
from service.memo import IdentitySet

RESPONSE = "QuestionnaireResponse"
# the system of the identifier that our page gives a statement
STATEMENT = "https://dupilumab-cds.github.io/fhir/statement"
WITHDRAWN = frozenset({"entered-in-error", "stopped"})


class Responses(NamedTuple):
    """What was answered about a patient; `gone` are those that were written to the EHR and left it."""

    given: Sequence[Json]
    gone: IdentitySet[Json] = IdentitySet()


def responses_to(
    record: Record,
    source: Source,
    order: Json,
    drafts: Iterable[Json],
    stored: Sequence[Json] = (),
    in_ehr: Container[Json] = (),
) -> Responses:
    """Answered questionnaires from the prefetch, the other drafts, inside the order, and our own store.

    `in_ehr` are the stored ones that were written to the EHR, long enough ago that it would send them.
    Of a stored one that was written to the EHR only the EHR's counts: there it may have been changed. One
    that was taken back in either place counts from neither.
    """
    inside = objects(order.get("contained"))
    # the id of a contained resource is a name inside its order alone
    contained = IdentitySet(inside)
    sent = [resource for resource in [*drafts, *inside] if resource.get("resourceType") == RESPONSE]
    own = [response for response in sent if record.is_own(source, response)]
    everything = [*own, *_all(record)]
    there = _names(response for response in everything if response not in contained)
    there |= {name for response in everything for name in _our_names(response)}
    own = [response for response in own if source.doubts.of(response, response) is None]
    own = [*record.resources.get(RESPONSE, []), *own]
    # a contained response is about the order's patient; any other must name its patient
    named = [
        response for response in own if response in contained or _names_somebody(source, response)
    ]
    taken_back = _names(one for one in [*everything, *stored] if _is_withdrawn(one))
    ours = [one for one in stored if there.isdisjoint(_names((one,)))]
    is_whole = record.states.get(source.key) in WHOLE
    return Responses(
        [
            response
            for response in [*named, *ours]
            if not _is_withdrawn(response) and taken_back.isdisjoint(_names((response,)))
        ],
        IdentitySet(one for one in ours if is_whole and one in in_ehr),
    )


def _all(record: Record) -> list[Json]:
    """All responses of the prefetch, those that are not understood too."""
    return [*record.resources.get(RESPONSE, ()), *record.not_understood.get(RESPONSE, ())]


def _names(responses: Iterable[Json]) -> set[str]:
    """What tells that two responses are one: their references, and our identifier."""
    of_each = ((type_and_id(one), *_our_names(one)) for one in responses)
    return {name for names in of_each for name in names if name}


def _our_names(response: Json) -> Iterator[str]:
    for identifier in objects(response.get("identifier")):
        if identifier.get("system") == STATEMENT and (value := text(identifier.get("value"))):
            yield value


def _names_somebody(source: Source, resource: Json) -> bool:
    return any(read(steps, resource) for steps in source.subject)


def _is_withdrawn(response: Json) -> bool:
    status = {code.lower() for code in codes(response.get("status"))}
    return bool(status & WITHDRAWN)
