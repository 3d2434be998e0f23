"""Results picked by their circumstances: before a first dose (baseline), on a background, some one of all."""

from collections.abc import Sequence
from typing import NamedTuple

from service.facts.case import PatientCase, days_back
from service.facts.evidence import may_be_newer
from service.facts.fact import Fact
from service.facts.measurements.results import (
    Result,
    may_lack_results,
    newest_results,
    nothing_found,
    results,
)
from service.facts.measurements.threshold import below_bounds, passes_bounds
from service.facts.supply.background_therapy import on_background
from service.facts.supply.first_dose import first_dose_of, why_undated
from service.fhir.values.days import DayRange
from service.memo import IdentitySet
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Compare
from service.policy.truth import REASONS, Reason, Truth, Way

NO_VALUE = remark("no_value_before")


class BaselineWindow(NamedTuple):
    """The days from which on a baseline counts; several where the first dose has no exact day."""

    opens: DayRange | None = None
    miss: Remark = NO_VALUE

    def may_hold(self, day: DayRange | None) -> bool:
        """Whether a value of that day is not surely too old."""
        return self.opens is None or day is None or day.last >= self.opens.first

    def holds(self, day: DayRange | None) -> bool:
        """Whether a value of that day is surely not too old."""
        return self.opens is None or (day is not None and day.first >= self.opens.last)

    def recent_enough(self, series: Sequence[Result]) -> list[Result]:
        """The values that are not surely too old."""
        return [result for result in series if self.may_hold(result.day)]

    def sure(self, series: Sequence[Result]) -> bool:
        """Whether all of the values are surely not too old."""
        return all(self.holds(result.day) for result in series)


def baseline_window(case: PatientCase, start: DayRange, within: Span | None) -> BaselineWindow:
    """What a span before the first dose allows; without one every day does."""
    if within is None:
        return BaselineWindow()
    # A partial date of the first dose gives a range of days on which the window may open.
    opens = DayRange(days_back(start.first, within), days_back(min(start.last, case.today), within))
    return BaselineWindow(opens, remark("nothing_in_span_before", span=within))


def baseline(series: Sequence[Result], start: DayRange) -> tuple[list[Result], bool]:
    """The results certainly from before treatment, and whether others may be from before too."""
    before = [result for result in series if result.day and result.day.last <= start.first]
    return before, len(perhaps_last_before(series, start)) > len(newest_results(before))


def perhaps_last_before(series: Sequence[Result], start: DayRange) -> list[Result]:
    """Each result that may be the last one from before treatment."""
    before = [result for result in series if result.day and result.day.last <= start.first]
    certain = IdentitySet(before)
    perhaps = [each for each in series if each not in certain and may_be_before(each, start)]
    return [*newest_results(before), *perhaps]


def may_be_before(result: Result, start: DayRange) -> bool:
    """Whether a result may be from before treatment."""
    return result.day is None or result.day.first <= start.last


NO_BASELINE = remark("no_value_from_before")


class ResultFinding(NamedTuple):
    """A result, whether its value passes (None: it cannot be read), and its own finding."""

    result: Result
    passed: Truth | None
    finding: Finding


def finding_of_picked(case: PatientCase, fact: Fact, asked: Compare) -> Finding:
    """One and the same result must pass its value, its time and its background."""
    series = results(case, fact)
    if not series:
        return nothing_found(case, fact)
    start = first_dose_of(case, asked.before_first) if asked.before_first else None
    counting = [result for result in series if _before(result, start) is not Truth.NOT_MET]
    if not counting:
        shown = series[0].shown(case, fact)
        return unknown(Reason.NOT_FOUND, shown, way=fact.way, miss=NO_BASELINE)
    certain = [result for result in counting if _before(result, start) is Truth.MET]
    if asked.pick == "any":
        each = [_judged(case, fact, asked, result, start) for result in counting]
        finding = _any(case, fact, asked, each)
        if certain or finding.truth is not Truth.NOT_MET:
            return finding
        return unknown(why_undated(case), *finding.evidence, way=fact.way, miss=NO_BASELINE)
    last = [*newest_results(counting), *(newest_results(certain) if certain else ())]
    judged = [_judged(case, fact, asked, result, start).finding for result in _once(last)]
    if not certain and all(finding_.truth is Truth.NOT_MET for finding_ in judged):
        # If none of them is from before the first dose, there is no baseline to fail.
        return unknown(why_undated(case), *judged[0].evidence, way=fact.way, miss=NO_BASELINE)
    return _agreed(case, fact, judged)


def _before(result: Result, start: DayRange | None) -> Truth:
    if start is None:
        return Truth.MET
    if result.day is None:
        return Truth.UNKNOWN
    if result.day.last <= start.first:
        return Truth.MET
    return Truth.NOT_MET if result.day.first > start.last else Truth.UNKNOWN


def _judged(
    case: PatientCase, fact: Fact, asked: Compare, result: Result, start: DayRange | None
) -> ResultFinding:
    passed = None if result.value is None else passes_bounds(asked, result.value)
    return ResultFinding(result, passed, _finding(case, fact, asked, result, start, passed))


def _finding(
    case: PatientCase,
    fact: Fact,
    asked: Compare,
    result: Result,
    start: DayRange | None,
    passed: Truth | None,
) -> Finding:
    shown = result.shown(case, fact)
    if passed is None:
        return unknown(Reason.UNIT, shown, way=fact.way)
    late = _too_old(case, asked, result, start)
    miss = below_bounds(shown.value, asked) if passed is Truth.NOT_MET else None
    if late is not None:
        return unknown(late, shown, way=fact.way, miss=miss)
    if passed is Truth.NOT_MET:
        return not_met(shown, miss=miss)
    if passed is Truth.UNKNOWN:
        return unknown(Reason.IMPRECISE, shown, way=fact.way)
    if _before(result, start) is Truth.UNKNOWN:
        miss = remark("perhaps_not_from_before")
        return unknown(why_undated(case), shown, way=fact.way, miss=miss)
    return _on_background(case, asked, result, shown)


