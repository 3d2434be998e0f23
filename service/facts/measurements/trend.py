"""Renewal by trend: better than before treatment, by a margin, or unchanged (reading A37)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from service.facts.case import Case, PatientCase, dated
from service.facts.fact import Fact
from service.facts.measurements.baseline import (
    NO_VALUE,
    BaselineWindow,
    baseline,
    baseline_window,
    may_be_before,
)
from service.facts.measurements.results import Result, finding_of_newest, newest_results, results
from service.facts.measurements.threshold import moved_enough
from service.facts.supply.first_dose import all_supply_held, first_dose, why_undated
from service.facts.supply.on_drug import surely_off
from service.fhir.values.days import DayRange, parse_day
from service.fhir.values.quantity import Measure
from service.memo import IdentitySet, per_patient
from service.policy.finding import Evidence, Finding, Remark, met, remark, unknown
from service.policy.operators import ApprovedBefore, Trend, one_of
from service.policy.truth import REASONS, Reason, Truth, Way

APPROVED = one_of(ApprovedBefore())
NO_DOSE = remark("no_dose_so_far")
A_SHARE_OF_NOTHING = remark("share_of_nothing")


def trend(case: Case, asked: Trend) -> Finding:
    """Better, or unchanged where that counts, in at least one of the metrics."""
    return _trend(case, asked, _approved_on(case) if asked.from_ == "earliest" else None)


def _approved_on(case: Case) -> int | None:
    """The day (ordinal) of this payer's first approval."""
    approval = case.ask(APPROVED)
    dates = [proof.date for proof in approval.evidence if proof.date is not None]
    day = parse_day(dates[0][:10]) if dates and approval.truth is Truth.MET else None
    return None if day is None else day.first


@per_patient
def _trend(case: PatientCase, asked: Trend, approved: int | None) -> Finding:
    findings = [_trend_of(case, case.knowledge.facts[name], asked, approved) for name in asked.of]
    for finding in findings:
        if finding.truth is Truth.MET:
            return finding
    open_ = [finding for finding in findings if finding.truth is Truth.UNKNOWN]
    if not open_:
        return findings[0]
    # A metric without any value does not keep the answer open if another metric is documented.
    documented = [finding_ for finding_ in open_ if finding_.evidence]
    failing = [finding_ for finding_ in findings if finding_.truth is Truth.NOT_MET]
    if failing and not documented:
        return failing[0]
    return min(
        documented or open_, key=lambda finding_: REASONS.index(finding_.reason or Reason.NOT_FOUND)
    )


def _trend_of(case: PatientCase, fact: Fact, asked: Trend, approved: int | None) -> Finding:
    since = case.back(asked.within) if asked.within else None
    series, start = results(case, fact), first_dose(case)
    during = [result for result in series if start is None or _after(result, start)]
    since_start = IdentitySet(during)
    if series and not during:
        miss = remark("no_value_since")
        return unknown(Reason.NOT_FOUND, series[0].shown(case, fact), way=fact.way, miss=miss)
    if asked.pick == "any" and during:
        return _at_any_time(case, fact, asked, series, during, approved)
    on_drug = [result for result in during if not _is_off_drug(case, asked, result)]
    current = finding_of_newest(case, fact, on_drug or during, lambda _: Truth.MET, since)
    if current.truth is not Truth.MET and len(on_drug) == len(during):
        return current
    if current.truth is not Truth.MET or (during and not on_drug):
        return _off_drug(case, fact, asked, during)
    latest, on = newest_results(on_drug), IdentitySet(on_drug)
    beside = _beside(case, fact, asked, [result for result in during if result not in on])
    if asked.best is not None and all(_is_best(result, asked.best) for result in latest):
        shown = latest[0].shown(case, fact)
        return met(shown, notes=(remark("cannot_be_better"), *beside))
    compared = IdentitySet(latest)
    others = [
        result
        for result in series
        if result not in compared and (result in on or result not in since_start)
    ]
    against = _against_baseline(
        case, fact, asked, _baseline_of(case, asked, others, approved), latest
    )
    return against._replace(notes=(*against.notes, *beside))


