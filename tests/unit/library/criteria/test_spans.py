"""Spans of time as documents write them: which mean nothing."""

import pytest

from service.library.criteria.spans import too_long, wrong_age, wrong_spans
from service.library.shapes.operator_shapes import shape_of
from service.policy.amount import Amount
from service.policy.operators import CoveredDays, Episodes, Recorded


def wrong(key: str, written: str) -> list[str]:
    """What is said of one span of `covered`, the other being sound."""
    raw = {"at_least": "28 days", "in_last": "180 days", key: written}
    return [what for _, what in wrong_spans(raw, shape_of(CoveredDays).model_validate(raw))]


def test_sound_span_is_not_wrong() -> None:
    assert wrong("at_least", "28 days") == []
    assert wrong("at_least", "4 weeks") == []


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("0 days", "at_least: a span is longer than nothing"),
        ("1.5 days", "at_least: a span is a whole number of days, weeks, months or years"),
        ("3 months", "at_least: days are counted here; write it in days or weeks"),
        ("54788 days", "at_least: longer than a life"),
    ],
)
def test_span_that_cannot_be_counted_is_told_with_its_key(written: str, says: str) -> None:
    (what,) = wrong("at_least", written)
    assert what.startswith(says)


def test_months_may_stand_where_the_operator_counts_by_the_calendar() -> None:
    raw = {"of": ["x"], "at_least": 2, "in_last": "12 months"}
    assert list(wrong_spans(raw, shape_of(Episodes).model_validate(raw))) == []


def test_place_of_a_wrong_span_is_its_address() -> None:
    raw = {"fact": ["x"], "within": "0 days"}
    found = list(wrong_spans(raw, shape_of(Recorded).model_validate(raw), ("all", 0)))
    assert found == [(("all", 0, "within"), "within: a span is longer than nothing")]


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [(150, "years", False), (151, "years", True), (54_787, "days", False), (54_788, "days", True)],
)
def test_span_longer_than_a_life_is_too_long(count: float, unit: str, expected: bool) -> None:
    assert too_long(count, unit) is expected


@pytest.mark.parametrize(
    ("value", "unit", "why"),
    [
        (6, "years", None),
        (150, "years", None),
        (151, "years", "no patient becomes so old"),
        (0, "years", "an age is a whole number of days, weeks, months or years"),
        (1.5, "years", "an age is a whole number of days, weeks, months or years"),
    ],
)
def test_age_is_a_whole_number_that_somebody_reaches(
    value: float, unit: str, why: str | None
) -> None:
    assert wrong_age(Amount(value=value, unit=unit)) == why
