"""A request of a plain bundle: an integrator's first call is answered with a judgement."""

from datetime import date

import orjson
import pytest
from support.cases.run import library
from support.paths import ROOT
from support.recordings import HELD, fixture

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.errors import RecordingError
from service.recordings.plain_bundle import Wanted, request_of_bundle, resources_of

DAY = date(2026, 11, 21)
BUNDLE = orjson.loads((ROOT / "examples/sandbox/patient-bundle.json").read_bytes())
ORDER = fixture("initial-fully-met")["context"]["draftOrders"]["entry"][0]["resource"]


def test_the_first_request_is_judged() -> None:
    sent = request_of_bundle(BUNDLE, [ORDER], library().sources, Wanted(DAY, payer="BCBSMS"))
    hook = parse_hook_request(sent, frozenset(["order-sign"]))
    (twin,) = advise(library(), hook, HELD, AsOf("day", DAY)).twins
    assert twin["policy"]["id"] == "bcbsms/L.5.01.513"
    assert twin["outcome"] != "no_policy"
    assert {one["state"] for one in twin["data"]} <= {"complete", "empty", "not_supplied"}


def test_days_are_moved_to_the_order() -> None:
    old = {
        "resourceType": "Bundle",
        "entry": [
            {"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1990-01-01"}},
            {"resource": {"resourceType": "Observation", "effectiveDateTime": "2010-05-01"}},
        ],
    }
    sent = request_of_bundle(old, [ORDER], library().sources, Wanted(DAY, shift=True))
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
    sent = request_of_bundle(two, [ORDER], sources, Wanted(DAY, patient_id="b"))
    assert sent["prefetch"]["patient"]["id"] == "b"


def test_an_order_is_a_medication_request() -> None:
    with pytest.raises(RecordingError, match="an order is"):
        request_of_bundle(BUNDLE, [{"resourceType": "Patient"}], [], Wanted(DAY))
    assert resources_of(ORDER) == [ORDER]