def _at_any_time(
    case: PatientCase,
    fact: Fact,
    asked: Trend,
    series: Sequence[Result],
    during: Sequence[Result],
    approved: int | None,
) -> Finding:
    """Better in at least one value since the first dose that was not taken off the drug."""
    on_drug = [result for result in _readable(during) if not _is_off_drug(case, asked, result)]
    if not on_drug:
        return _off_drug(case, fact, asked, during)
    whole = _baseline_of(case, asked, series, approved)
    in_whole = IdentitySet(whole.before)
    findings: list[Finding] = []
    for result in on_drug:
        of_others = whole
        if asked.from_ is not None or result in in_whole:
            others = [other for other in series if other is not result]
            of_others = _baseline_of(case, asked, others, approved)
        finding = _against_baseline(case, fact, asked, of_others, [result])
        if finding.truth is Truth.MET:
            return finding
        findings.append(finding)
    open_ = (finding for finding in findings if finding.truth is Truth.UNKNOWN)
    return next(open_, findings[0])


def _is_off_drug(case: PatientCase, asked: Trend, result: Result) -> bool:
    """Whether a value was surely taken without supply, so that it does not show the drug's effect."""
    gap, day = asked.supplied_within, result.day
    if gap is None or day is None:
        return False
    if first_dose(case) is None:
        return all_supply_held(case, day.first - gap.days)
    return all(surely_off(case, taken_on, gap.days) for taken_on in {day.first, day.last})


def _off_drug(case: PatientCase, fact: Fact, asked: Trend, during: Sequence[Result]) -> Finding:
    """Open: no value that would decide was surely taken on the drug."""
    miss = remark("taken_off_drug", span=asked.supplied_within)
    if first_dose(case) is None:
        miss = NO_DOSE
    return unknown(
        Reason.NOT_FOUND, newest_results(during)[0].shown(case, fact), way=fact.way, miss=miss
    )


def _beside(
    case: PatientCase, fact: Fact, asked: Trend, off: Sequence[Result]
) -> tuple[Remark, ...]:
    """What was measured off the drug since: it is shown, and not compared."""
    if not off:
        return ()
    shown = newest_results(off)[0].shown(case, fact)
    return (remark("not_compared", shown=_dated(shown), span=asked.supplied_within),)


def _after(result: Result, start: DayRange) -> bool:
    return result.day is None or result.day.last > start.first


def _is_best(result: Result, best: float) -> bool:
    return result.value is not None and result.value.exact and result.value.low == best


class _Baseline(NamedTuple):
    """The values from before treatment, of which the last one is compared with.

    `others` are all values that are not surely too old, `old` those that are; `certain` if one of
    `before` surely is the last one.
    """

    allowed: BaselineWindow
    others: list[Result]
    old: list[Result]
    before: list[Result]
    certain: bool


def _baseline_of(
    case: PatientCase, asked: Trend, series: Sequence[Result], approved: int | None
) -> _Baseline:
    start = first_dose(case)
    allowed = baseline_window(case, start, asked.baseline_within) if start else BaselineWindow()
    old = [result for result in _readable(series) if not allowed.may_hold(result.day)]
    others = allowed.recent_enough(series)
    before, certain = _before(asked, others, start, allowed) if start else ([], True)
    if not before and asked.from_ == "earliest":
        before, certain = newest_results(_at_approval(approved, _readable(others))), True
    return _Baseline(allowed, others, old, before, certain)


def _against_baseline(
    case: PatientCase, fact: Fact, asked: Trend, against: _Baseline, latest: Sequence[Result]
) -> Finding:
    allowed, others, old, before, certain = against
    if not before:
        miss = allowed.miss if old else NO_VALUE
        without = _without_baseline(case, fact, asked, latest, others, miss)
        return without if without.truth is Truth.MET else _with_old(case, fact, without, old)
    if not certain:
        shown = (latest[0].shown(case, fact), before[0].shown(case, fact))
        return unknown(why_undated(case), *shown, way=fact.way, miss=allowed.miss)
    return _decided(case, fact, asked, before, latest)


def _with_old(case: PatientCase, fact: Fact, finding: Finding, old: Sequence[Result]) -> Finding:
    """O31: a value from before that is too old for a baseline is for the reviewer, with both shown."""
    if not old:
        return finding
    shown = (*finding.evidence, newest_results(old)[0].shown(case, fact))
    miss = remark("older_value_before", miss=finding.miss)
    return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=miss)


def _readable(series: Sequence[Result]) -> list[Result]:
    return [result for result in series if result.value is not None]


