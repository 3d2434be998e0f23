"""Of several versions of one resource the newest counts, wherever they stand."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from support.changed import (
    BSA,
    STEROID,
    Json,
    again,
    aside,
    entries,
    first,
    order,
    request,
    truth,
    twin,
)

FOUR = {"value": 4, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
# Of two versions: the meta of the first and of the second, and whether the second is the newer.
META: dict[str, tuple[Json, Json, bool]] = {
    "numbers": ({"versionId": "9"}, {"versionId": "10"}, True),
    "numbers, turned round": ({"versionId": "10"}, {"versionId": "9"}, False),
    "times in two offsets": (
        {"lastUpdated": "2026-11-20T23:00:00Z"},
        {"lastUpdated": "2026-11-20T20:00:00-06:00"},
        True,
    ),
    "times in two offsets, turned round": (
        {"lastUpdated": "2026-11-20T20:00:00-06:00"},
        {"lastUpdated": "2026-11-20T23:00:00Z"},
        False,
    ),
    "fractions of a second": (
        {"lastUpdated": "2026-11-20T23:00:00.25Z"},
        {"lastUpdated": "2026-11-20T23:00:00.125Z"},
        False,
    ),
    "versions that are no numbers": (
        {"versionId": "b", "lastUpdated": "2026-11-20T23:00:00Z"},
        {"versionId": "a", "lastUpdated": "2026-11-20T22:00:00Z"},
        False,
    ),
    "one without a number": ({"versionId": "2"}, {}, True),
    "nothing": ({}, {}, True),
    "garbage": ({"versionId": ["3"], "lastUpdated": 7}, {"versionId": {}}, True),
}


@pytest.mark.parametrize(("one", "other", "later"), META.values(), ids=META)
def test_the_newest_version_counts(one: Json, other: Json, later: bool) -> None:
    asked = request()
    first(asked, "observations")["meta"] = one
    again(asked, "observations", meta=other, valueQuantity=FOUR)
    assert truth(asked, BSA) == ("not_met" if later else "met")


@pytest.mark.parametrize(("one", "other", "later"), META.values(), ids=META)
def test_version_entered_in_error_removes_all_older_versions(
    one: Json, other: Json, later: bool
) -> None:
    asked = request()
    first(asked, "claims")["meta"] = one
    again(asked, "claims", meta=other, status="cancelled")
    assert truth(asked, STEROID) == ("not_met" if later else "met")


def test_the_url_of_an_entry_tells_the_version() -> None:
    asked = request()
    again(asked, "observations", valueQuantity=FOUR)
    found = entries(asked, "observations")
    found[0]["fullUrl"] = "https://ehr.example.org/fhir/Observation/obs1/_history/2"
    found[-1]["fullUrl"] = "https://ehr.example.org/fhir/Observation/obs1/_history/1"
    assert truth(asked, BSA) == "met"


def test_versions_may_lie_far_apart() -> None:
    asked = request()
    found = entries(asked, "observations")
    others = [{"resource": {**found[1]["resource"], "id": f"o{n}"}} for n in range(400)]
    corrected = {**deepcopy(found[0]["resource"]), "valueQuantity": FOUR}
    asked["prefetch"]["observations"]["entry"] = [*found, *others, {"resource": corrected}]
    assert truth(asked, BSA) == "not_met"


def test_equal_resource_sent_twice_counts_once() -> None:
    asked = request()
    again(asked, "claims")
    assert truth(asked, STEROID) == "met"
    assert twin(asked)["outcome"] == twin(request())["outcome"]


def test_a_newer_version_beside_another_key_counts() -> None:
    """A problem comes along with a visit, and was taken back there."""
    asked = request()
    del order(asked)["reasonCode"]
    included = {**deepcopy(first(asked, "conditions")), "meta": {"versionId": "2"}}
    status = {"coding": [{"code": "entered-in-error"}]}
    taken_back = {**included, "verificationStatus": status}
    assert twin(asked)["outcome"] == "met"
    first(asked, "conditions")["meta"] = {"versionId": "1"}
    procedures = entries(asked, "procedures")
    procedures.append({"resource": taken_back, "search": {"mode": "include"}})
    assert twin(asked)["outcome"] == "unknown"
    procedures[-1] = {"resource": included, "search": {"mode": "include"}}
    assert twin(asked)["outcome"] == "met"


def test_a_resource_that_became_another_patients_is_gone() -> None:
    asked = request()
    again(asked, "observations", subject={"reference": "Patient/other"}, meta={"versionId": "2"})
    first(asked, "observations")["meta"] = {"versionId": "1"}
    assert truth(asked, BSA) == "unknown"


def test_the_coverage_of_the_newest_version_counts() -> None:
    asked = request()
    again(asked, "coverage", status="cancelled", meta={"versionId": "2"})
    first(asked, "coverage")["meta"] = {"versionId": "1"}
    assert twin(asked)["outcome"] == "no_policy"


def _by_reference(asked: Json, *medications: Json) -> None:
    claim = first(asked, "claims")
    for item in claim["item"]:
        item.pop("productOrService", None)
    drug = {
        "resourceType": "MedicationRequest",
        "id": "old",
        "status": "completed",
        "subject": {"reference": "Patient/elm"},
        "medicationReference": {"reference": "Medication/m1"},
    }
    claim["prescription"] = {"reference": "MedicationRequest/old"}
    entries(asked, "medications").append({"resource": drug})
    for one in medications:
        entries(asked, "medications").append({"resource": one, "search": {"mode": "include"}})


def test_the_newest_medication_is_what_a_reference_means() -> None:
    asked = request()
    steroid = deepcopy(first(asked, "claims")["item"][0]["productOrService"])
    other = {"text": "metformin 500 MG Oral Tablet"}
    medication: Json = {"resourceType": "Medication", "id": "m1", "status": "active"}
    wrong = {**medication, "code": other, "meta": {"versionId": "1"}}
    right = {**medication, "code": steroid, "meta": {"versionId": "2"}}
    _by_reference(asked, right, wrong)
    assert truth(asked, STEROID) == "met"
    asked = request()
    _by_reference(
        asked, {**right, "meta": {"versionId": "1"}}, {**wrong, "meta": {"versionId": "2"}}
    )
    assert truth(asked, STEROID) != "met"
    asked = request()
    error = {**right, "status": "entered-in-error", "meta": {"versionId": "3"}}
    _by_reference(asked, right, error)
    assert truth(asked, STEROID) != "met"


DELETED: dict[str, Callable[[Json], Json]] = {
    "a search bundle": lambda one: {"resource": one, "request": {"method": "DELETE", "url": "x"}},
    "without the resource": lambda _: {
        "request": {"method": "DELETE", "url": "Observation/obs1"},
        "response": {"status": "204", "lastModified": "2026-11-20T00:00:00Z"},
    },
    "by its URL": lambda _: {
        "fullUrl": "https://ehr.example.org/fhir/Observation/obs1",
        "request": {"method": "DELETE"},
    },
    "gone": lambda one: {"resource": one, "response": {"status": "410 Gone"}},
    "not found": lambda one: {"resource": one, "response": {"status": "404"}},
    "small letters": lambda one: {"resource": one, "request": {"method": "delete"}},
}


@pytest.mark.parametrize("made", DELETED.values(), ids=DELETED)
@pytest.mark.parametrize("beside", [True, False])
def test_deleted_resource_does_not_count(made: Callable[[Json], Json], beside: bool) -> None:
    """By itself, and where the version before it came too."""
    asked = request()
    found = entries(asked, "observations")
    gone = made(deepcopy(found[0]["resource"]))
    asked["prefetch"]["observations"]["entry"] = [*found, gone] if beside else [gone, *found[1:]]
    told = twin(asked)
    assert truth(asked, BSA) == "unknown"
    assert aside(told, "observations") == {"deleted": 1}


@pytest.mark.parametrize(("last", "expected"), [(True, "unknown"), (False, "met")])
def test_a_history_begins_with_what_was_changed_last(last: bool, expected: str) -> None:
    asked = request()
    found = entries(asked, "observations")
    gone: Json = {"request": {"method": "DELETE", "url": "Observation/obs1"}}
    asked["prefetch"]["observations"]["entry"] = [gone, *found] if last else [*found, gone]
    asked["prefetch"]["observations"]["type"] = "history"
    assert truth(asked, BSA) == expected


def test_contained_resources_are_their_holders_own() -> None:
    asked = request()
    inside: dict[str, Any] = {
        **deepcopy(first(asked, "observations")),
        "status": "entered-in-error",
    }
    first(asked, "claims")["contained"] = [inside]
    assert truth(asked, BSA) == "met"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Patient/elm", "unknown"),
        ("https://other.example.org/fhir/Patient/elm", "unknown"),
        ("https://ehr.example.org/fhir/Patient/elm", "met"),
    ],
)
def test_a_relative_subject_on_another_server_is_that_servers_patient(
    subject: str, expected: str
) -> None:
    asked = request()
    asked["fhirServer"] = "https://ehr.example.org/fhir/"
    found = entries(asked, "observations")
    found[0]["fullUrl"] = "https://other.example.org/fhir/Observation/obs1"
    found[0]["resource"]["subject"] = {"reference": subject}
    assert truth(asked, BSA) == expected


def test_the_same_id_of_another_server_is_no_version_of_ours() -> None:
    asked = request()
    asked["fhirServer"] = "https://ehr.example.org/fhir"
    error = again(asked, "observations", status="entered-in-error", meta={"versionId": "9"})
    error["subject"] = {"reference": "https://ehr.example.org/fhir/Patient/elm"}
    entries(asked, "observations")[-1]["fullUrl"] = (
        "https://other.example.org/fhir/Observation/obs1"
    )
    assert truth(asked, BSA) == "met"


def test_server_is_read_from_most_bundles_when_none_is_given() -> None:
    asked = request()
    for key in ("observations", "claims", "conditions"):
        for one in entries(asked, key):
            resource = one["resource"]
            one["fullUrl"] = (
                f"https://ehr.example.org/fhir/{resource['resourceType']}/{resource['id']}"
            )
    assert twin(asked)["outcome"] == "met"
    entries(asked, "observations")[0]["fullUrl"] = "https://other.example.org/fhir/Observation/obs1"
    assert truth(asked, BSA) == "unknown"


def test_one_server_of_all_bundles_is_another_name_of_ours() -> None:
    """As a server behind a proxy calls itself; a single one that says so is elsewhere."""
    asked = request()
    asked["fhirServer"] = "https://ehr.example.org/fhir"
    for key, value in asked["prefetch"].items():
        for one in (value or {}).get("entry", ()):
            resource = one["resource"]
            one["fullUrl"] = f"http://inside:8080/fhir/{resource['resourceType']}/{resource['id']}"
        assert key
    assert twin(asked)["outcome"] == "met"
    entries(asked, "observations")[0]["fullUrl"] = "https://other.example.org/fhir/Observation/obs1"
    assert truth(asked, BSA) == "unknown"


def test_a_deleted_entry_without_an_id_ends_nothing_else() -> None:
    asked = request()
    found = entries(asked, "observations")
    for one in found:
        del one["resource"]["id"]
    found.append({"resource": {**deepcopy(found[1]["resource"])}, "response": {"status": "410"}})
    assert truth(asked, BSA) == "met"
