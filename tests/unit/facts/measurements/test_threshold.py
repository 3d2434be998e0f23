"""A value against bounds: both sides, the bound itself, and intervals that lie across it."""

import pytest
from support.fact_case import in_words

from service.facts.measurements.threshold import below_bounds, moved_enough, passes_bounds
from service.fhir.values.quantity import INFINITY, Measure
from service.policy.amount import Amount
from service.policy.operators import Better, Compare
from service.policy.truth import Truth

TEN = Amount(value=10, unit="%")
AT_LEAST = Compare(fact="x", at_least=TEN)
MORE_THAN = Compare(fact="x", more_than=TEN)
AT_MOST = Compare(fact="x", at_most=TEN)
LESS_THAN = Compare(fact="x", less_than=TEN)
BETWEEN = Compare(fact="x", at_least=TEN, less_than=Amount(value=20, unit="%"))


def exactly(value: float) -> Measure:
    return Measure(value, value)


@pytest.mark.parametrize(
    ("asked", "below", "at", "above"),
    [
        (AT_LEAST, Truth.NOT_MET, Truth.MET, Truth.MET),
        (MORE_THAN, Truth.NOT_MET, Truth.NOT_MET, Truth.MET),
        (AT_MOST, Truth.MET, Truth.MET, Truth.NOT_MET),
        (LESS_THAN, Truth.MET, Truth.NOT_MET, Truth.NOT_MET),
    ],
)
def test_bound_includes_or_excludes_its_own_value(
    asked: Compare, below: Truth, at: Truth, above: Truth
) -> None:
    found = [passes_bounds(asked, exactly(value)) for value in (9.99, 10, 10.01)]
    assert found == [below, at, above]


@pytest.mark.parametrize(
    ("value", "truth"),
    [(9, Truth.NOT_MET), (10, Truth.MET), (19.9, Truth.MET), (20, Truth.NOT_MET)],
)
def test_value_passes_all_bounds_or_none(value: float, truth: Truth) -> None:
    assert passes_bounds(BETWEEN, exactly(value)) is truth


@pytest.mark.parametrize(
    ("asked", "value", "truth"),
    [
        (AT_LEAST, Measure(8, 12), Truth.UNKNOWN),
        (AT_LEAST, Measure(10, 12), Truth.MET),
        (AT_LEAST, Measure(8, 9), Truth.NOT_MET),
        (AT_LEAST, Measure(8, 10), Truth.UNKNOWN),
        (AT_LEAST, Measure(8, 10, high_open=True), Truth.NOT_MET),
        (MORE_THAN, Measure(10, INFINITY, low_open=True), Truth.MET),
        (MORE_THAN, Measure(10, INFINITY), Truth.UNKNOWN),
        (LESS_THAN, Measure(0, 10, high_open=True), Truth.MET),
        (AT_MOST, Measure(10, INFINITY, low_open=True), Truth.NOT_MET),
    ],
)
def test_interval_decides_only_when_it_lies_on_one_side(
    asked: Compare, value: Measure, truth: Truth
) -> None:
    assert passes_bounds(asked, value) is truth


def test_value_below_its_bounds_is_said_with_them() -> None:
    assert in_words(below_bounds("8 %", AT_LEAST)) == "8 %, needs at least 10 %"
    assert in_words(below_bounds("8 %", BETWEEN)) == ("8 %, needs at least 10 % and less than 20 %")


POINTS, SHARE = Amount(value=4, unit="points"), Amount(value=30, unit="%")


@pytest.mark.parametrize(
    ("by", "better", "old", "new", "truth"),
    [
        (POINTS, "lower", 10, 6, Truth.MET),
        (POINTS, "lower", 10, 6.1, Truth.NOT_MET),
        (POINTS, "lower", 10, 14, Truth.NOT_MET),
        (POINTS, "higher", 10, 14, Truth.MET),
        (POINTS, "higher", 10, 13.9, Truth.NOT_MET),
        (SHARE, "lower", 10, 7, Truth.MET),
        (SHARE, "lower", 10, 7.1, Truth.NOT_MET),
        (SHARE, "higher", 10, 13, Truth.MET),
        (SHARE, "higher", 10, 12.9, Truth.NOT_MET),
        (Amount(value=100, unit="%"), "lower", 10, 0, Truth.MET),
        (SHARE, "lower", 0, 0, Truth.UNKNOWN),
        (SHARE, "lower", -1, -2, Truth.UNKNOWN),
    ],
)
def test_move_counts_from_the_amount_or_share_asked_for(
    by: Amount, better: Better, old: float, new: float, truth: Truth
) -> None:
    assert moved_enough(by, better, exactly(old), exactly(new)) is truth


@pytest.mark.parametrize(
    ("old", "new", "truth"),
    [
        (Measure(10, 12), Measure(5, 6), Truth.MET),
        (Measure(10, 12), Measure(9, 11), Truth.NOT_MET),
        (Measure(10, 12), Measure(6, 8), Truth.UNKNOWN),
        (Measure(8, 10, high_open=True), Measure(6, 8), Truth.NOT_MET),
        (Measure(8, 10), Measure(6, 8), Truth.UNKNOWN),
    ],
)
def test_move_between_intervals_must_agree_at_both_ends(
    old: Measure, new: Measure, truth: Truth
) -> None:
    assert moved_enough(POINTS, "lower", old, new) is truth


def test_remainder_of_a_unit_conversion_is_no_difference() -> None:
    assert (
        moved_enough(POINTS, "lower", exactly(10.000000000001), exactly(6.000000000002))
        is Truth.MET
    )
