"""A request of a plain bundle: an integrator's first call is answered with a judgement."""

from datetime import date
from typing import Any

import orjson
import pytest
from support.cases.run import library
from support.paths import ROOT
from support.recordings import HELD, fixture

from service.advise import advise
from service.cards.assessment_json import walk_twin
from service.cds.request import AsOf, parse_hook_request
from service.cli.testing.plain_bundle import MadeRequest, Wanted, request_of_bundle, resources_of
from service.errors import RecordingError
from service.json_object import Json

PATIENT = {"resourceType": "Patient", "id": "a", "birthDate": "1990-01-01"}
DAY = date(2026, 11, 21)
BUNDLE = orjson.loads((ROOT / "examples/sandbox/patient-bundle.json").read_bytes())
ORDER = fixture("initial-fully-met")["context"]["draftOrders"]["entry"][0]["resource"]


def coverage(id_: str, whose: str) -> Json:
    """A coverage of somebody."""
    return {"resourceType": "Coverage", "id": id_, "beneficiary": {"reference": whose}}


def condition(id_: str, whose: str) -> Json:
    """A diagnosis of somebody."""
    return {"resourceType": "Condition", "id": id_, "subject": {"reference": whose}}


def test_the_first_request_is_judged() -> None:
    sent = request_of_bundle(BUNDLE, [ORDER], library().sources, Wanted(DAY, payer="BCBSMS")).body
    hook = parse_hook_request(sent, frozenset(["order-sign"]))
    (twin,) = advise(library(), hook, HELD, AsOf("day", DAY)).twins
    assert twin["policy"]["id"] == "bcbsms/L.5.01.513"
    assert twin["outcome"] != "no_policy"
    assert {one["state"] for one in twin["data"]} == {"complete", "not_supplied"}


def test_days_are_moved_to_the_order() -> None:
    old = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1990-01-01"}},
            {"resource": {"resourceType": "Observation", "effectiveDateTime": "2010-05-01"}},
        ],
    }
    sent = request_of_bundle(old, [ORDER], library().sources, Wanted(DAY, shift=True)).body
    (entry,) = sent["prefetch"]["observations"]["entry"]
    assert entry["resource"]["effectiveDateTime"] == "2026-11-20"


@pytest.mark.parametrize(
    ("bundle", "said"),
    [
        ({}, "no FHIR Bundle"),
        ({"resourceType": "Bundle"}, "no resource"),
        ([{"resourceType": "Observation"}], "0 such patients"),
    ],
)
def test_what_makes_no_request_is_said(bundle: object, said: str) -> None:
    with pytest.raises(RecordingError, match=said):
        request_of_bundle(bundle, [ORDER], library().sources, Wanted(DAY, shift=True))


def test_one_of_several_patients_is_named() -> None:
    two = [{"resourceType": "Patient", "id": id_} for id_ in ("a", "b")]
    sources = library().sources
    with pytest.raises(RecordingError, match="2 such patients"):
        request_of_bundle(two, [ORDER], sources, Wanted(DAY))
    sent = request_of_bundle(two, [ORDER], sources, Wanted(DAY, patient_id="b")).body
    assert sent["prefetch"]["patient"]["id"] == "b"


def test_an_order_is_a_medication_request() -> None:
    with pytest.raises(RecordingError, match="an order is"):
        request_of_bundle(BUNDLE, [{"resourceType": "Patient"}], [], Wanted(DAY))
    assert resources_of(ORDER) == [ORDER]


def made(*resources: Json, order: Json = ORDER, **wanted: Any) -> MadeRequest:
    """The request of these resources beside a patient `a`."""
    all_ = [PATIENT, *resources]
    return request_of_bundle(all_, [order], library().sources, Wanted(DAY, **wanted))


def test_a_key_for_which_there_is_nothing_is_not_sent() -> None:
    prefetch = made().body["prefetch"]
    assert prefetch == {"patient": PATIENT}
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "x",
        "patient": {"reference": "Patient/a"},
    }
    assert made(allergy).body["prefetch"].keys() == {"patient", "allergies"}


