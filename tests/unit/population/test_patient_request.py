"""The request is what an EHR would send: keys of types that were exported, each with what it names."""

import json
from typing import Any

from support.membership import documents

from service.population.grouping import ANY_TYPE, NOT_ALL
from service.population.patient_request import NO_USER, request_of
from service.population.patients_of_part import AFTER, BEFORE, PatientResources, SharedResources

Json = dict[str, Any]
EXPORTED = frozenset({"Patient", "Condition", "MedicationRequest", "PractitionerRole"})
ORDER = {"resourceType": "MedicationRequest", "id": "m1"}
ORGANIZATION = {"resourceType": "Organization", "id": "o1"}
DOCTOR = {"resourceType": "Practitioner", "id": "d1"}
ROLE = {"resourceType": "PractitionerRole", "id": "r1"}
SHARED = SharedResources(
    {"Organization/o1": [json.dumps(ORGANIZATION)], "Practitioner/d1": [json.dumps(DOCTOR)]},
    {},
    {"Practitioner/d1": [json.dumps(ROLE)]},
)


def entry(resource: Json) -> str:
    """A resource as the part's reader gives it."""
    return f"{BEFORE}{json.dumps(resource)}{AFTER}"


def asked(order: Json = ORDER, **entries: str) -> Json:
    """The request for a patient with these entries."""
    names = {type_: frozenset({"Organization/o1", "Practitioner/d1"}) for type_ in entries}
    patient = PatientResources("p1", entries, names)
    written: Json = json.loads(request_of(documents()[1], patient, SHARED, EXPORTED, order))
    return written


def types(bundle: Json) -> list[str]:
    """The types of a bundle's entries."""
    return [one["resource"]["resourceType"] for one in bundle["entry"]]


def test_types_that_were_not_exported_are_not_sent() -> None:
    prefetch = asked()["prefetch"]
    assert "observations" not in prefetch
    assert prefetch["conditions"] == {"resourceType": "Bundle", "type": "searchset", "entry": []}


def test_patient_is_sent_alone_and_several_versions_in_a_bundle() -> None:
    patient = {"resourceType": "Patient", "id": "p1"}
    assert asked(Patient=entry(patient))["prefetch"]["patient"] == patient
    twice = asked(Patient=f"{entry(patient)},{entry(patient)}")["prefetch"]["patient"]
    assert types(twice) == ["Patient", "Patient"]
    assert "patient" not in asked()["prefetch"]


def test_shared_resource_comes_once_with_the_first_key_that_names_it() -> None:
    prefetch = asked(
        Condition=entry({"resourceType": "Condition"}), MedicationRequest=entry(ORDER)
    )["prefetch"]
    both = types(prefetch["conditions"]) + types(prefetch["medications"])
    assert both == ["Condition", "Organization", "Practitioner", "MedicationRequest"]


def test_prescriber_is_the_user_and_comes_with_the_roles() -> None:
    order = {**ORDER, "requester": {"reference": "Practitioner/d1"}}
    request = asked(order)
    assert request["context"]["userId"] == "Practitioner/d1"
    assert request["prefetch"]["practitioner"] == DOCTOR
    named = asked(order, Condition=entry({"resourceType": "Condition"}))
    assert "Practitioner" not in types(named["prefetch"]["conditions"])
    assert types(request["prefetch"]["practitionerRoles"]) == ["PractitionerRole"]


def test_order_without_prescriber_has_a_user_that_nobody_is() -> None:
    request = asked({**ORDER, "requester": {"reference": "Organization/o1"}})
    assert request["context"]["userId"] == NO_USER
    assert "practitioner" not in request["prefetch"]


def test_rejected_line_of_unknown_type_leaves_every_key_open() -> None:
    open_: dict[str, Any] = {ANY_TYPE: entry(json.loads(NOT_ALL))}
    prefetch = asked(**open_)["prefetch"]
    assert types(prefetch["conditions"]) == types(prefetch["medications"]) == ["OperationOutcome"]


def test_same_patient_and_order_make_the_same_request() -> None:
    assert asked() == asked()
    assert asked()["hookInstance"]
