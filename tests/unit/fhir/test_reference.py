"""References compared by type and id, in every form that real systems send."""

import pytest

from service.fhir.reference import base, key, literal, parts, points_to

SERVER = "https://ehr.example.org/fhir/r4"
PARTS = {
    "Patient/p1": ("Patient", "p1"),
    "Patient/p1/_history/3": ("Patient", "p1"),
    f"{SERVER}/Patient/p1": ("Patient", "p1"),
    f"{SERVER}/Patient/p1/_history/3": ("Patient", "p1"),
    "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0": (None, "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"),
    "urn:oid:1.2.3": (None, "1.2.3"),
    "p1": (None, "p1"),
    "Patient/p1/": ("Patient", "p1"),
}


@pytest.mark.parametrize(("written", "expected"), PARTS.items(), ids=PARTS)
def test_a_reference_has_a_type_and_an_id(written: str, expected: tuple[str | None, str]) -> None:
    assert parts(written) == expected


def test_only_an_absolute_reference_names_a_server() -> None:
    assert base(f"{SERVER}/Patient/p1/_history/3") == SERVER
    assert base("Patient/p1") is None
    assert base("urn:uuid:0c3151bd") is None


OURS = ["Patient/p1", f"{SERVER}/Patient/p1", "Patient/p1/_history/2", "urn:uuid:p1", "p1"]
NOT_OURS = [
    "Patient/p2",
    "Patient/P1",
    "Group/p1",
    "https://other.example.org/fhir/Patient/p1",
    f"{SERVER}x/Patient/p1",
    "Patient/p1x",
    "#p1",
    "",
    None,
    5,
    {"display": "p1"},
    ["Patient/p1"],
]


@pytest.mark.conforms("HAB-14")
@pytest.mark.parametrize("reference", OURS)
def test_the_patient_of_the_request_is_known_in_every_form(reference: str) -> None:
    assert points_to({"reference": reference}, "Patient", "p1", SERVER)
    assert points_to(reference, "Patient", "p1", f"{SERVER}/")


@pytest.mark.parametrize("reference", NOT_OURS, ids=repr)
def test_somebody_else_is_not_the_patient(reference: object) -> None:
    assert not points_to({"reference": reference}, "Patient", "p1", SERVER)
    assert not points_to(reference, "Patient", "p1", SERVER)


def test_without_a_server_an_absolute_reference_is_taken_by_its_id() -> None:
    assert points_to("https://other.example.org/fhir/Patient/p1", "Patient", "p1", None)


def test_a_literal_reference_is_text_with_something_in_it() -> None:
    assert literal({"reference": " Patient/p1 "}) == "Patient/p1"
    assert literal({"reference": ""}) is None
    assert literal({"identifier": {"value": "x"}}) is None


def test_a_resource_without_type_or_id_has_no_key() -> None:
    assert key({"resourceType": "Patient", "id": "p1"}) == "Patient/p1"
    assert key({"resourceType": "Patient"}) is None
    assert key({"id": 5, "resourceType": "Patient"}) is None
