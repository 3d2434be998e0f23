"""Bounds and spans against each other, and those that make a question always or never true."""

import pytest
from support.written_operators import written

from service.library.criteria.bounds import (
    Between,
    apart,
    between,
    beyond,
    inside,
    longer,
    no_longer,
    wrong_defaults,
    wrong_windows,
)
from service.library.shapes import TrialDefaultsShape
from service.policy.amount import Amount, Span
from service.policy.operators import (
    Compare,
    CoveredDays,
    CurrentFor,
    Operator,
    Sessions,
    Supply,
)


def points(value: float) -> Amount:
    return Amount(value=value, unit="points")


def asked(**bounds: Amount) -> Between:
    return between(written(Compare, {"fact": "x", **bounds}))


FROM_10, OVER_10 = asked(at_least=points(10)), asked(more_than=points(10))
TO_10, UNDER_10 = asked(at_most=points(10)), asked(less_than=points(10))
FROM_11, TO_9 = asked(at_least=points(11)), asked(at_most=points(9))


def test_bounds_say_whether_their_own_value_passes() -> None:
    assert Between(points(10), low_counts=True, high_counts=False) == FROM_10
    assert Between(points(10), low_counts=False, high_counts=False) == OVER_10
    assert Between(low_counts=False, high=points(10), high_counts=True) == TO_10


def test_values_that_do_not_pass_are_those_beyond_the_bound() -> None:
    assert beyond(FROM_10) == Between(None, True, points(10), False)
    assert beyond(TO_10) == Between(points(10), False, None, True)
    assert beyond(asked(at_least=points(1), at_most=points(2))) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FROM_10, TO_9, True),
        (FROM_10, TO_10, False),
        (FROM_10, UNDER_10, True),
        (OVER_10, TO_10, True),
        (FROM_10, FROM_11, False),
        (FROM_10, asked(at_most=Amount(value=9, unit="mg")), False),
    ],
)
def test_bounds_are_apart_when_no_value_passes_both(
    one: Between, other: Between, expected: bool
) -> None:
    assert apart(one, other) is expected
    assert apart(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (FROM_11, FROM_10, True),
        (FROM_10, FROM_11, False),
        (FROM_10, FROM_10, True),
        (OVER_10, FROM_10, True),
        (FROM_10, OVER_10, False),
        (UNDER_10, TO_10, True),
        (TO_10, UNDER_10, False),
        (FROM_10, TO_10, False),
        (FROM_10, Between(), True),
    ],
)
def test_bound_lies_inside_another_when_all_it_lets_pass_passes_there(
    one: Between, other: Between, expected: bool
) -> None:
    assert inside(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "is_longer", "is_no_longer"),
    [
        (Span(days=28), Span(days=27), True, False),
        (Span(days=28), Span(days=28), False, True),
        (Span(months=12), Span(months=6), True, False),
        (Span(months=1), Span(days=30), False, False),
        (Span(months=1), Span(days=27), True, False),
        (Span(days=27), Span(months=1), False, True),
        (None, Span(days=1), False, False),
        (Span(days=1), None, False, True),
    ],
)
def test_span_is_longer_only_when_that_is_sure(
    one: Span | None, other: Span | None, is_longer: bool, is_no_longer: bool
) -> None:
    assert longer(one, other) is is_longer
    assert no_longer(one, other) is is_no_longer


OF = ("a.class",)


def days(count: int) -> Span:
    return Span(days=count)


# What a trial must say besides its spans.
SAID: dict[str, str] = {
    "accepts": "claim",
    "supply_says": "{says}",
    "sessions_says": "{says}",
    "outcome_says": "{says}",
    "outcome_asks": "{says}",
}


def trial(**change: str) -> TrialDefaultsShape:
    spans = {"for": "28 days", "gap": "14 days", "look_back": "12 months", **change}
    return TrialDefaultsShape.model_validate({**SAID, **spans})


def wrong(asked: Operator | None) -> list[str]:
    return [".".join(keys) for keys, _ in wrong_windows(asked, {}, trial())]


CASES = {
    "days": (
        Supply(of=OF, days=days(100), look_back=days(100)),
        Supply(of=OF, days=days(101), look_back=days(100)),
        "supply.days",
    ),
    "ended within": (
        Supply(of=OF, ended_within=days(100), look_back=days(100)),
        Supply(of=OF, ended_within=days(101), look_back=days(100)),
        "supply.ended_within",
    ),
    "covered": (
        Supply(of=OF, covered=CoveredDays(at_least=days(30), in_last=days(30))),
        Supply(of=OF, covered=CoveredDays(at_least=days(31), in_last=days(30))),
        "supply.covered.at_least",
    ),
    "current": (
        Supply(of=OF, current_for=CurrentFor(at_least=days(30), gap=days(30))),
        Supply(of=OF, current_for=CurrentFor(at_least=days(30), gap=days(31))),
        "supply.current_for.gap",
    ),
    "longest": (
        Supply(of=OF, longest=days(30), gap=days(30)),
        Supply(of=OF, longest=days(30), gap=days(31)),
        "supply.gap",
    ),
    "sessions": (
        Sessions(of=OF, first_to_last=days(30), ended_within=Span(months=12)),
        Sessions(of=OF, first_to_last=days(30), ended_within=Span(months=13)),
        "sessions.ended_within",
    ),
}


@pytest.mark.parametrize(("sound", "unsound", "where"), CASES.values(), ids=CASES)
def test_span_that_does_not_fit_into_its_window_is_wrong(
    sound: Operator, unsound: Operator, where: str
) -> None:
    assert wrong(sound) == []
    assert wrong(unsound) == [where]


def test_nothing_asked_is_not_wrong() -> None:
    assert wrong(None) == []


def test_trial_longer_than_the_time_looked_back_over_is_wrong() -> None:
    assert list(wrong_defaults(trial())) == []
    (found,) = wrong_defaults(trial(**{"for": "400 days"}))
    assert found == (
        ("trial", "for"),
        "400 days are longer than the 12 months that are looked back over",
    )
    assert [place for place, _ in wrong_defaults(trial(gap="400 days"))] == [("trial", "gap")]
