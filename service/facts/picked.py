"""Results picked by their circumstances: some one of all, before a first dose, on a background."""

from collections.abc import Sequence

from service.facts.background import on_background
from service.facts.bounds import decide, needed
from service.facts.case import Case
from service.facts.first_dose import first_dose_of
from service.facts.model import Fact
from service.facts.results import Result, cut_short, newest, nothing_found, results
from service.fhir.days import DayRange
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Compare
from service.policy.truth import REASONS, Reason, Truth, Way

NO_BASELINE = "no value from before the first dose"


def picked(case: Case, fact: Fact, asked: Compare) -> Finding:
    """One and the same result must pass its value, its time and its background."""
    found = results(case, fact)
    if not found:
        return nothing_found(case, fact)
    start = first_dose_of(case, asked.before_first) if asked.before_first else None
    counting = [one for one in found if _before(one, start) is not Truth.NOT_MET]
    if not counting:
        shown = found[0].shown(case, fact)
        return unknown(Reason.NOT_FOUND, shown, way=fact.way, miss=NO_BASELINE)
    if asked.pick == "any":
        return _any(case, fact, [_judged(case, fact, asked, one, start) for one in counting])
    certain = [one for one in counting if _before(one, start) is Truth.MET]
    last = [*newest(counting), *(newest(certain) if certain else ())]
    judged = [_judged(case, fact, asked, one, start) for one in _once(last)]
    if not certain and all(one.truth is Truth.NOT_MET for one in judged):
        # If none of them is from before the first dose, there is no baseline to fail.
        return unknown(Reason.IMPRECISE, *judged[0].evidence, way=fact.way, miss=NO_BASELINE)
    return _agreed(case, fact, judged)


def _before(one: Result, start: DayRange | None) -> Truth:
    if start is None:
        return Truth.MET
    if one.day is None:
        return Truth.UNKNOWN
    if one.day.last <= start.first:
        return Truth.MET
    return Truth.NOT_MET if one.day.first > start.last else Truth.UNKNOWN


def _judged(case: Case, fact: Fact, asked: Compare, one: Result, start: DayRange | None) -> Finding:
    shown = one.shown(case, fact)
    if one.value is None:
        return unknown(Reason.UNIT, shown, way=fact.way)
    passed = decide(asked, one.value)
    if passed is Truth.NOT_MET:
        return not_met(shown, miss=f"{shown.value}, needs {needed(asked)}")
    late = _too_old(case, asked, one) if start is None else None
    if late is not None:
        return unknown(late, shown, way=fact.way)
    if passed is Truth.UNKNOWN:
        return unknown(Reason.IMPRECISE, shown, way=fact.way)
    if _before(one, start) is Truth.UNKNOWN:
        miss = "not known whether from before the first dose"
        return unknown(Reason.IMPRECISE, shown, way=fact.way, miss=miss)
    return _on_background(case, asked, one, shown)


def _too_old(case: Case, asked: Compare, one: Result) -> Reason | None:
    if asked.within is None:
        return None
    since = case.back(asked.within)
    if one.day is None or one.day.first < since <= one.day.last:
        return Reason.IMPRECISE
    return Reason.STALE if one.day.last < since else None


def _on_background(case: Case, asked: Compare, one: Result, shown: Evidence) -> Finding:
    if not asked.during:
        return met(shown)
    if one.day is None:
        return unknown(Reason.IMPRECISE, shown, way=Way.ATTESTATION, miss="its day is not known")
    background = on_background(case, asked.during, one.day)
    return background._replace(evidence=(shown, *background.evidence))


def _any(case: Case, fact: Fact, judged: Sequence[Finding]) -> Finding:
    """The newest result that passes, else the one nearest to it."""
    for finding in judged:
        if finding.truth is Truth.MET:
            return finding
    open_ = [one for one in judged if one.truth is Truth.UNKNOWN]
    if open_:
        return min(open_, key=lambda one: REASONS.index(one.reason or Reason.NOT_FOUND))
    if cut_short(case, fact):
        return unknown(Reason.INCOMPLETE, *judged[0].evidence, way=fact.way, miss=judged[0].miss)
    return judged[0]


def _agreed(case: Case, fact: Fact, judged: Sequence[Finding]) -> Finding:
    """What each result says that may be the last one; where they differ nobody can say."""
    shown = tuple(dict.fromkeys(one for finding in judged for one in finding.evidence))
    if cut_short(case, fact):
        return unknown(Reason.INCOMPLETE, *shown, way=fact.way)
    if len({one.truth for one in judged}) == 1:
        return judged[0]
    open_ = next((one for one in judged if one.truth is Truth.UNKNOWN), None)
    if open_ is not None:
        return open_
    return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)


def _once(found: Sequence[Result]) -> list[Result]:
    return list({id(one): one for one in found}.values())
