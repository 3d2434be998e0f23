"""Every resource that came with a request, found by a reference or by `Type/id`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.cds.request import HookRequest
from service.fhir.elements import (
    literal_reference,
    objects,
    reference_parts,
    server_of,
    type_and_id,
)
from service.fhir.record import Record
from service.json_object import Json

# What may be looked up although it is not of the patient: who and what the record's resources refer to.
OF_OTHERS = ("Practitioner", "PractitionerRole", "Organization", "Location", "Medication")


@dataclass(frozen=True)
class SuppliedResources:
    """The patient's own resources as the record reads them, and the parties that they refer to."""

    record: Record
    by_key: dict[str, Json]

    def get(self, reference: str) -> Json | None:
        """The resource of `Type/id`, at any server; None if it was not sent."""
        type_, id_ = reference_parts(reference)
        return self.by_key.get(f"{type_}/{id_}")

    def find(self, reference: object, holder: Json) -> Json | None:
        """The resource that a Reference of another one points to; None if it was not sent."""
        found = self.record.resolve(reference, holder)
        if found is not None:
            return found
        literal = literal_reference(reference)
        if literal is None or literal.startswith(("#", "urn:")):
            return None
        return self.get(literal) if server_of(literal) in (None, self.record.home) else None


def supplied_with(request: HookRequest, record: Record) -> SuppliedResources:
    """The resources of a request; of two with one id the one that the record reads."""
    by_key: dict[str, Json] = {}
    own = (resource for resources in record.resources.values() for resource in resources)
    parties = (one for one in _sent(request) if one.get("resourceType") in OF_OTHERS)
    drafts = (draft.resource for draft in request.draft_orders)
    for resource in _all(own, drafts, parties):
        key = type_and_id(resource)
        if key is not None:
            by_key.setdefault(key, resource)
    return SuppliedResources(record, by_key)


def _all(*parts: Iterable[Json]) -> Iterator[Json]:
    for part in parts:
        yield from part


def _sent(request: HookRequest) -> Iterator[Json]:
    """Every resource of the prefetch, alone or in a Bundle."""
    for value in request.prefetch.values():
        for resource in objects(value):
            if resource.get("resourceType") == "Bundle":
                yield from (
                    entry["resource"]
                    for entry in objects(resource.get("entry"))
                    if isinstance(entry.get("resource"), dict)
                )
            else:
                yield resource
