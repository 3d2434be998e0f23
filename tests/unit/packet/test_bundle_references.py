"""Addresses in a Bundle, and references that lead to an entry or name what is not there."""

from typing import Any

from support.packets import body_of, case_of

from service.packet.bundle_references import content_uuid, references_of_bundle, without_nothing

BASE = "https://ehr.example/fhir"


def test_id_is_of_the_content() -> None:
    assert content_uuid({"a": 1, "b": 2}) == content_uuid({"b": 2, "a": 1})
    assert content_uuid({"a": 1}) != content_uuid({"a": 2})


def test_address_is_at_the_server_or_a_uuid() -> None:
    case = case_of("initial-fully-met")
    at_server = references_of_bundle(case.supplied, BASE, [case.patient])
    assert at_server.to(case.patient) == {"reference": "Patient/fully-met"}
    assert at_server.addresses[case.patient].full_url == f"{BASE}/Patient/fully-met"
    alone = references_of_bundle(case.supplied, None, [case.patient])
    assert alone.to(case.patient)["reference"] == alone.addresses[case.patient].full_url
    assert alone.to(case.patient)["reference"].startswith("urn:uuid:")


def test_resource_with_an_id_that_is_none_has_a_uuid() -> None:
    case = case_of("initial-fully-met")
    odd: dict[str, Any] = {"resourceType": "Location", "id": "../x y", "name": "Clinic"}
    references = references_of_bundle(case.supplied, BASE, [odd])
    assert references.to(odd)["reference"].startswith("urn:uuid:")
    assert references.sent(odd) == {"resourceType": "Location", "name": "Clinic"}


def test_parties_come_with_what_refers_to_them() -> None:
    case = case_of("initial-fully-met")
    references = references_of_bundle(case.supplied, BASE, [case.order])
    types = [one["resourceType"] for one in references.addresses]
    assert types == ["MedicationRequest", "Practitioner"]
    sent = references.sent(case.order)
    assert sent["requester"]["reference"] == "Practitioner/dr-amara-okafor"
    assert "reference" not in sent["subject"]
    assert sent["subject"]["identifier"] == {"system": BASE, "value": "Patient/fully-met"}
    assert sent["subject"]["type"] == "Patient"


def test_reference_into_the_resource_stays() -> None:
    case = case_of("order-contained-medication")
    references = references_of_bundle(case.supplied, BASE, [case.order])
    assert references.sent(case.order)["medicationReference"]["reference"].startswith("#")
    assert body_of("order-contained-medication")["hook"] == "order-sign"


def test_empty_members_are_left_out_and_places_in_lists_kept() -> None:
    given: dict[str, Any] = {
        "a": None,
        "b": "",
        "c": [],
        "d": {"e": {}},
        "f": ["x", None],
        "g": 0,
        "h": False,
    }
    assert without_nothing(given) == {"f": ["x", None], "g": 0, "h": False}
