"""Values that a patient of that age cannot have, and two that no child has within weeks."""

import pytest
from support.fact_case import ordinal, patient

from service.facts.measurements.possible_values import impossible_age, too_fast
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure


def kilograms(value: float) -> Measure:
    return Measure(value, value)


def days(first: int, last: int | None = None) -> DayRange:
    """A day so many days ago, or one of those up to another."""
    return DayRange(ordinal(first), ordinal(first if last is None else last))


@pytest.mark.parametrize(
    ("age", "weight", "possible"),
    [
        ("7 months", 14.4, True),
        ("7 months", 14.5, False),
        ("7 months", 3.9, True),
        ("7 months", 3.8, False),
        ("8 months", 14.5, True),
        ("9 years", 120, True),
        ("9 years", 121, False),
        ("10 years", 121, True),
        ("40 years", 300, True),
    ],
)
def test_weight_is_possible_up_to_a_limit_of_the_age(
    age: str, weight: float, possible: bool
) -> None:
    case = patient(age=age)
    fact = case.knowledge.facts["patient.weight"]
    assert (impossible_age(case, fact, days(0), kilograms(weight)) is None) is possible


@pytest.mark.parametrize(
    ("born", "day", "possible"),
    [("7 months ago", 0, False), ("3 years ago", 900, False), ("3 years ago", 0, True)],
)
def test_age_is_that_of_the_day_of_the_value(born: str, day: int, possible: bool) -> None:
    case = patient(born=born)
    fact = case.knowledge.facts["patient.weight"]
    assert (impossible_age(case, fact, days(day), kilograms(18)) is None) is possible


def test_value_without_a_day_may_be_of_any_day_of_life() -> None:
    case = patient(age="3 years")
    fact = case.knowledge.facts["patient.weight"]
    assert impossible_age(case, fact, None, kilograms(18)) is None
    assert impossible_age(case, fact, None, kilograms(60)) is not None


@pytest.mark.parametrize(
    ("age", "before", "on", "now", "fast"),
    [
        ("11 years", 35, 30, 77, True),
        ("11 years", 77, 30, 35, True),
        ("11 years", 35, 90, 52.6, True),
        ("11 years", 35, 91, 52.6, False),
        ("11 years", 35, 30, 52.5, False),
        ("11 years", 35, 0, 77, False),
        ("17 years", 35, 30, 77, True),
        ("18 years", 35, 30, 77, False),
    ],
)
def test_child_does_not_gain_or_lose_a_half_in_ninety_days(
    age: str, before: float, on: int, now: float, fast: bool
) -> None:
    case = patient(age=age)
    growth = case.knowledge.facts["patient.weight"].growth
    assert growth is not None
    newer, older = (days(0), kilograms(now)), (days(on), kilograms(before))
    assert too_fast(case, growth, newer, older) is fast
