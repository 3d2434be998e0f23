"""What references point to: by every name of what came along, on its own server only."""

from typing import Any

import pytest

from service.fhir.supplied.reference_targets import ReferenceTargets

SERVER = "https://ehr.example.org/fhir/r4"
MEDICATION = {"resourceType": "Medication", "id": "m1"}
OTHER = {"resourceType": "Medication", "id": "m1", "status": "active"}
URL = "urn:uuid:5f0b0d6e-9b5e-4c0e-8f0a-0d8d3b1f9a11"


@pytest.mark.parametrize(
    "written", ["Medication/m1", f"{SERVER}/Medication/m1", URL, "Medication/m1/_history/1", "m1"]
)
def test_sent_resource_is_found_by_each_of_its_names(written: str) -> None:
    known = ReferenceTargets()
    known.add([(URL, MEDICATION)])
    assert known.resolve({"reference": written}) is MEDICATION


@pytest.mark.parametrize("written", ["Medication/m2", "Patient/m1", "#m1", "urn:uuid:0", None])
def test_reference_to_a_resource_that_was_not_sent_is_none(written: str | None) -> None:
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
def test_id_counts_on_its_own_server_only(
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
