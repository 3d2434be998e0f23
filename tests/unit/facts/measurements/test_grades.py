"""A grade that the record states."""

import pytest
from support.fact_case import Answer, patient, said, worded

from service.facts.measurements.grades import grade
from service.policy.amount import Span
from service.policy.operators import Recorded

ASKED = Recorded(fact=("ad.grade",))
Json = dict[str, object]


def found(asked: Recorded = ASKED, **given: object) -> Answer:
    case = patient("ad", **given)
    return worded(grade(case, case.knowledge.facts["ad.grade"], asked))


def eczema(severity: str | None, **more: object) -> Json:
    entry: Json = {"is": "atopic dermatitis", **more}
    return entry if severity is None else {**entry, "severity": severity}


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        ("severe", "met"),
        ("moderate", "met"),
        ("mild", "not_met"),
        (None, "unknown attestation"),
        ("unheard-of", "unknown attestation"),
    ],
)
def test_severity_of_the_diagnosis_decides(severity: str | None, expected: str) -> None:
    assert said(found(diagnoses=[eczema(severity)])) == expected


RECENT = Recorded(fact=("ad.grade",), within=Span(days=90))


@pytest.mark.parametrize(
    ("severity", "on", "expected"),
    [
        ("severe", "91 days ago", "unknown attestation"),
        ("severe", "90 days ago", "met"),
        ("mild", "91 days ago", "unknown attestation"),
        ("mild", "90 days ago", "not_met"),
    ],
)
def test_severity_counts_as_long_as_a_finding_does(severity: str, on: str, expected: str) -> None:
    assert said(found(RECENT, diagnoses=[eczema(severity, on=on)])) == expected
    assert said(found(RECENT, diagnoses=[eczema(severity)])) != "unknown attestation"


def test_grade_that_is_too_low_is_named() -> None:
    assert found(diagnoses=[eczema("mild")]).miss == "documented as mild"


def test_two_diagnoses_of_different_grades_are_a_conflict() -> None:
    both = [eczema("mild"), eczema("severe")]
    assert said(found(diagnoses=both)) == "unknown conflict"


def test_grade_of_a_diagnosis_that_does_not_stand_is_ignored() -> None:
    refuted = eczema("severe", verified="refuted")
    assert said(found(diagnoses=[refuted])) == "unknown attestation"


def test_low_grade_under_treatment_proves_nothing_unless_the_grade_of_today_is_asked_for() -> None:
    dose = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "60 days ago"}
    given = {"diagnoses": [eczema("mild")], "claims": [dose]}
    baseline = Recorded(fact=("ad.grade",), pick="baseline_if_treated")
    assert said(found(baseline, **given)) == "unknown attestation"
    assert said(found(Recorded(fact=("ad.grade",), pick="latest"), **given)) == "not_met"