def test_silence_of_a_bundle_is_no_answer() -> None:
    sent = made(payer="BCBSMS").body
    hook = parse_hook_request(sent, frozenset(["order-sign"]))
    (twin,) = advise(library(), hook, HELD, AsOf("day", DAY)).twins
    truths = {one["id"]: one["truth"] for one in walk_twin(twin["criteria"])}
    assert twin["outcome"] == "unknown"
    assert "not_met" not in truths.values()


def test_coverages_and_records_of_other_patients_are_left_out_and_counted() -> None:
    other = {"resourceType": "Patient", "id": "b"}
    theirs = [coverage("c1", "Patient/b"), condition("x1", "Patient/b")]
    request = made(other, *theirs, condition("x2", "Patient/a"), patient_id="a", payer="BCBSMS")
    (cover,) = request.body["prefetch"]["coverage"]["entry"]
    assert cover["resource"]["payor"] == [{"display": "BCBSMS"}]
    (kept,) = request.body["prefetch"]["conditions"]["entry"]
    assert kept["resource"]["id"] == "x2"
    assert request.left_out == ("what is of other patients: 3 resources",)


def test_a_coverage_of_somebody_whom_the_bundle_does_not_hold_is_left_out() -> None:
    request = made(coverage("c1", "Patient/elsewhere"), condition("x1", "Patient/elsewhere"))
    assert "coverage" not in request.body["prefetch"]
    assert len(request.body["prefetch"]["conditions"]["entry"]) == 1  # the service sets it aside


def test_the_coverage_of_the_patient_goes_before_the_payer_that_is_named() -> None:
    request = made(coverage("c1", "Patient/a"), payer="BCBSMS")
    (cover,) = request.body["prefetch"]["coverage"]["entry"]
    assert cover["resource"]["id"] == "c1"
    assert request.left_out == ("the payer that was named: the patient has a coverage",)


def test_references_by_urn_become_references_by_id() -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "a"}},
            {"fullUrl": "urn:uuid:2", "resource": condition("x", "urn:uuid:1")},
            {"fullUrl": "urn:uuid:3", "resource": {"resourceType": "Organization"}},
        ],
    }
    found, about, organization = resources_of(bundle)
    assert found["id"] == "a"
    assert about["subject"] == {"reference": "Patient/a"}
    assert organization["id"] == "3"


@pytest.mark.parametrize(
    ("requester", "user"),
    [
        ({"reference": "Practitioner/d1"}, "Practitioner/d1"),
        ({"reference": "PractitionerRole/r1"}, "Practitioner/d1"),
        ({"reference": "Practitioner/d9"}, "Practitioner/d9"),
        ({"display": "a doctor"}, "Practitioner/unknown"),
    ],
)
def test_the_prescriber_is_whom_the_order_names(requester: Json, user: str) -> None:
    doctors = [{"resourceType": "Practitioner", "id": id_} for id_ in ("d0", "d1")]
    roles = [
        {
            "resourceType": "PractitionerRole",
            "id": id_,
            "practitioner": {"reference": f"Practitioner/{of}"},
        }
        for id_, of in (("r0", "d0"), ("r1", "d1"))
    ]
    sent = made(*doctors, *roles, order={**ORDER, "requester": requester}).body
    assert sent["context"]["userId"] == user
    named = user.endswith("d1")
    assert sent["prefetch"].get("practitioner") == (doctors[1] if named else None)
    entries = sent["prefetch"].get("practitionerRoles", {}).get("entry", [])
    assert [one["resource"]["id"] for one in entries] == (["r1"] if named else [])


def test_what_no_key_asks_for_is_counted_by_type() -> None:
    images = [{"resourceType": "ImagingStudy", "id": f"i{number}"} for number in range(2)]
    (said,) = made(*images).left_out
    assert said.endswith(": ImagingStudy (2)")
