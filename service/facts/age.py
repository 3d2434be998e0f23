"""The patient's day of birth, and the age in calendar months that it tells."""

from datetime import date

from service.facts.case import PatientCase
from service.fhir.values.days import DayRange, add_months, months_between
from service.memo import per_patient
from service.policy.amount import MONTHS_OF
from service.policy.finding import Remark, remark


@per_patient
def born(case: PatientCase) -> DayRange | None:
    """The patient's day of birth as far as it is known."""
    written = case.written_birth
    return None if written is None or no_age(case, written) else written


def no_age(case: PatientCase, birth: DayRange) -> Remark | None:
    """Why a day of birth tells no age: nobody is so old, or not born yet."""
    if birth.first > case.today:
        return remark("born_in_future")
    oldest = case.knowledge.of_kind("age").high
    if oldest is None:
        return None
    birthday = add_months(date.fromordinal(birth.last), int(oldest * MONTHS_OF["years"]))
    if birthday.toordinal() >= case.today:
        return None
    return remark("born_too_long_ago", years=oldest)


SAID_IN_MONTHS = 36


def months_old(day: int, today: date) -> int:
    """Completed calendar months since that day of birth."""
    return months_between(date.fromordinal(day), today)


@per_patient
def months_known(case: PatientCase, birth: DayRange) -> tuple[int, int]:
    """The fewest and the most months that the patient may be old."""
    most = months_old(birth.first, case.day)
    return (most if birth.exact else months_old(birth.last, case.day)), most


@per_patient
def age_in_words(case: PatientCase, birth: DayRange) -> Remark:
    """The age as a clinician says it: months in the first three years, years after."""
    low, high = (max(0, months) for months in months_known(case, birth))
    if low < SAID_IN_MONTHS:
        return remark("age_in_months", low=low, high=high)
    return remark("age_in_years", low=low // 12, high=high // 12)


def age_of(months: int) -> Remark:
    """An age that a label names, in whole years where it is one."""
    if months % MONTHS_OF["year"]:
        return remark("months_of_age", count=months)
    return remark("years_of_age", count=months // MONTHS_OF["year"])