def _margin(asked: Trend) -> bool:
    """Whether the criterion states an amount of change or a time window for the baseline.

    If it does, a date or a value that is not exact may change the answer.
    """
    return asked.by is not None or asked.baseline_within is not None


def _before(
    asked: Trend, others: Sequence[Result], start: DayRange, allowed: BaselineWindow
) -> tuple[list[Result], bool]:
    """Each result that may be the last one from before; and whether one of them surely is."""
    if not _margin(asked):
        return newest_results(baseline(_readable(others), start)[0]), True
    not_too_old = allowed.recent_enough(others)
    before = baseline(not_too_old, start)[0]
    last, surely_before = newest_results(before), IdentitySet(before)
    perhaps = [
        result
        for result in not_too_old
        if result not in surely_before and may_be_before(result, start)
    ]
    return [*last, *perhaps], bool(last) and allowed.sure(last)


def _decided(
    case: PatientCase, fact: Fact, asked: Trend, before: Sequence[Result], latest: Sequence[Result]
) -> Finding:
    """Compares every possible newest value with every possible baseline."""
    old_values, new_values = ({result.value for result in some} for some in (before, latest))
    truths = {_better(asked, old, new) for old in old_values for new in new_values}
    shown = (latest[0].shown(case, fact), before[0].shown(case, fact))
    exact = all(result.day is not None and result.day.exact for result in (*before, *latest))
    clear = exact and Truth.UNKNOWN not in truths
    if len(truths) > 1 and (clear or not _margin(asked)):
        return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)
    truth = truths.pop() if len(truths) == 1 else Truth.UNKNOWN
    if truth is Truth.UNKNOWN:
        miss = A_SHARE_OF_NOTHING if _of_nothing(asked, before) else None
        return unknown(Reason.IMPRECISE, *shown, way=fact.way, miss=miss)
    return Finding(truth, evidence=shown, miss=None if truth is Truth.MET else _miss(asked, *shown))


def _of_nothing(asked: Trend, before: Sequence[Result]) -> bool:
    return bool(asked.by and asked.by.relative) and any(
        result.value is not None and result.value.high <= 0 for result in before
    )


def _miss(asked: Trend, latest: Evidence, old: Evidence) -> Remark:
    now, before = _dated(latest), _dated(old)
    if asked.by:
        higher = asked.better == "higher"
        return remark("needs_change", now=now, before=before, by=asked.by, higher=higher)
    same = latest.value == old.value
    return remark("not_better", now=now, before=before, same=same)


def _dated(proof: Evidence) -> str | Remark:
    return dated(proof._replace(date=proof.date[:10] if proof.date else None))


def _at_approval(approved: int | None, older: Sequence[Result]) -> list[Result]:
    """A37: with no value from before the drug, the last one up to this payer's first approval."""
    if approved is None:
        return []
    return [result for result in older if result.day is not None and result.day.last <= approved]


def _without_baseline(
    case: PatientCase,
    fact: Fact,
    asked: Trend,
    latest: Sequence[Result],
    older: Sequence[Result],
    miss: Remark,
) -> Finding:
    """The answer without a value from before treatment: open, with one exception.

    If the criterion then compares with the earliest value, an improvement on that value is met.
    """
    shown = latest[0].shown(case, fact)
    if asked.from_ is None:
        return unknown(Reason.NOT_FOUND, shown, way=fact.way, miss=miss)
    strictly = replace(asked, stable_counts=False)
    dated = [result for result in _readable(older) if result.day is not None]
    first = min(dated, key=lambda result: result.day.first if result.day else 0, default=None)
    if first is not None and all(
        _better(strictly, first.value, result.value) is Truth.MET for result in latest
    ):
        return met(shown, first.shown(case, fact), notes=(remark("add_value_before"),))
    return unknown(Reason.NOT_FOUND, shown, way=fact.way, miss=miss)


def _better(asked: Trend, old: Measure | None, new: Measure | None) -> Truth:
    if old is None or new is None:
        return Truth.UNKNOWN
    if asked.by:
        return moved_enough(asked.by, asked.better, old, new)
    before, after = old, new
    if asked.better == "higher":
        before, after = after, before
    if asked.stable_counts:
        good, bad = after.high <= before.low, after.low > before.high
    else:
        good, bad = after.high < before.low, after.low >= before.high
    if good:
        return Truth.MET
    return Truth.NOT_MET if bad else Truth.UNKNOWN
