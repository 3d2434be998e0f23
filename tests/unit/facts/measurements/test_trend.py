"""A value now against the one before the first dose."""

from dataclasses import replace

import pytest
from support.fact_case import Answer, patient, said, worded

from service.facts.measurements.trend import trend
from service.policy.amount import Amount, Span
from service.policy.operators import Trend

LOWER = Trend(of=("ad.bsa",), better="lower")
HALF = Trend(of=("ad.bsa",), better="lower", by=Amount(value=50, unit="%"))
STABLE = Trend(of=("ad.bsa",), better="lower", stable_counts=True)
DOSE = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "100 days ago"}


def surface(value: str, on: str | None) -> dict[str, object]:
    return {"what": "affected body surface", "value": value, "on": on}


def found(
    asked: Trend, before: str | None, now: str | None, old: str = "101 days ago", **given: object
) -> Answer:
    """The trend from a value before the first dose to one of today."""
    values = [surface(before, old)] if before else []
    values += [surface(now, "today")] if now else []
    return worded(trend(patient(findings=values, claims=[DOSE], **given), asked))


@pytest.mark.parametrize(
    ("asked", "before", "now", "expected"),
    [
        (LOWER, "20 %", "19 %", "met"),
        (LOWER, "20 %", "20 %", "not_met"),
        (LOWER, "20 %", "21 %", "not_met"),
        (STABLE, "20 %", "20 %", "met"),
        (STABLE, "20 %", "21 %", "not_met"),
        (HALF, "20 %", "10 %", "met"),
        (HALF, "20 %", "10.1 %", "not_met"),
        (HALF, "0 %", "0 %", "unknown imprecise"),
        (LOWER, "20 %", "< 19 %", "met"),
        (LOWER, "20 %", "<= 20 %", "unknown imprecise"),
    ],
)
def test_value_is_better_by_the_margin_asked_for(
    asked: Trend, before: str, now: str, expected: str
) -> None:
    assert said(found(asked, before, now)) == expected


def test_value_that_is_not_better_says_both_values() -> None:
    assert found(LOWER, "20 %", "21 %").miss == (
        "21 % BSA (2026-11-20), worse than 20 % BSA (2026-08-11) before"
    )
    assert found(HALF, "20 %", "12 %").miss == (
        "12 % BSA (2026-11-20), 20 % BSA (2026-08-11) before; needs at least 50 % lower"
    )


def test_value_of_the_day_of_the_first_dose_is_the_one_before() -> None:
    assert said(found(LOWER, "20 %", "19 %", "100 days ago")) == "met"


def test_value_after_the_first_dose_is_no_baseline() -> None:
    late = found(LOWER, "20 %", "19 %", "99 days ago")
    assert said(late) == "unknown not_found"
    assert late.miss == "value before the first dose not documented"


def test_trend_needs_a_value_since_the_first_dose() -> None:
    finding = found(LOWER, "20 %", None)
    assert said(finding) == "unknown not_found"
    assert finding.miss == "no value since the first dose"


@pytest.mark.parametrize(
    ("on", "expected"), [("280 days ago", "met"), ("281 days ago", "unknown review")]
)
def test_baseline_that_is_too_old_is_for_the_reviewer(on: str, expected: str) -> None:
    asked = replace(LOWER, baseline_within=Span(days=180))
    assert said(found(asked, "20 %", "10 %", on)) == expected


def test_best_possible_value_needs_no_baseline() -> None:
    asked = replace(LOWER, best=0.0)
    finding = found(asked, None, "0 %")
    assert said(finding) == "met"
    assert finding.notes == ("No value can be better, so no baseline is needed.",)
    assert said(found(asked, None, "1 %")) == "unknown not_found"


def test_one_better_metric_is_enough() -> None:
    both = Trend(of=("ad.easi", "ad.bsa"), better="lower")
    assert said(found(both, "20 %", "10 %")) == "met"
    assert said(found(both, "20 %", "30 %")) == "not_met"


def test_value_taken_long_after_the_last_supply_tells_nothing_of_the_drug() -> None:
    asked = replace(LOWER, supplied_within=Span(days=30))
    # 28 days from day -100 end on day -73; today lies more than 30 days after
    off = found(asked, "20 %", "10 %", claims_held="yes")
    assert said(off) == "unknown not_found"
    assert off.miss == "taken more than 30 days after the last supply"
    assert said(found(asked, "20 %", "10 %")) == "met"
