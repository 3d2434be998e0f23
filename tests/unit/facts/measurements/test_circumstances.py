"""One and the same result must pass its value, its time and its background."""

from dataclasses import replace

import pytest
from support.fact_case import CLAIMS_HELD, Answer, patient, said, worded

from service.facts.measurements.circumstances import picked
from service.policy.amount import Amount, Span
from service.policy.operators import Background, Compare

BOUND = Amount(value=150, unit="cells/uL")
ANY = Compare(fact="lab.blood_eosinophils", at_least=BOUND, pick="any")
IN_A_YEAR = replace(ANY, within=Span(days=365))
ON_ICS = Compare(
    fact="lab.blood_eosinophils", at_least=BOUND, during=(Background(of=("asthma.ics",)),)
)
Json = dict[str, object]
COUNT = "blood eosinophils"


def count(value: str, on: str | None = "today") -> Json:
    return {"what": COUNT, "value": f"{value} /uL", "on": on}


def found(asked: Compare, *findings: Json, **given: object) -> Answer:
    case = patient("asthma", findings=list(findings), **given)
    return worded(picked(case, case.knowledge.facts["lab.blood_eosinophils"], asked))


def test_some_one_of_all_results_is_enough() -> None:
    assert said(found(ANY, count("200", "900 days ago"), count("100"))) == "met"
    assert said(found(ANY, count("149"))) == "not_met"
    assert said(found(ANY, count("150"))) == "met"
    assert said(found(ANY)) == "unknown not_found"


@pytest.mark.parametrize(
    ("on", "expected"),
    [("365 days ago", "met"), ("366 days ago", "unknown stale"), (None, "unknown imprecise")],
)
def test_result_that_passes_must_be_recent_enough(on: str | None, expected: str) -> None:
    assert said(found(IN_A_YEAR, count("200", on))) == expected


def test_later_result_that_fails_contradicts_where_the_policy_says_so() -> None:
    asked = replace(ANY, contradicted="review")
    results = count("200", "90 days ago"), count("100")
    assert said(found(asked, *results)) == "unknown review"
    shown = found(replace(ANY, contradicted="shown"), *results)
    assert said(shown) == "met"
    assert shown.notes[0].startswith("A later value takes nothing back: ")


INHALER = {"drug": "fluticasone 110 inhaler", "days": 30, "on": "60 days ago"}


@pytest.mark.parametrize(
    ("on", "expected"),
    [("31 days ago", "met"), ("30 days ago", "not_met"), (None, "unknown imprecise")],
)
def test_result_must_be_taken_on_its_background(on: str | None, expected: str) -> None:
    assert said(found(ON_ICS, count("200", on), dispenses=[INHALER], **CLAIMS_HELD)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("100 days ago", "met"), ("99 days ago", "unknown not_found")],
)
def test_result_must_be_from_before_the_first_dose(on: str, expected: str) -> None:
    asked = replace(ANY, before_first=("dupilumab",))
    dose = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "100 days ago"}
    assert said(found(asked, count("200", on), claims=[dose])) == expected
