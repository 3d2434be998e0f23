"""Bounds and spans against each other."""

import pytest

from service.library.criteria.bounds import (
    Between,
    apart,
    between,
    beyond,
    inside,
    longer,
    no_longer,
)
from service.policy.amount import Amount, Span
from service.policy.operators import Compare


def points(value: float) -> Amount:
    return Amount(value=value, unit="points")


def asked(**bounds: Amount) -> Between:
    return between(Compare.model_validate({"fact": "x", **bounds}))


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
