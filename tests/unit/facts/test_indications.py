"""Which diagnoses stand, and for which indications an order is."""

from typing import Any

import pytest
from support.cases.run import library
from support.fact_case import patient
from support.policies import indication, policy

from service.facts.indications import (
    UNSAID,
    OrderIndications,
    active_diagnoses,
    diagnosis_stands,
    indications_of_order,
    policy_order,
    reasons_given,
)

DOCUMENTS = library()
DIAGNOSES, POINTING = DOCUMENTS.source_of("Condition"), DOCUMENTS.knowledge.pointing
POLICY = policy(indication("ad"), indication("asthma"))
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
Json = dict[str, Any]
CODE = {"coding": [{"code": "L20.9"}]}


def reasons(**order: object) -> list[object]:
    return list(reasons_given(patient().record, dict(order)))


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_refuted_diagnosis_does_not_stand(status: str) -> None:
    assert not diagnosis_stands({"verificationStatus": {"coding": [{"code": status}]}})


@pytest.mark.parametrize("status", ["confirmed", "provisional", "differential", "unconfirmed"])
def test_diagnosis_of_any_other_status_stands(status: str) -> None:
    assert diagnosis_stands({"verificationStatus": {"coding": [{"code": status}]}})
    assert diagnosis_stands({})


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


def asked(*reasons: Json, diagnoses: list[Json] | None = None) -> OrderIndications:
    record = patient(diagnoses=diagnoses or []).record
    return indications_of_order(
        record, {"id": "rx1", "reasonCode": [*reasons]}, POLICY, DIAGNOSES, POINTING
    )


def coded(code: str, **more: str) -> Json:
    return {"coding": [{"system": ICD, "code": code}], **more}


ECZEMA: Json = {"is": "atopic dermatitis"}


ASTHMA: Json = {"is": "asthma"}


@pytest.mark.parametrize(
    ("reasons", "diagnoses", "expected"),
    [
        ([coded("L20.9")], [], OrderIndications(("ad",), True, False)),
        ([coded("L20.9")], [ASTHMA], OrderIndications(("ad",), True, False)),
        ([coded("J45.50"), coded("L20.9")], [], OrderIndications(("ad", "asthma"), True, False)),
        ([], [ASTHMA, ECZEMA], OrderIndications(("ad", "asthma"), False, False)),
        ([coded("L50.8")], [ECZEMA], OrderIndications((), True, True)),
        ([{"text": "rash"}], [ECZEMA], OrderIndications((), False, False, unread=True)),
        ([], [], OrderIndications((), False, False)),
    ],
    ids=[
        *("the reason", "the reason before diagnoses", "two reasons", "diagnoses"),
        *("another disease", "words", "nothing"),
    ],
)
def test_reason_tells_the_disease_else_the_active_diagnoses(
    reasons: list[Json], diagnoses: list[Json], expected: OrderIndications
) -> None:
    assert asked(*reasons, diagnoses=diagnoses) == expected


def test_reason_that_may_mean_a_disease_is_settled_by_the_problem_list() -> None:
    eczema = {"text": "eczema"}
    open_ = asked(eczema)
    assert (open_.live, open_.perhaps, open_.unread) == ((), ("ad",), True)
    settled = asked(eczema, diagnoses=[ECZEMA, ASTHMA])
    assert (settled.live, settled.perhaps) == (("ad",), ("ad",))


def test_code_of_another_disease_whose_words_name_one_of_ours_is_open() -> None:
    assert asked(coded("L50.8", text="Atopic dermatitis")).perhaps == ("ad",)
    assert asked(coded("L50.8", text="Chronic urticaria")).outside


@pytest.mark.parametrize(
    ("diagnosis", "active"),
    [
        (ECZEMA, True),
        ({**ECZEMA, "status": "resolved"}, False),
        ({**ECZEMA, "verified": "refuted"}, False),
        ({**ECZEMA, "verified": "provisional"}, False),
        ({**ECZEMA, "patient": "p2"}, False),
    ],
)
def test_diagnosis_is_active_if_it_counts_today(diagnosis: Json, active: bool) -> None:
    found = active_diagnoses(patient(diagnoses=[diagnosis]).record, POLICY, DIAGNOSES)
    assert list(found) == (["ad"] if active else [])


def test_indications_are_in_the_order_of_the_policy() -> None:
    assert policy_order(POLICY, {"asthma"}, {"ad", "unheard"}) == ("ad", "asthma")
    assert policy_order(POLICY) == ()


@pytest.mark.parametrize(
    ("name", "outside"),
    [
        ("Urticaria", True),
        ("Urticaria of the trunk", True),
        ("AD", False),
        ("AD, severe", False),
        ("CRSwNP", False),
        ("pn", False),
        ("Hypertensive disease", True),
    ],
)
def test_abbreviated_name_beside_an_unknown_code_does_not_tell_which_disease_it_is(
    name: str, outside: bool
) -> None:
    coding = {"system": "http://snomed.info/sct", "code": "900000000000999", "display": name}
    order = {"reasonCode": [{"coding": [coding]}]}
    found = indications_of_order(patient().record, order, POLICY, DIAGNOSES, POINTING)
    assert (found.outside, found.unread) == (outside, not outside)
