"""Values that cannot be true of a patient of that age, or beside another value of the same weeks."""

from datetime import date

from service.facts.age import age_of, born, months_old
from service.facts.case import PatientCase
from service.facts.fact import Fact, Growth
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import INFINITY, Measure
from service.policy.finding import Remark


def impossible_age(
    case: PatientCase, fact: Fact, day: DayRange | None, value: Measure
) -> Remark | None:
    """The age at which nobody has such a value; None if it is possible."""
    ages = _ages_on(case, day) if fact.by_age else None
    if ages is None:
        return None
    ranges = [_range_at(fact, months) for months in ages]
    lowest = min(low for low, _ in ranges)
    highest = max(high for _, high in ranges)
    return None if value.high >= lowest and value.low <= highest else age_of(ages[1])


def too_fast(
    case: PatientCase,
    growth: Growth,
    newer: tuple[DayRange, Measure],
    older: tuple[DayRange, Measure],
) -> bool:
    """Whether a child cannot have both values: too different for the days between them."""
    (day, value), (day_before, before) = newer, older
    ages = _ages_on(case, day)
    if ages is None or ages[1] >= growth.below:
        return False
    if not day_before.last < day.first <= day_before.last + growth.within_days:
        return False
    return value.low > before.high * growth.times or value.high * growth.times < before.low


def _ages_on(case: PatientCase, day: DayRange | None) -> tuple[int, int] | None:
    """The fewest and the most months of age on a day, at any time of life if it is not known."""
    birth = born(case)
    if birth is None:
        return None
    first, last = (day.first, day.last) if day else (birth.first, case.today)
    return max(0, _months(birth.last, first)), max(0, _months(birth.first, last))


def _months(birth: int, day: int) -> int:
    return months_old(birth, date.fromordinal(day))


def _range_at(fact: Fact, months: int) -> tuple[float, float]:
    return next(
        ((at.low, at.high) for at in fact.by_age if months < at.below), (-INFINITY, INFINITY)
    )
