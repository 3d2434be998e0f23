"""The queries for keys that were not sent, and for Medication resources that orders refer to."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from service.cds.request import HookRequest
from service.fhir.elements import literal_reference, objects, read, reference_parts, server_of, text
from service.fhir.fetch import Grant, Query, Scopes
from service.fhir.fetch.paging import below, filled, is_id, next_link
from service.fhir.record import Record
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import PrefetchValue
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
    kind, user = reference_parts(request.user_id)
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
    url = literal_reference(reference)
    if url is None or url.startswith("#") or server_of(url) not in (None, base):
        return None
    type_, id_ = reference_parts(url)
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


MOST_BEHIND = 40


def medications_behind(
    record: Record, request: HookRequest, sources: Sequence[Source], base: str
) -> list[Query]:
    """A read for each missing Medication, those of fills first, then in the order of their references."""
    named: dict[str, tuple[object, Json]] = {}
    for source in sorted(sources, key=lambda source: not source.silent_only_if_read):
        for resource in _that_refer(request, source, named, base):
            for reference in (
                reference for steps in source.references for reference in read(steps, resource)
            ):
                if medication_id(reference, base) and _may_tell(record, source, resource):
                    named.setdefault(str(literal_reference(reference)), (reference, resource))
    if not named:
        return []
    # only now, since most records refer to no Medication or contain them already
    record.referable.add(medications_in(request.prefetch, sources))
    return reads_of(
        [
            reference
            for reference, holder in named.values()
            if not record.resolve(reference, holder)
        ],
        base,
    )


def _that_refer(
    request: HookRequest, source: Source, named: Container[str], base: str
) -> Iterator[Json]:
    """The resources of one key that refer to a Medication not in `named`.

    Entries of another server are left out, since their references are to that server. This runs over
    the whole record of each request whose server may be asked.
    """
    fields, type_ = source.reference_fields, source.type
    if not (source.drugs and fields):
        return
    for entry in PrefetchValue(request.prefetch.get(source.key), type_).entries:
        try:
            resource = entry["resource"]
            for name in fields:
                if name in resource and not _is_named(resource[name], named):
                    elsewhere = server_of(entry.get("fullUrl") or "") not in (None, base)
                    if resource["resourceType"] == type_ and not elsewhere:
                        yield resource
                    break
        except (KeyError, TypeError, AttributeError):  # any shape may come
            continue


def _is_named(value: object, named: Container[str]) -> bool:
    return value.__class__ is dict and value.get("reference") in named


def _may_tell(record: Record, source: Source, resource: Json) -> bool:
    """Whether the resource is this patient's and counts: it was not, for example, entered in error."""
    return record.is_own(source, resource) and source.standing(resource, resource) != "never"
