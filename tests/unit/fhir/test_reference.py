"""References compared by type and id, in every form that real systems send."""

from typing import Any

import pytest

from service.fhir.reference import base, key, literal, parts, points_to
from service.fhir.supplied.targets import ReferenceTargets

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


MEDICATION = {"resourceType": "Medication", "id": "m1"}
OTHER = {"resourceType": "Medication", "id": "m1", "status": "active"}
URL = "urn:uuid:5f0b0d6e-9b5e-4c0e-8f0a-0d8d3b1f9a11"


@pytest.mark.parametrize(
    "written", ["Medication/m1", f"{SERVER}/Medication/m1", URL, "Medication/m1/_history/1", "m1"]
)
def test_what_came_along_is_found_under_every_name(written: str) -> None:
    known = ReferenceTargets()
    known.add([(URL, MEDICATION)])
    assert known.resolve({"reference": written}) is MEDICATION


@pytest.mark.parametrize("written", ["Medication/m2", "Patient/m1", "#m1", "urn:uuid:0", None])
def test_what_did_not_come_along_is_none(written: str | None) -> None:
    known = ReferenceTargets()
    known.add([(URL, MEDICATION)])
    assert known.resolve({"reference": written}) is None


@pytest.mark.parametrize("server", [SERVER, f"{SERVER}/"])
def test_the_same_id_on_another_server_is_another_resource(server: str) -> None:
    known, elsewhere = ReferenceTargets(server), "https://elsewhere.example.org/fhir/Medication/m1"
    known.add([(URL, MEDICATION)])
    assert known.resolve({"reference": f"{SERVER}/Medication/m1"}) is MEDICATION
    assert known.resolve({"reference": elsewhere}) is None
    known.add([(elsewhere, OTHER)])
    assert known.resolve({"reference": elsewhere}) is OTHER


FOREIGN = "https://elsewhere.example.org/fhir"
FILL = {"resourceType": "MedicationDispense", "id": "f1"}
PLACES: dict[str, tuple[list[tuple[str | None, Any]], str | None, str, Any]] = {
    # what came with which URL, the URL of the fill, how it refers, what is meant
    "ours is meant, theirs came": ([(f"{FOREIGN}/Medication/m1", OTHER)], None, "", None),
    "ours by URL, theirs came": ([(f"{FOREIGN}/Medication/m1", OTHER)], None, SERVER, None),
    "theirs came first": (
        [(f"{FOREIGN}/Medication/m1", OTHER), (f"{SERVER}/Medication/m1", MEDICATION)],
        f"{SERVER}/MedicationDispense/f1",
        "",
        MEDICATION,
    ),
    "ours without a URL": (
        [(f"{FOREIGN}/Medication/m1", OTHER), (None, MEDICATION)],
        None,
        SERVER,
        MEDICATION,
    ),
    "the fill is theirs": (
        [(f"{SERVER}/Medication/m1", MEDICATION), (f"{FOREIGN}/Medication/m1", OTHER)],
        f"{FOREIGN}/MedicationDispense/f1",
        "",
        OTHER,
    ),
    "the fill is theirs, ours came": (
        [(f"{SERVER}/Medication/m1", MEDICATION)],
        f"{FOREIGN}/MedicationDispense/f1",
        "",
        None,
    ),
    "the fill is theirs and says ours": (
        [(f"{SERVER}/Medication/m1", MEDICATION), (f"{FOREIGN}/Medication/m1", OTHER)],
        f"{FOREIGN}/MedicationDispense/f1",
        SERVER,
        MEDICATION,
    ),
}


@pytest.mark.parametrize(("came", "url", "base_", "meant"), PLACES.values(), ids=PLACES)
def test_an_id_is_one_servers_own(
    came: list[tuple[str | None, Any]], url: str | None, base_: str, meant: Any
) -> None:
    known = ReferenceTargets(SERVER)
    known.add([*came, (url, FILL)])
    written = f"{base_}/Medication/m1".removeprefix("/")
    assert known.resolve({"reference": written}, FILL) is meant


@pytest.mark.parametrize("id_", ["m1", "#m1"])
def test_a_contained_resource_is_found_in_its_holder_alone(id_: str) -> None:
    inside = {"resourceType": "Medication", "id": id_}
    holder = {"resourceType": "MedicationRequest", "contained": [None, inside]}
    known = ReferenceTargets()
    known.add([(None, holder)])
    assert known.resolve({"reference": "#m1"}, holder) is inside
    assert known.resolve({"reference": "#m1"}) is None


def test_the_last_of_two_resources_of_one_name_stays() -> None:
    known = ReferenceTargets()
    corrected = {**MEDICATION, "code": {"text": "another"}}
    known.add([(None, MEDICATION), (None, corrected)])
    assert known.resolve("Medication/m1") is corrected
