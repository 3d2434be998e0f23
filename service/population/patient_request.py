"""The hook request of one patient as bytes: what an EHR would send of these resources at order-sign."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from uuid import NAMESPACE_URL, uuid5

import orjson

from service.fhir.elements import literal_reference, reference_parts
from service.fhir.resource_types import PRACTITIONER, ROLE
from service.json_object import Json
from service.library.library import Library
from service.population.grouping import ANY_TYPE, NOT_ALL
from service.population.order_to_judge import HOOK
from service.population.patients_of_part import (
    AFTER,
    BEFORE,
    PatientResources,
    SharedResources,
)

NO_USER = f"{PRACTITIONER}/not-named"
# Decisions come with the claims that they are on.
CLAIM, DECISION = "Claim", "ClaimResponse"


def request_of(
    library: Library,
    patient: PatientResources,
    shared: SharedResources,
    exported: AbstractSet[str],
    order: Json,
) -> bytes:
    """The request for one order. A key whose type the export lacks altogether is not sent."""
    user = _user(order)
    context = {
        "userId": user,
        "patientId": patient.id,
        "draftOrders": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": order}],
        },
    }
    keys = _prefetch(library, patient, shared, exported, user)
    prefetch = ",".join(f'"{key}":{value}' for key, value in keys)
    head = {"hook": HOOK, "hookInstance": str(uuid5(NAMESPACE_URL, f"Patient/{patient.id}"))}
    written = orjson.dumps({**head, "context": context})
    return written[:-1] + b',"prefetch":{' + prefetch.encode() + b"}}"


def _user(order: Json) -> str:
    """The prescriber whom the order names; a role or an organization is no user."""
    reference = literal_reference(order.get("requester"))
    type_, id_ = reference_parts(reference) if reference else (None, "")
    return f"{PRACTITIONER}/{id_}" if type_ == PRACTITIONER else NO_USER


def _prefetch(
    library: Library,
    patient: PatientResources,
    shared: SharedResources,
    exported: AbstractSet[str],
    user: str,
) -> Iterator[tuple[str, str]]:
    """Each key with its value as JSON; a shared resource comes once, with the first that names it."""
    keys = {source.type for source in library.sources}
    # the prescriber and the roles have keys of their own
    sent = {*shared.by_name.get(user, ())[:1]} if PRACTITIONER in keys else set[str]()
    sent |= {*shared.roles.get(user, ())} if ROLE in keys & exported else set()
    for source in library.sources:
        type_ = source.type
        if type_ == "Patient":
            if own := patient.entries.get(type_):
                yield source.key, _alone(own)
        elif type_ == PRACTITIONER:
            if lines := shared.by_name.get(user):
                yield source.key, lines[0]
        elif type_ == ROLE and type_ in exported:
            yield (
                source.key,
                _bundle([_entry(line, "match") for line in shared.roles.get(user, ())]),
            )
        elif type_ in exported:
            yield source.key, _bundle(list(_entries(patient, shared, type_, sent)))


def _entries(
    patient: PatientResources, shared: SharedResources, type_: str, sent: set[str]
) -> Iterator[str]:
    """The patient's entries of a type, with what they name and what makes them incomplete."""
    if own := patient.entries.get(type_):
        yield own
        if type_ == DECISION and CLAIM in patient.entries:
            yield patient.entries[CLAIM]
        for line in shared.among(patient.names[type_]):
            if line not in sent:
                sent.add(line)
                yield _entry(line)
    if ANY_TYPE in patient.entries:
        yield _entry(NOT_ALL, "outcome")


def _alone(entries: str) -> str:
    """The one Patient that there is, else all versions in a Bundle."""
    if len(orjson.loads(f"[{entries}]")) > 1:
        return _bundle([entries])
    return entries.removeprefix(BEFORE).removesuffix(AFTER)


def _entry(line: str, mode: str = "include") -> str:
    return f'{{"resource":{line},"search":{{"mode":"{mode}"}}}}'


def _bundle(entries: list[str]) -> str:
    return f'{{"resourceType":"Bundle","type":"searchset","entry":[{",".join(entries)}]}}'