def _too_old(
    case: PatientCase, asked: Compare, result: Result, start: DayRange | None
) -> Reason | None:
    """Why a value is too old, or may be: before today, or before the first dose once treated."""
    span = asked.within if start is None else asked.baseline_within
    if span is None:
        return None
    today = DayRange(case.today, case.today)
    allowed = baseline_window(case, today if start is None else start, span)
    if allowed.holds(result.day):
        return None
    return Reason.IMPRECISE if allowed.may_hold(result.day) else Reason.STALE


def _on_background(case: PatientCase, asked: Compare, result: Result, shown: Evidence) -> Finding:
    if not asked.during:
        return met(shown)
    if result.day is None:
        return unknown(Reason.IMPRECISE, shown, way=Way.ATTESTATION, miss=remark("day_not_known"))
    background = on_background(case, asked.during, result.day)
    return background._replace(evidence=(shown, *background.evidence))


def _any(case: PatientCase, fact: Fact, asked: Compare, judged: Sequence[ResultFinding]) -> Finding:
    """The newest result that passes, else the one nearest to it."""
    passing = [judgement for judgement in judged if judgement.finding.truth is Truth.MET]
    open_ = [
        judgement
        for judgement in judged
        if judgement.finding.truth is Truth.UNKNOWN and judgement.passed is not Truth.NOT_MET
    ]
    open_.sort(key=lambda judgement: REASONS.index(judgement.finding.reason or Reason.NOT_FOUND))
    if best := next(iter((*passing, *open_)), None):
        finding = _uncontradicted(case, asked, best, judged)
        return _unless_unread(case, fact, asked, best, finding)
    if may_lack_results(case, fact):
        first = judged[0].finding
        return unknown(Reason.INCOMPLETE, *first.evidence, way=fact.way, miss=first.miss)
    fresh = (judgement.finding for judgement in judged if judgement.finding.truth is Truth.NOT_MET)
    return next(fresh, judged[0].finding)


def _uncontradicted(
    case: PatientCase, asked: Compare, best: ResultFinding, judged: Sequence[ResultFinding]
) -> Finding:
    """The finding, or a review with both values shown if a later value contradicts it."""
    later = [
        judgement for judgement in judged if asked.contradicted and _is_later(case, judgement, best)
    ]
    against = [judgement for judgement in later if judgement.passed is Truth.NOT_MET]
    if not against and asked.within is not None:
        against = [judgement for judgement in later if judgement.finding.truth is Truth.UNKNOWN]
    if not against:
        return best.finding
    best_finding, later_finding = best.finding, against[0].finding
    shown = tuple(dict.fromkeys((*later_finding.evidence, *best_finding.evidence)))
    if asked.contradicted == "shown":
        note = (remark("later_value", miss=later_finding.miss),) if later_finding.miss else ()
        return best_finding._replace(
            evidence=(*best_finding.evidence, *later_finding.evidence),
            notes=(*best_finding.notes, *note),
        )
    if against[0].passed is not Truth.NOT_MET and best_finding.truth is Truth.MET:
        return unknown(
            later_finding.reason or Reason.REVIEW,
            *shown,
            way=later_finding.way,
            miss=later_finding.miss,
        )
    if best_finding.truth is Truth.MET or best_finding.reason is Reason.STALE:
        both = best.result.day, against[0].result.day
        reason = Reason.CONFLICT if both[0] == both[1] and _exact(both[0]) else Reason.REVIEW
        return unknown(reason, *shown, way=Way.REVIEW, miss=later_finding.miss)
    return best_finding._replace(evidence=shown)


def _unless_unread(
    case: PatientCase, fact: Fact, asked: Compare, best: ResultFinding, finding: Finding
) -> Finding:
    """The finding, or a review if an entry that is not understood may be a later value."""
    decides = finding.truth is Truth.MET and asked.contradicted == "review"
    if not decides or first_dose_of(case, (case.drug,)) is not None:
        return finding
    if not may_be_newer(case.hits(fact.sources, fact.value_sets), [best.result.day]):
        return finding
    return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW)


def _exact(day: DayRange | None) -> bool:
    return day is not None and day.exact


def _is_later(case: PatientCase, other: ResultFinding, best: ResultFinding) -> bool:
    """Whether a result may be as new as another, and is not one of treatment with the drug."""
    if (
        other.result is best.result
        or _before(other.result, first_dose_of(case, (case.drug,))) is Truth.NOT_MET
    ):
        return False
    best_day, other_day = best.result.day, other.result.day
    return best_day is None or other_day is None or other_day.last >= best_day.first


def _agreed(case: PatientCase, fact: Fact, judged: Sequence[Finding]) -> Finding:
    """The common finding of all results that may be the last one; unknown if they differ."""
    shown = tuple(dict.fromkeys(proof for finding in judged for proof in finding.evidence))
    if may_lack_results(case, fact):
        return unknown(Reason.INCOMPLETE, *shown, way=fact.way)
    if len({finding.truth for finding in judged}) == 1:
        return judged[0]
    open_ = next((finding for finding in judged if finding.truth is Truth.UNKNOWN), None)
    if open_ is not None:
        return open_
    return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)


def _once(series: Sequence[Result]) -> list[Result]:
    return list(IdentitySet(series))
