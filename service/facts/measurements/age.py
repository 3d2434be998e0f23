"""Age in calendar months from a birth date of any precision."""

from datetime import date

from service.facts.birth import age_in_words, born, months_known, no_age
from service.facts.case import Case
from service.facts.measurements.results import nothing_found
from service.facts.model import Fact
from service.fhir.values.days import DayRange, add_months
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Compare
from service.policy.remark import remark
from service.policy.truth import Reason


def age(case: Case, fact: Fact, asked: Compare) -> Finding:
    """Whether the patient has reached, or not yet, an age; a partial birth date is an interval."""
    birth = born(case)
    if birth is None:
        written = case.written_birth
        why = written and no_age(case, written)
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
    if not asked.at_least:
        return not_met(shown, miss=age_in_words(case, birth))
    earliest = _birthday(birth.last, bound)
    return not_met(shown, miss=remark("too_young", age=shown.value, earliest=earliest))


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
