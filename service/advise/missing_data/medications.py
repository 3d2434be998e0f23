"""Medications that the record's fills and orders refer to and that the request does not contain."""

from collections.abc import Container, Iterator, Sequence

from service.advise.missing_data.queries import medication_id, medications_in, reads_of
from service.cds.request import HookRequest
from service.fhir.fetch import Query
from service.fhir.paths import read
from service.fhir.record import Record
from service.fhir.reference import base as server_of
from service.fhir.reference import literal
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import PrefetchValue
from service.json_object import Json

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
                    named.setdefault(str(literal(reference)), (reference, resource))
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
