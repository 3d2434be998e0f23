"""Covered days against what a policy asks of them; classes excluded or in use."""

from dataclasses import replace

import pytest
from support.fact_case import CLAIMS_HELD, Answer, patient, said, worded
from support.written_operators import written

from service.facts.supply.supply import excluded, in_use, supply
from service.policy.amount import Span
from service.policy.operators import CoveredDays, CurrentFor, Excluded, Supply

CREAMS = ("ad.tcs_medium_or_higher",)
NOW = Supply(of=CREAMS, now=True)


def cream(on: str, days: int | None = 30, **more: object) -> dict[str, object]:
    """A paid claim for a steroid cream."""
    entry = {"drug": "triamcinolone cream", "on": on, **more}
    return entry if days is None else {**entry, "days": days}


def found(asked: Supply, *claims: dict[str, object], **given: object) -> Answer:
    return worded(supply(patient(claims=list(claims), **{**CLAIMS_HELD, **given}), asked))


@pytest.mark.parametrize(
    ("on", "expected"), [("29 days ago", "met"), ("30 days ago", "not_met"), ("today", "met")]
)
def test_supply_covers_today_from_its_first_to_its_last_day(on: str, expected: str) -> None:
    assert said(found(NOW, cream(on))) == expected


def test_supply_in_use_says_until_when_it_lasts() -> None:
    assert found(NOW, cream("20 days ago")).miss == (
        "supply until 2026-11-29; earliest on 2026-11-30"
    )


def test_no_supply_is_not_met_only_where_claims_are_held() -> None:
    assert said(found(NOW)) == "not_met"
    assert said(found(NOW, claims_held="no")) == "unknown not_held"
    assert said(found(NOW, paged="claims")) == "unknown incomplete"


@pytest.mark.parametrize(("days", "expected"), [(28, "met"), (27, "not_met")])
def test_trial_is_as_long_as_its_covered_days(days: int, expected: str) -> None:
    asked = Supply(of=CREAMS, days=Span(days=28), ended_within=Span(days=180))
    assert said(found(asked, cream("60 days ago", days))) == expected


@pytest.mark.parametrize(("on", "expected"), [("207 days ago", "met"), ("208 days ago", "not_met")])
def test_trial_must_have_ended_within_the_window(on: str, expected: str) -> None:
    asked = Supply(of=CREAMS, days=Span(days=28), ended_within=Span(days=180))
    assert said(found(asked, cream(on, 28))) == expected


def test_trial_that_is_too_short_says_how_many_days_it_has() -> None:
    asked = Supply(of=CREAMS, days=Span(days=28))
    assert found(asked, cream("60 days ago", 20)).miss == "20 of 28 days"


@pytest.mark.parametrize(("least", "expected"), [(60, "met"), (61, "not_met")])
def test_covered_days_of_a_window_are_counted_over_all_fills(least: int, expected: str) -> None:
    window = CoveredDays(at_least=Span(days=least), in_last=Span(days=180))
    asked = Supply(of=CREAMS, covered=window)
    assert said(found(asked, cream("150 days ago"), cream("60 days ago"))) == expected


@pytest.mark.parametrize(("gap", "expected"), [(30, "met"), (29, "not_met")])
def test_current_therapy_bridges_gaps_up_to_the_allowed_days(gap: int, expected: str) -> None:
    asked = Supply(of=CREAMS, current_for=CurrentFor(at_least=Span(days=80), gap=Span(days=gap)))
    assert said(found(asked, cream("79 days ago"), cream("19 days ago"))) == expected


def test_claim_without_days_supply_leaves_use_today_open() -> None:
    assert said(found(NOW, cream("60 days ago", None))) == "unknown imprecise"
    assert said(found(NOW, cream("90 days ago", None))) == "not_met"


def test_denied_claim_is_no_supply() -> None:
    assert said(found(NOW, cream("today", denied="yes"))) == "not_met"


LISTED = {"drug": "triamcinolone cream", "from": "10 days ago"}


def test_list_of_the_chart_alone_is_weak_evidence() -> None:
    assert said(found(NOW, chart=[LISTED], claims_held="no")) == "unknown weak_evidence"


def test_list_of_the_chart_does_not_outweigh_claims_that_are_held() -> None:
    assert said(found(NOW, chart=[LISTED])) == "not_met"


def test_list_of_the_chart_may_cover_today_where_the_policy_accepts_it() -> None:
    asked = replace(NOW, accepts=("chart",))
    finding = found(asked, chart=[LISTED])
    assert said(finding) == "unknown imprecise"
    assert [one.kind for one in finding.evidence] == ["chart"]


def test_ingredient_alone_is_not_surely_of_the_class() -> None:
    entry = {"drug": "triamcinolone, ingredient only", "days": 30, "on": "today"}
    assert said(found(NOW, entry)) == "unknown review"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (replace(NOW, always="review"), "unknown review"),
        (replace(NOW, otherwise="review"), "met"),
    ],
)
def test_met_supply_is_left_to_the_reviewer_where_the_policy_says_always(
    asked: Supply, expected: str
) -> None:
    assert said(found(asked, cream("today"))) == expected


def test_failed_supply_is_left_to_the_reviewer_where_the_policy_says_otherwise() -> None:
    assert said(found(replace(NOW, otherwise="review"))) == "unknown review"


TWO = ("ad.tcs_medium_or_higher", "ad.tci")
OINTMENT = {"drug": "tacrolimus ointment", "days": 30, "on": "today"}


def test_classes_together_must_cover_the_same_days() -> None:
    asked = Supply(of=TWO, together=True, now=True)
    assert said(found(asked, cream("today"), OINTMENT)) == "met"
    assert said(found(asked, cream("today"))) == "not_met"
    assert said(found(Supply(of=TWO, now=True), cream("today"))) == "met"


def test_therapy_in_use_has_its_ingredient_and_its_last_day() -> None:
    case = patient(claims=[cream("20 days ago"), cream("today")])
    used = in_use(case, CREAMS[0])
    assert used is not None
    assert (used.ingredient, used.until) == ("triamcinolone", case.today + 39)
    assert len(used.shown) == 2


def test_therapy_is_not_in_use_without_a_hand_over_that_covers_today() -> None:
    assert in_use(patient(claims=[cream("30 days ago")]), CREAMS[0]) is None
    assert in_use(patient(chart=[{"drug": "triamcinolone cream"}]), CREAMS[0]) is None
    assert in_use(patient(), CREAMS[0]) is None


def test_exclusion_fails_while_a_class_is_in_use() -> None:
    every = written(Excluded, {"every": TWO, "for": ("reason.intolerance",)})
    any_ = written(Excluded, {"any": TWO, "for": ("reason.intolerance",)})
    case = patient(claims=[cream("today")])
    finding = worded(excluded(case, every))
    assert said(finding) == "not_met"
    assert finding.miss == "takes triamcinolone, supply until 2026-12-19"
    assert said(excluded(case, any_)) == "unknown attestation"
    assert said(excluded(patient(claims=[cream("today"), OINTMENT]), any_)) == "not_met"


def test_recorded_intolerance_of_one_drug_is_shown_and_never_enough() -> None:
    asked = written(Excluded, {"every": TWO, "for": ("reason.intolerance",)})
    shown = excluded(patient(allergies=[{"to": "tacrolimus ointment"}]), asked)
    assert said(shown) == "unknown attestation"
    assert shown.way == "attestation"
    assert len(shown.evidence) == 1
    assert excluded(patient(), asked).way == "review"
