"""What a policy asks of covered days, as a test of a timeline, and how near one comes."""

import pytest
from support.fact_case import in_words, ordinal, patient

from service.facts.supply.covered_days import Timeline
from service.facts.supply.supply_tests import (
    days_asked,
    ended_inside,
    miss_of,
    other_readings,
)
from service.facts.supply.supply_tests import (
    test_of as required,
)
from service.policy.amount import Span
from service.policy.operators import CoveredDays, CurrentFor, Supply

CASE = patient()
OF = ("ad.tci",)


def line(*runs: tuple[int, int]) -> Timeline:
    """Covered days, each run from so many to so many days ago."""
    return Timeline(tuple((ordinal(first), ordinal(last)) for first, last in runs))


CASES = {
    "now": (Supply(of=OF, now=True), line((10, 0)), line((10, 1))),
    "ever": (Supply(of=OF, ever=True), line((9000, 9000)), line()),
    "covered": (
        Supply(of=OF, covered=CoveredDays(at_least=Span(days=10), in_last=Span(days=30))),
        line((29, 20)),
        line((30, 21)),
    ),
    "current, at least": (
        Supply(of=OF, current_for=CurrentFor(at_least=Span(days=28), gap=Span(days=5))),
        line((27, 20), (14, 0)),
        line((27, 20), (13, 0)),
    ),
    "current, more than": (
        Supply(of=OF, current_for=CurrentFor(more_than=Span(days=28), gap=Span(days=5))),
        line((28, 0)),
        line((27, 0)),
    ),
    "longest": (
        Supply(of=OF, longest=Span(days=20), gap=Span(days=5)),
        line((900, 891), (885, 876)),
        line((900, 891), (884, 875)),
    ),
    "longest in the look-back": (
        Supply(of=OF, longest=Span(days=20), look_back=Span(days=100)),
        line((110, 81)),
        line((110, 82)),
    ),
    "trial": (
        Supply(of=OF, days=Span(days=28), look_back=Span(days=100)),
        line((120, 73)),
        line((120, 74)),
    ),
    "trial that ended lately": (
        Supply(of=OF, days=Span(days=28), ended_within=Span(days=60)),
        line((87, 60)),
        line((88, 61)),
    ),
}


@pytest.mark.parametrize(("asked", "enough", "too_few"), CASES.values(), ids=CASES)
def test_covered_days_pass_just_where_the_policy_says(
    asked: Supply, enough: Timeline, too_few: Timeline
) -> None:
    assert required(CASE, asked)(enough)
    assert not required(CASE, asked)(too_few)


def test_trial_without_a_look_back_counts_the_last_twelve_months() -> None:
    asked = Supply(of=OF, days=Span(days=1))
    assert required(CASE, asked)(line((365, 365)))
    assert not required(CASE, asked)(line((366, 366)))


def test_trial_that_names_no_length_asks_for_one_day() -> None:
    assert days_asked(Supply(of=OF)) == 1
    assert days_asked(Supply(of=OF, days=Span(days=56))) == 56


def test_trial_without_covered_days_has_not_ended_inside_any_window() -> None:
    assert not ended_inside(CASE, Supply(of=OF), line())
    assert ended_inside(CASE, Supply(of=OF), line((3000, 3000)))


MISSES = {
    "days of a window": (CASES["covered"][0], line((40, 25)), "5 of 10 days covered"),
    "no day of a window": (
        CASES["covered"][0],
        line((40, 31)),
        "0 of 10 days covered, the last on 2026-10-20",
    ),
    "no day asked of": (
        Supply(of=OF, covered=CoveredDays(at_least=Span(days=1), in_last=Span(days=30))),
        line(),
        "not one day covered in the last 30 days",
    ),
    "trial ended too long ago": (
        CASES["trial that ended lately"][0],
        line((128, 101)),
        "28 of 28 days, last covered day 2026-08-11 is too long ago",
    ),
    "trial before the look-back": (
        CASES["trial"][0],
        line((300, 291)),
        "0 of 28 days; 10 earlier days, the last on 2026-02-02, lie before the 100 days that count",
    ),
    "longest run": (CASES["longest"][0], line((900, 896)), "5 of 20 days in one run"),
    "current, ended": (
        CASES["current, at least"][0],
        line((40, 11)),
        "the last covered day was 2026-11-09",
    ),
    "current, too short": (
        CASES["current, at least"][0],
        line((9, 0)),
        "10 of 28 days; earliest on 2026-12-08",
    ),
    "current, nothing": (CASES["current, at least"][0], line(), None),
    "trial in use": (
        Supply(of=OF, days=Span(days=28)),
        line((9, 0)),
        "10 of 28 days; earliest on 2026-12-08",
    ),
    "window in use": (
        CASES["covered"][0],
        line((4, 0)),
        "5 of 10 days covered; earliest on 2026-11-25",
    ),
    "at a dose": (
        Supply(of=OF, now=True, at_dose="high"),
        line(),
        "not covered today at a high daily dose",
    ),
}


@pytest.mark.parametrize(("asked", "covered", "miss"), MISSES.values(), ids=MISSES)
def test_missing_days_are_said_with_the_first_day_on_which_they_are_reached(
    asked: Supply, covered: Timeline, miss: str | None
) -> None:
    assert in_words(miss_of(CASE, asked, covered)) == miss


def test_other_reading_is_named_only_where_it_decides_otherwise() -> None:
    asked = Supply(
        of=OF,
        days=Span(days=28),
        ended_within=Span(days=60),
        gap=Span(days=5),
        also=("inside_window", "one_run"),
    )
    assert other_readings(CASE, asked, line((59, 32))) == ()
    assert [in_words(one) for one in other_readings(CASE, asked, line((80, 53)))] == [
        "If the payer reads it as the whole trial within 60 days, this does not count."
    ]
    assert [in_words(one) for one in other_readings(CASE, asked, line((59, 46), (39, 26)))] == [
        "If the payer reads it as one trial without a gap over 5 days, this does not count."
    ]
