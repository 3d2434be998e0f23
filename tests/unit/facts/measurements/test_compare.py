"""A measured value against a bound: the latest decides, once treated the last one before the drug."""

from dataclasses import replace

import pytest
from support.fact_case import Answer, patient, said, worded

from service.facts.measurements.compare import age, compare
from service.policy.amount import Amount, Span
from service.policy.operators import Compare

TEN = Amount(value=10, unit="% BSA")
LATEST = Compare(fact="ad.bsa", at_least=TEN)
RECENT = Compare(fact="ad.bsa", at_least=TEN, within=Span(days=90))
BASELINE = Compare(fact="ad.bsa", at_least=TEN, pick="baseline_if_treated")
ON_DRUG = [{"drug": "dupilumab 300 mg syringe", "days": 28, "on": "60 days ago"}]


def surface(value: str, on: str | None = "today") -> dict[str, object]:
    return {"what": "affected body surface", "value": value, "on": on}


def found(asked: Compare, *findings: dict[str, object], **given: object) -> Answer:
    return worded(compare(patient(findings=list(findings), **given), asked))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10 %", "met"),
        ("9.9 %", "not_met"),
        ("> 9 %", "unknown imprecise"),
        (">= 10 %", "met"),
        ("< 10 %", "not_met"),
        ("120 %", "unknown unit"),
        ("10 kg", "unknown unit"),
    ],
)
def test_value_counts_from_the_bound_on(value: str, expected: str) -> None:
    assert said(found(LATEST, surface(value))) == expected


def test_value_below_the_bound_says_how_near_it_is() -> None:
    assert found(LATEST, surface("8 %")).miss == "8 % BSA, needs at least 10 % BSA"


def test_value_that_was_not_measured_is_not_found() -> None:
    assert said(found(LATEST)) == "unknown not_found"


def test_latest_value_decides() -> None:
    assert said(found(LATEST, surface("12 %", "40 days ago"), surface("8 %"))) == "not_met"
    assert said(found(LATEST, surface("8 %", "40 days ago"), surface("12 %"))) == "met"


def test_two_values_of_one_day_on_both_sides_of_the_bound_are_a_conflict() -> None:
    assert said(found(LATEST, surface("8 %"), surface("12 %"))) == "unknown conflict"


@pytest.mark.parametrize(
    ("day", "expected"),
    [("90 days ago", "met"), ("91 days ago", "unknown stale"), (None, "unknown imprecise")],
)
def test_value_older_than_the_policy_allows_is_stale(day: str | None, expected: str) -> None:
    assert said(found(RECENT, surface("12 %", day))) == expected


def test_failing_value_is_left_to_the_reviewer_where_the_policy_says_so() -> None:
    asked = replace(LATEST, otherwise="review")
    low = found(asked, surface("8 %"))
    assert said(low) == "unknown review"
    assert low.miss == "8 % BSA, needs at least 10 % BSA"
    assert said(found(asked, surface("12 %"))) == "met"


def test_baseline_decides_once_the_drug_was_given() -> None:
    values = surface("12 %", "61 days ago"), surface("4 %")
    assert said(found(BASELINE, *values, claims=ON_DRUG)) == "met"
    assert said(found(BASELINE, *values, claims=[], claims_held="yes")) == "not_met"


def test_low_value_under_treatment_without_a_baseline_proves_nothing() -> None:
    finding = found(BASELINE, surface("4 %"), claims=ON_DRUG)
    assert said(finding) == "unknown not_found"
    assert finding.miss == "value before the first dose not documented"


def test_value_that_is_met_even_under_treatment_suffices() -> None:
    assert said(found(BASELINE, surface("12 %"), claims=ON_DRUG)) == "met"


def test_baseline_older_than_the_policy_allows_does_not_count() -> None:
    asked = replace(BASELINE, baseline_within=Span(days=180))
    old, new = surface("12 %", "241 days ago"), surface("12 %", "240 days ago")
    stale = found(asked, old, claims=ON_DRUG)
    assert said(stale) == "unknown not_found"
    assert stale.miss == "nothing documented in the 180 days before the first dose"
    assert said(found(asked, new, claims=ON_DRUG)) == "met"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("151 days ago", "12 %", "unknown review"),
        ("150 days ago", "12 %", "not_met"),
        ("151 days ago", "9 %", "not_met"),
    ],
    ids=["old, and more on the drug", "fresh", "old, and less on the drug"],
)
def test_old_baseline_that_fails_is_a_question_where_a_value_on_the_drug_passes(
    before: str, now: str, expected: str
) -> None:
    asked = replace(BASELINE, within=Span(days=90))
    finding = found(asked, surface("8 %", before), surface(now), claims=ON_DRUG)
    assert said(finding) == expected
    assert finding.miss == "8 % BSA, needs at least 10 % BSA"


SIX_YEARS = Compare(fact="patient.age", at_least=Amount(value=6, unit="years"))
BELOW_SIX = Compare(fact="patient.age", less_than=Amount(value=6, unit="years"))


def age_found(asked: Compare, born: str | None) -> Answer:
    case = patient(born=born)
    return worded(age(case, case.knowledge.facts["patient.age"], asked))


@pytest.mark.parametrize(
    ("born", "reached", "below"),
    [
        ("2020-11-20", "met", "not_met"),
        ("2020-11-21", "not_met", "met"),
        ("2020-11", "unknown imprecise", "unknown imprecise"),
        ("2020-12", "not_met", "met"),
        ("2019", "met", "not_met"),
        ("2020", "unknown imprecise", "unknown imprecise"),
        (None, "unknown not_found", "unknown not_found"),
    ],
)
def test_age_is_reached_on_the_birthday(born: str | None, reached: str, below: str) -> None:
    assert said(age_found(SIX_YEARS, born)) == reached
    assert said(age_found(BELOW_SIX, born)) == below


@pytest.mark.parametrize(
    ("bound", "born", "expected"),
    [
        (Amount(value=6, unit="months"), "2026-05-20", "met"),
        (Amount(value=6, unit="months"), "2026-05-21", "not_met"),
        (Amount(value=2, unit="weeks"), "2026-11-06", "met"),
        (Amount(value=2, unit="weeks"), "2026-11-07", "not_met"),
        (Amount(value=10, unit="days"), "2026-11-10", "met"),
        (Amount(value=10, unit="days"), "2026-11-11", "not_met"),
    ],
)
def test_age_in_smaller_units_is_reached_on_its_day(
    bound: Amount, born: str, expected: str
) -> None:
    assert said(age_found(Compare(fact="patient.age", at_least=bound), born)) == expected


def test_age_that_is_not_reached_names_the_birthday() -> None:
    assert age_found(SIX_YEARS, "2020-11-21").miss == "5 years; earliest on 2026-11-21"
    assert age_found(BELOW_SIX, "2020-11-20").miss == "6 years"


def test_birth_in_the_future_is_for_the_reviewer() -> None:
    wrong = age_found(SIX_YEARS, "2027-01-01")
    assert said(wrong) == "unknown review"
    assert wrong.miss == "the date of birth is in the future"


def test_age_without_a_bound_is_refused() -> None:
    with pytest.raises(TypeError, match="age is compared by at_least or less_than"):
        age_found(
            Compare(fact="patient.age", more_than=Amount(value=6, unit="years")), "2000-01-01"
        )
