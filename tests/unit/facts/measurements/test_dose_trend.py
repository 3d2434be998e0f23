"""The daily dose now against the one before the requested drug."""

import pytest
from support.fact_case import Answer, patient, said, worded

from service.facts.measurements.dose_trend import dose_trend
from service.policy.amount import Amount
from service.policy.operators import DoseTrend

LOWER = DoseTrend(of=("asthma.ics",), better="lower")
STRONG, WEAK = "fluticasone 220 inhaler", "fluticasone 110 inhaler"
START = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "60 days ago"}


def inhaler(drug: str, on: str, puffs: int = 4) -> dict[str, object]:
    return {"drug": drug, "days": 30, "on": on, "puffs_a_day": puffs}


def found(asked: DoseTrend, *dispenses: dict[str, object], start: bool = True) -> Answer:
    claims = [START] if start else []
    return worded(dose_trend(patient("asthma", dispenses=list(dispenses), claims=claims), asked))


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(STRONG, WEAK, "met"), (WEAK, STRONG, "not_met"), (WEAK, WEAK, "not_met")],
)
def test_dose_now_is_held_against_the_dose_before_the_drug(
    before: str, now: str, expected: str
) -> None:
    doses = inhaler(before, "70 days ago"), inhaler(now, "10 days ago")
    assert said(found(LOWER, *doses)) == expected


def test_dose_that_is_not_better_says_so() -> None:
    doses = inhaler(WEAK, "70 days ago"), inhaler(STRONG, "10 days ago")
    assert found(LOWER, *doses).miss == "the daily dose is not lower than before"


@pytest.mark.parametrize(("share", "expected"), [(50, "met"), (51, "not_met")])
def test_dose_is_lower_by_the_share_asked_for(share: int, expected: str) -> None:
    asked = DoseTrend(of=("asthma.ics",), better="lower", by=Amount(value=share, unit="%"))
    doses = inhaler(STRONG, "70 days ago"), inhaler(WEAK, "10 days ago")
    assert said(found(asked, *doses)) == expected


def test_dose_that_does_not_cover_today_is_not_known() -> None:
    finding = found(LOWER, inhaler(STRONG, "70 days ago"), inhaler(WEAK, "40 days ago"))
    assert finding.miss == "the one daily dose today is not known"


def test_dose_that_ended_long_before_the_drug_is_not_known() -> None:
    finding = found(LOWER, inhaler(STRONG, "300 days ago"), inhaler(WEAK, "10 days ago"))
    assert finding.miss == "the one daily dose before the first dose is not known"


def test_two_inhalers_in_use_at_once_tell_no_dose() -> None:
    doses = (inhaler(one, "10 days ago") for one in (STRONG, WEAK))
    assert found(LOWER, inhaler(STRONG, "70 days ago"), *doses).miss == (
        "the one daily dose today is not known"
    )


def test_dose_has_no_trend_before_the_drug_was_given() -> None:
    finding = found(LOWER, inhaler(STRONG, "70 days ago"), start=False)
    assert said(finding) == "unknown not_found"
    assert finding.miss == "no dose of the requested drug so far"
