"""Diagnoses, allergies and findings on record."""

from dataclasses import replace

import pytest
from support.fact_case import Answer, patient, patient_with, said, worded

from service.facts.recorded import recorded
from service.policy.amount import Span
from service.policy.operators import Recorded

DIAGNOSIS = Recorded(fact=("ad.diagnosis",))
ALLERGY = Recorded(fact=("safety.hypersensitivity",))
SIGNS = Recorded(fact=("ad.signs",))
Json = dict[str, object]


def found(asked: Recorded, indication: str = "asthma", **given: object) -> Answer:
    return worded(recorded(patient(indication, **given), asked))


def eczema(**change: object) -> Json:
    return {"is": "atopic dermatitis", **change}


def test_reason_of_the_order_is_a_diagnosis() -> None:
    finding = found(DIAGNOSIS, "ad", diagnoses=[])
    assert said(finding) == "met"
    assert finding.evidence[0].value == "reason for the order"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (eczema(), "met"),
        (eczema(status="recurrence"), "met"),
        (eczema(status="resolved"), "unknown not_found"),
        (eczema(verified="provisional"), "unknown not_found"),
        (eczema(verified="refuted"), "unknown not_found"),
        ({"is": "prurigo nodularis"}, "unknown not_found"),
        (eczema(patient="p2"), "unknown not_supplied"),
    ],
)
def test_active_confirmed_diagnosis_of_this_patient_is_met(entry: Json, expected: str) -> None:
    assert said(found(DIAGNOSIS, diagnoses=[entry])) == expected


def test_one_of_several_facts_is_enough() -> None:
    either = Recorded(fact=("eoe.diagnosis", "ad.diagnosis"))
    assert said(found(either, diagnoses=[eczema()])) == "met"
    assert said(found(either, diagnoses=[])) == "unknown not_found"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"to": "dupilumab 300 mg syringe"}, "met"),
        ({"to": "dupilumab", "coded": "no"}, "unknown review"),
        ({"to": "dupilumab 300 mg syringe", "verified": "unconfirmed"}, "unknown review"),
        ({"to": "dupilumab 300 mg syringe", "verified": "refuted"}, "not_met"),
        ({"to": "methotrexate"}, "not_met"),
    ],
)
def test_allergy_to_the_drug_is_met_only_by_its_code_and_confirmed(
    entry: Json, expected: str
) -> None:
    assert said(found(ALLERGY, allergies=[entry])) == expected


def test_no_allergy_is_known_only_where_allergies_came() -> None:
    assert said(found(ALLERGY)) == "not_met"
    assert said(found(ALLERGY, not_sent="allergies")) == "unknown not_supplied"
    assert said(found(ALLERGY, paged="allergies")) == "unknown incomplete"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("xerosis", "met"), ("yes", "met"), ("no", "unknown not_found"), (None, "unknown not_found")],
)
def test_finding_in_words_is_recorded_unless_it_says_no(value: str | None, expected: str) -> None:
    assert said(found(SIGNS, findings=[{"what": "signs", "value": value}])) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("90 days ago", "met"), ("91 days ago", "unknown stale"), (None, "unknown imprecise")],
)
def test_finding_older_than_the_window_is_stale(on: str | None, expected: str) -> None:
    asked = Recorded(fact=("ad.signs",), within=Span(days=90))
    assert said(found(asked, findings=[{"what": "signs", "value": "yes", "on": on}])) == expected


@pytest.mark.parametrize(
    ("fact", "expected"), [("safety.mace", "unknown review"), ("ad.diagnosis", "unknown not_found")]
)
def test_risk_whose_note_takes_it_back_is_asked_about_and_a_diagnosis_is_not_there(
    fact: str, expected: str
) -> None:
    code = {"safety.mace": "I21.9", "ad.diagnosis": "L20.9"}[fact]
    system = "http://hl7.org/fhir/sid/icd-10-cm"
    entry = {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": system, "code": code}]},
        "note": [{"text": "Entered in error"}],
    }
    case = patient_with("conditions", entry, indication="asthma")
    answer = worded(recorded(case, Recorded(fact=(fact,))))
    assert said(answer) == expected
    assert "its note speaks of an error" in answer.evidence[0].value


@pytest.mark.parametrize(
    ("note", "expected"),
    [("for psoriasis, not eczema", "unknown conflict"), ("eczema; not for asthma", "met")],
)
def test_note_of_the_order_that_denies_its_disease_is_a_conflict(note: str, expected: str) -> None:
    case = patient("ad", diagnoses=[eczema()])
    resource = {**case.order.resource, "note": [{"text": note}]}
    case = replace(case, order=replace(case.order, resource=resource))
    assert said(worded(recorded(case, DIAGNOSIS))) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, "met"),
        ({"type": "allergy"}, "met"),
        ({"type": "intolerance"}, "unknown review"),
        ({"reaction": [{"manifestation": [{"text": "Dry eye"}]}]}, "unknown review"),
        ({"reaction": [{"manifestation": [{"text": "Dry eye"}, {"text": "Hives"}]}]}, "met"),
        ({"reaction": [{"manifestation": [{"text": "Injection site rash"}]}]}, "unknown review"),
        ({"type": "intolerance", "reaction": [{"manifestation": [{"text": "Angioedema"}]}]}, "met"),
    ],
)
def test_side_effect_or_an_intolerance_alone_is_no_sure_allergy(told: Json, expected: str) -> None:
    concept = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876376"}
    entry = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/p1"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [concept]},
        **told,
    }
    assert said(recorded(patient_with("allergies", entry), ALLERGY)) == expected
