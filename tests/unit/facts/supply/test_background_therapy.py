"""Whether a day lies in covered days of a background therapy."""

import pytest
from support.fact_case import CLAIMS_HELD, Answer, ordinal, patient, said, worded
from support.fact_case import in_words as said_of

from service.facts.supply.background_therapy import in_words, on_background
from service.fhir.values.days import DayRange
from service.policy.amount import Span
from service.policy.operators import Background

ICS = Background(of=("asthma.ics",))
DAILY = Background(of=("asthma.ics",), run=Span(days=90), gap=Span(days=10))
AFTER = Background(of=("asthma.ics",), after=Span(days=14))
Json = dict[str, object]


def inhaler(on: str, days: int | None = 30) -> Json:
    entry: Json = {"drug": "fluticasone 110 inhaler", "on": on}
    return entry if days is None else {**entry, "days": days}


def found(
    days_ago: int,
    *dispenses: Json,
    asked: Background = ICS,
    until: int | None = None,
    **given: object,
) -> Answer:
    """Whether a day so many days ago, or a span of days, is covered."""
    day = DayRange(ordinal(days_ago), ordinal(days_ago if until is None else until))
    case = patient("asthma", dispenses=list(dispenses), **given)
    return worded(on_background(case, (asked,), day))


@pytest.mark.parametrize(
    ("day", "expected"), [(60, "met"), (31, "met"), (30, "not_met"), (61, "not_met")]
)
def test_day_of_a_test_is_covered_from_the_first_to_the_last_day_of_supply(
    day: int, expected: str
) -> None:
    assert said(found(day, inhaler("60 days ago"), **CLAIMS_HELD)) == expected


def test_uncovered_day_proves_nothing_where_claims_are_not_held() -> None:
    finding = found(30, inhaler("60 days ago"))
    assert said(finding) == "unknown weak_evidence"
    assert finding.miss is not None
    assert finding.miss.startswith("not shown on 2026-10-21: ")
    assert said(found(30)) == "unknown not_held"


def test_span_of_days_is_covered_as_a_whole_or_perhaps() -> None:
    assert said(found(60, inhaler("60 days ago"), until=31)) == "met"
    assert said(found(60, inhaler("60 days ago"), until=30)) == "unknown imprecise"


@pytest.mark.parametrize(
    ("second", "days", "expected"),
    [
        ("125 days ago", 45, "met"),
        ("125 days ago", 44, "not_met"),
        ("124 days ago", 45, "not_met"),
    ],
    ids=["long enough", "a day too short", "a gap a day too long"],
)
def test_daily_therapy_needs_a_run_of_covered_days_with_its_gaps_bridged(
    second: str, days: int, expected: str
) -> None:
    fills = inhaler("180 days ago", 45), inhaler(second, days)
    assert said(found(100, *fills, asked=DAILY, **CLAIMS_HELD)) == expected


@pytest.mark.parametrize(("day", "expected"), [(17, "met"), (16, "not_met")])
def test_days_after_the_last_covered_day_count_where_the_policy_says_so(
    day: int, expected: str
) -> None:
    assert said(found(day, inhaler("60 days ago"), asked=AFTER, **CLAIMS_HELD)) == expected


def test_fill_without_days_supply_may_cover_the_day() -> None:
    assert said(found(30, inhaler("60 days ago", None))) == "unknown imprecise"


def test_one_of_several_backgrounds_is_enough() -> None:
    day = DayRange(ordinal(50), ordinal(50))
    case = patient("asthma", dispenses=[inhaler("60 days ago")], **CLAIMS_HELD)
    other = Background(of=("eoe.ppi",))
    assert said(on_background(case, (other, ICS), day)) == "met"
    assert said(on_background(case, (other,), day)) == "not_met"


def test_background_is_said_in_words() -> None:
    case = patient("asthma")
    two = Background(of=("asthma.ics", "ad.tci"), together=True, at_dose="high", run=Span(days=90))
    first, second = (case.knowledge.titles[one].partition(":")[0] for one in two.of)
    assert (
        said_of(in_words(case, two)) == f"{first} with {second}, high daily dose, daily for 90 days"
    )
    assert said_of(in_words(case, ICS)) == first
