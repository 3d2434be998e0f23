"""Which diagnoses stand, and which reasons an order gives."""

import pytest
from support.fact_case import patient

from service.facts.diagnoses import UNSAID, reasons_given, stands

CODE = {"coding": [{"code": "L20.9"}]}


def reasons(**order: object) -> list[object]:
    return list(reasons_given(patient().record, dict(order)))


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_refuted_diagnosis_does_not_stand(status: str) -> None:
    assert not stands({"verificationStatus": {"coding": [{"code": status}]}})


@pytest.mark.parametrize("status", ["confirmed", "provisional", "differential", "unconfirmed"])
def test_diagnosis_of_any_other_status_stands(status: str) -> None:
    assert stands({"verificationStatus": {"coding": [{"code": status}]}})
    assert stands({})


def test_order_without_a_reason_gives_none() -> None:
    assert reasons() == []


def test_coded_reasons_are_given_in_their_order() -> None:
    other = {"text": "asthma"}
    assert reasons(reasonCode=[CODE, other, "no concept"]) == [CODE, other]


def test_referenced_diagnosis_gives_its_code() -> None:
    case = patient(diagnoses=[{"is": "asthma"}])
    given = list(
        reasons_given(case.record, {"reasonReference": [{"reference": "Condition/diagnoses-1"}]})
    )
    assert given == [case.record.resources["Condition"][0]["code"]]


def test_referenced_diagnosis_that_was_refuted_gives_no_reason() -> None:
    case = patient(diagnoses=[{"is": "asthma", "verified": "refuted"}])
    reference = {"reasonReference": [{"reference": "Condition/diagnoses-1"}]}
    assert list(reasons_given(case.record, reference)) == []


@pytest.mark.parametrize(
    ("reference", "given"),
    [
        ({"reference": "Condition/lost", "display": "Eczema"}, [{"text": "Eczema"}]),
        ({"reference": "Condition/lost"}, [UNSAID]),
        ({"identifier": {"value": "7"}}, [UNSAID]),
        ({"type": "Condition", "display": "Eczema"}, [{"text": "Eczema"}]),
        ({"reference": "Observation/lost", "display": "Itch"}, []),
        ({"type": "Observation", "display": "Itch"}, []),
        ({}, []),
    ],
)
def test_referenced_diagnosis_that_did_not_come_is_known_by_its_name_or_as_one(
    reference: dict[str, object], given: list[object]
) -> None:
    assert reasons(reasonReference=[reference]) == given
