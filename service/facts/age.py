"""Age in calendar months from a birth date of any precision."""

from datetime import date

from service.facts.case import Case
from service.facts.model import Fact
from service.facts.results import nothing_found
from service.fhir.days import DayRange, add_months, parse_day
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Compare
from service.policy.truth import Reason


def born(case: Case) -> DayRange | None:
    """The patient's day of birth as far as it is known."""
    day: DayRange | None = case.once("born", lambda: _born(case))
    return day


def _born(case: Case) -> DayRange | None:
    written = _written(case)
    return None if written is None or _no_age(case, written) else written


def _no_age(case: Case, birth: DayRange) -> str | None:
    """Why a day of birth tells no age: nobody is so old, or not born yet."""
    if birth.first > case.today:
        return "the date of birth is in the future"
    oldest = case.knowledge.of_kind("age").high
    if oldest is None:
        return None
    birthday = add_months(date.fromordinal(birth.last), int(oldest * MONTHS_OF["years"]))
    if birthday.toordinal() >= case.today:
        return None
    return f"the date of birth is more than {oldest:g} years ago"


def _written(case: Case) -> DayRange | None:
    patients = case.record.resources.get("Patient", [])
    written = patients[0].get("birthDate") if patients else None
    # whoever writes a time to it means the day that is written
    return parse_day(written.partition("T")[0]) if isinstance(written, str) else None


SAID_IN_MONTHS = 36


def age(case: Case, fact: Fact, asked: Compare) -> Finding:
    """Whether the patient has reached, or not yet, an age; a partial birth date is an interval."""
    birth = born(case)
    if birth is None:
        written = _written(case)
        why = written and _no_age(case, written)
        return unknown(Reason.REVIEW, way=fact.way, miss=why) if why else nothing_found(case, fact)
    shown = Evidence(f"Patient/{case.record.patient_id}", None, age_in_words(case, birth), "record")
    bound = asked.at_least or asked.less_than
    if bound is None:
        raise TypeError("age is compared by at_least or less_than")
    surely, perhaps = _reached(case, birth, bound)
    if surely is not perhaps:
        return unknown(Reason.IMPRECISE, shown)
    if surely is (asked.at_least is not None):
        return met(shown)
    earliest = f"{shown.value}; earliest on {_birthday(birth.last, bound).isoformat()}"
    return not_met(shown, miss=earliest if asked.at_least else shown.value)


def _reached(case: Case, birth: DayRange, age: Amount) -> tuple[bool, bool]:
    """Whether the patient is of that age if born on the last day, and if born on the first."""
    if age.unit in MONTHS_OF:
        least, (low, high) = int(age.value) * MONTHS_OF[age.unit], months_known(case, birth)
        return low >= least, high >= least
    born_on = (birth.last, birth.first)
    low, high = (_birthday(day, age).toordinal() <= case.today for day in born_on)
    return low, high


def _birthday(day: int, age: Amount) -> date:
    born_on = date.fromordinal(day)
    if age.unit in DAYS_OF:
        return date.fromordinal(day + int(age.value) * DAYS_OF[age.unit])
    return add_months(born_on, int(age.value) * MONTHS_OF[age.unit])


def months_old(day: int, today: date) -> int:
    """Completed calendar months since that day of birth."""
    birth = date.fromordinal(day)
    months = (today.year - birth.year) * 12 + today.month - birth.month
    return months if add_months(birth, months) <= today else months - 1


def months_known(case: Case, birth: DayRange) -> tuple[int, int]:
    """The fewest and the most months that the patient may be old."""
    months: tuple[int, int] = case.once("months old", lambda: _months(case, birth))
    return months


def _months(case: Case, birth: DayRange) -> tuple[int, int]:
    most = months_old(birth.first, case.day)
    return (most if birth.exact else months_old(birth.last, case.day)), most


def age_in_words(case: Case, birth: DayRange) -> str:
    """The age as a clinician says it: months in the first three years, years after."""
    words: str = case.once("age in words", lambda: _in_words(case, birth))
    return words


def _in_words(case: Case, birth: DayRange) -> str:
    low, high = (max(0, months) for months in months_known(case, birth))
    if low < SAID_IN_MONTHS:
        return f"{low} months" if low == high else f"{low} to {high} months"
    low, high = low // 12, high // 12
    return f"{low} years" if low == high else f"{low} to {high} years"
