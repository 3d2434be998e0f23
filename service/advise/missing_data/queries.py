"""Which URLs are fetched: those of the discovery's templates, and Medications that orders refer to."""

from collections.abc import Iterable, Iterator, Mapping

from service.cds.request import HookRequest
from service.fhir.elements import objects, text
from service.fhir.fetch import Grant, Query, Scopes
from service.fhir.fetch.paging import next_link
from service.fhir.fetch.urls import below, filled, is_id
from service.fhir.record import Record
from service.fhir.reference import base as server_of
from service.fhir.reference import literal, parts
from service.fhir.sources.source import Source
from service.json_object import Json

MEDICATION = "Medication"
MOST_MEDICATIONS = 5
# A search, and the search for a server that refuses the first; None if there is no second.
Template = tuple[str, str | None]


def keys_to_ask(
    request: HookRequest, templates: Mapping[str, Template], base: str, scopes: Scopes
) -> Iterator[Query]:
    """A query for each key that was not sent, or of which only the first page was sent.

    A key whose search the EHR refused is fetched with its second search.
    """
    tokens = tokens_of(request)
    for key, (template, other) in templates.items():
        came = request.prefetch.get(key)
        link = next_link(came) if isinstance(came, dict) else None
        refused = other is not None and _is_outcome(came)
        if key in request.prefetch and not link and not refused:
            continue
        search = "?" in template
        type_ = template.split("?", 1)[0].split("/", 1)[0]
        grant = scopes.grant(type_, search=search)
        path = filled(template, tokens)
        if grant is Grant.NONE or path is None:
            continue
        url, whole = f"{base}/{path}", grant is Grant.WHOLE
        otherwise = f"{base}/{filled(other, tokens)}" if other else None
        if refused and otherwise:
            yield Query(key, otherwise, whole)
        elif not link:
            yield Query(key, url, whole, otherwise=otherwise)
        elif (following := below(base, url, link)) is not None and isinstance(came, dict):
            # only the first page was sent: continue with the next one
            yield Query(key, following, whole, came)


def _is_outcome(came: object) -> bool:
    return isinstance(came, dict) and came.get("resourceType") == "OperationOutcome"


def tokens_of(request: HookRequest) -> dict[str, str]:
    """The prefetch tokens of CDS Hooks 2.0 that this request gives a value."""
    kind, user = parts(request.user_id)
    values = {
        "context.patientId": request.patient_id,
        "context.userId": request.user_id,
        "context.encounterId": request.encounter_id or "",
        f"user{kind}Id": user,
    }
    return {name: value for name, value in values.items() if value}


def medications_to_ask(record: Record, orders: Iterable[Json], base: str) -> list[Query]:
    """A read for each Medication that a draft order refers to and the request does not contain."""
    named = ((order.get("medicationReference"), order) for order in orders)
    missing = [reference for reference, order in named if record.resolve(reference, order) is None]
    return reads_of(missing, base)[:MOST_MEDICATIONS]


def reads_of(references: Iterable[object], base: str) -> list[Query]:
    """A read for each Medication on the server `base`, in the order of the references."""
    ids = dict.fromkeys(medication_id(reference, base) for reference in references)
    return [
        Query(f"{MEDICATION}/{id_}", f"{base}/{MEDICATION}/{id_}") for id_ in ids if id_ is not None
    ]


def medication_id(reference: object, base: str) -> str | None:
    """The id of a Medication on the server `base`; None if the reference is to anything else."""
    url = literal(reference)
    if url is None or url.startswith("#") or server_of(url) not in (None, base):
        return None
    type_, id_ = parts(url)
    return id_ if type_ == MEDICATION and is_id(id_) else None


def medications_in(
    prefetch: Mapping[str, object], sources: Iterable[Source]
) -> list[tuple[str | None, Json]]:
    """The Medications in any prefetch key that is read, each with the URL of its entry."""
    values = (prefetch.get(source.key) for source in sources)
    return [
        (text(entry.get("fullUrl")), resource)
        for bundle in values
        if isinstance(bundle, dict)
        for entry in objects(bundle.get("entry"))
        if isinstance(resource := entry.get("resource"), dict)
        and resource.get("resourceType") == MEDICATION
    ]
