"""The comparing operator: a quantity, an age in calendar months or a body site against a policy's bounds."""

from datetime import date

from service.facts.age import age_in_words, born, months_known, no_age
from service.facts.case import PatientCase, days_back
from service.facts.fact import Fact
from service.facts.measurements.baseline import (
    baseline,
    baseline_window,
    finding_of_picked,
    may_be_before,
    perhaps_last_before,
)
from service.facts.measurements.body_sites import sites
from service.facts.measurements.grades import on_asked_scale
from service.facts.measurements.results import (
    Result,
    finding_of_newest,
    newest_results,
    nothing_found,
    results,
)
from service.facts.measurements.threshold import below_bounds, passes_bounds
from service.facts.supply.first_dose import first_dose, no_list_came, why_undated
from service.facts.supply.unread_entries import perhaps_treated, unmapped_fills
from service.fhir.elements import cited
from service.fhir.values.days import DayRange, add_months
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.operators import Compare
from service.policy.truth import Reason, Truth, Way

MET, NOT_MET = {Truth.MET}, {Truth.NOT_MET}


def age(case: PatientCase, fact: Fact, asked: Compare) -> Finding:
    """Whether the patient has reached, or not yet, an age; a partial birth date is an interval."""
    birth = born(case)
    if birth is None:
        written = case.written_birth
        why = written and no_age(case, written)
        return unknown(Reason.REVIEW, way=fact.way, miss=why) if why else nothing_found(case, fact)
    patient = cited(f"Patient/{case.record.patient_id}")
    shown = Evidence(patient, None, age_in_words(case, birth), "record")
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


def _reached(case: PatientCase, birth: DayRange, age: Amount) -> tuple[bool, bool]:
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


def compare(case: PatientCase, asked: Compare) -> Finding:
    """One finding against a value; the reviewer decides below it where that is said."""
    finding = _compare(case, asked)
    if finding.truth is not Truth.NOT_MET or not asked.otherwise:
        return finding
    return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=finding.miss)


def _compare(case: PatientCase, asked: Compare) -> Finding:
    fact = case.knowledge.facts[asked.fact]
    if fact.kind == "age":
        return age(case, fact, asked)
    if fact.kind == "sites":
        return sites(case, fact, asked)
    if asked.pick == "any" or asked.before_first or asked.during:
        return finding_of_picked(case, fact, asked)
    series = on_asked_scale(fact, asked.scale, results(case, fact))
    start = first_dose(case) if asked.pick == "baseline_if_treated" else None
    if start is not None:
        return _treated(case, fact, asked, series, start)
    finding = _latest(case, fact, asked, series)
    failing = finding.truth is Truth.NOT_MET and asked.pick == "baseline_if_treated"
    return _perhaps_on_it(case, fact, finding) if failing else finding


def _perhaps_on_it(case: PatientCase, fact: Fact, finding: Finding) -> Finding:
    """A failing value proves nothing if the patient may already be treated: then unknown."""
    if unread := perhaps_treated(case, (case.drug,)):
        return unmapped_fills(case, unread, finding)
    if no_list_came(case):
        return unknown(Reason.NOT_SUPPLIED, *finding.evidence, way=fact.way, miss=finding.miss)
    return finding


def _latest(case: PatientCase, fact: Fact, asked: Compare, series: list[Result]) -> Finding:
    since = case.back(asked.within) if asked.within else None
    finding = finding_of_newest(
        case, fact, series, lambda value: passes_bounds(asked, value), since
    )
    return _with_miss(fact, asked, finding, series)


def _treated(
    case: PatientCase, fact: Fact, asked: Compare, series: list[Result], start: DayRange
) -> Finding:
    """A04: once treated, the last value before the drug decides; a value met anyway suffices."""
    allowed = baseline_window(case, start, asked.baseline_within)
    not_too_old = allowed.recent_enough(series)
    if series and not not_too_old:
        return unknown(
            Reason.NOT_FOUND, series[0].shown(case, fact), way=fact.way, miss=allowed.miss
        )
    before, maybe = baseline(not_too_old, start)
    if before and not maybe and allowed.sure(newest_results(before)):
        finding = finding_of_newest(
            case, fact, before, lambda value: passes_bounds(asked, value), None
        )
        finding = _with_miss(fact, asked, finding, before)
        worse = _worse_since(asked, series, start) if finding.truth is Truth.NOT_MET else None
        if worse is None:
            return finding
        shown = (*finding.evidence, worse.shown(case, fact))
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=finding.miss)
    current = _latest(case, fact, asked, not_too_old)
    # the baseline is one of these; where there may be none, today's value suffices if it passes
    passed = {_passes(asked, each) for each in perhaps_last_before(not_too_old, start)}
    if current.truth is Truth.MET and allowed.sure(newest_results(not_too_old)) and passed <= MET:
        return current
    if current.truth is Truth.NOT_MET and passed == NOT_MET and allowed.sure(before) and before:
        return current
    silent = current.reason if not series else None  # nothing came at all, and why
    reason = why_undated(case) if maybe or before else silent or Reason.NOT_FOUND
    shown = (*current.evidence, *(each.shown(case, fact) for each in newest_results(before)))
    return unknown(reason, *dict.fromkeys(shown), way=fact.way, miss=allowed.miss)


def _worse_since(asked: Compare, series: list[Result], start: DayRange) -> Result | None:
    """A newest value under treatment that passes, where the one from before it was old when it began.

    The drug makes nobody worse: such a value says that the older one was out of date.
    """
    before = newest_results(baseline(series, start)[0])
    if asked.within is not None:
        since = days_back(start.last, asked.within)
        if all(each.day is not None and each.day.first >= since for each in before):
            return None
    newest = (each for each in newest_results(series) if not may_be_before(each, start))
    return next((each for each in newest if _passes(asked, each) is Truth.MET), None)


def _passes(asked: Compare, result: Result) -> Truth:
    return Truth.UNKNOWN if result.value is None else passes_bounds(asked, result.value)


def _with_miss(fact: Fact, asked: Compare, finding: Finding, series: list[Result]) -> Finding:
    if finding.truth is not Truth.NOT_MET or series[0].value is None:
        return finding
    return not_met(*finding.evidence, miss=below_bounds(series[0].value.show(fact.unit), asked))
