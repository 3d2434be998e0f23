"""Renewal by trend: reduced or unchanged since before treatment (reading A37)."""

from service.facts.case import Case
from service.facts.model import Fact
from service.facts.results import Result, baseline, by_latest, first_dose, results
from service.policy.finding import Finding, met, unknown
from service.policy.operators import Trend
from service.policy.truth import Reason, Truth


def trend(case: Case, asked: Trend) -> Finding:
    """Better, or unchanged where that counts, in at least one of the metrics."""
    findings = [_trend_of(case, case.knowledge.facts[name], asked) for name in asked.of]
    for truth in (Truth.MET, Truth.UNKNOWN):
        for finding in findings:
            if finding.truth is truth:
                return finding
    return findings[0]


def _trend_of(case: Case, fact: Fact, asked: Trend) -> Finding:
    since = case.back(asked.within) if asked.within else None
    found = results(case, fact)
    current = by_latest(case, fact, found, lambda _: Truth.MET, since)
    if current.truth is not Truth.MET:
        return current
    newest = found[0]
    shown = newest.shown(case, fact)
    if newest.value is None:
        return unknown(Reason.UNIT, shown, way=fact.way)
    if asked.best is not None and newest.value.exact and newest.value.low == asked.best:
        return met(shown, notes=("No value can be better, so no baseline is needed.",))
    return _against_baseline(case, fact, asked, found)


def _against_baseline(case: Case, fact: Fact, asked: Trend, found: list[Result]) -> Finding:
    newest, older = found[0], [one for one in found[1:] if one.value is not None]
    start = first_dose(case)
    before = baseline(found[1:], start)[0] if start else []
    before = [one for one in before if one.value is not None]
    shown = newest.shown(case, fact)
    if before:
        truth = _better(asked, before[0], newest)
        both = (shown, before[0].shown(case, fact))
        if truth is Truth.UNKNOWN:
            return unknown(Reason.IMPRECISE, *both, way=fact.way)
        return Finding(
            truth, evidence=both, miss=None if truth is Truth.MET else "worse than before"
        )
    return _without_baseline(case, fact, asked, newest, older)


def _without_baseline(
    case: Case, fact: Fact, asked: Trend, newest: Result, older: list[Result]
) -> Finding:
    """A37: with no value from before the drug, a documented improvement still is one."""
    shown = newest.shown(case, fact)
    strictly = asked.model_copy(update={"stable_counts": False})
    for one in older:
        if _better(strictly, one, newest) is Truth.MET:
            note = "The value before the first dose is not documented; please add it."
            return met(shown, one.shown(case, fact), notes=(note,))
    miss = "value before the first dose not documented"
    return unknown(Reason.NOT_FOUND, shown, way=fact.way, miss=miss)


def _better(asked: Trend, old: Result, new: Result) -> Truth:
    if old.value is None or new.value is None:
        return Truth.UNKNOWN
    before, after = old.value, new.value
    if asked.better == "higher":
        before, after = after, before
    if asked.stable_counts:
        good, bad = after.high <= before.low, after.low > before.high
    else:
        good, bad = after.high < before.low, after.low >= before.high
    if good:
        return Truth.MET
    return Truth.NOT_MET if bad else Truth.UNKNOWN
