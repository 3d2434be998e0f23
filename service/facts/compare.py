"""The comparing operator: a quantity, an age or a body site against what a policy asks."""

from service.facts.age import age
from service.facts.case import Case
from service.facts.model import Fact
from service.facts.results import Result, baseline, by_latest, first_dose, results
from service.facts.sites import sites
from service.fhir.days import DayRange
from service.fhir.quantity import Measure
from service.policy.finding import Finding, not_met, unknown
from service.policy.operators import Compare
from service.policy.truth import Reason, Truth, Way


def compare(case: Case, asked: Compare) -> Finding:
    """One finding against a value; the reviewer decides below it where that is said."""
    finding = _compare(case, asked)
    if finding.truth is not Truth.NOT_MET or not asked.otherwise:
        return finding
    return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=finding.miss)


def _compare(case: Case, asked: Compare) -> Finding:
    fact = case.knowledge.facts[asked.fact]
    if fact.kind == "age":
        return age(case, fact, asked)
    if fact.kind == "sites":
        return sites(case, fact, asked)
    found = results(case, fact)
    start = first_dose(case) if asked.pick == "baseline_if_treated" else None
    if start is not None:
        return _treated(case, fact, asked, found, start)
    return _latest(case, fact, asked, found)


def _latest(case: Case, fact: Fact, asked: Compare, found: list[Result]) -> Finding:
    since = case.back(asked.within) if asked.within else None
    finding = by_latest(case, fact, found, lambda value: decide(asked, value), since)
    return _with_miss(fact, asked, finding, found)


def _treated(
    case: Case, fact: Fact, asked: Compare, found: list[Result], start: DayRange
) -> Finding:
    """A04: once treated, the last value before the drug decides; a value met anyway suffices."""
    before, maybe = baseline(found, start)
    if before and not maybe:
        finding = by_latest(case, fact, before, lambda value: decide(asked, value), None)
        return _with_miss(fact, asked, finding, before)
    current = _latest(case, fact, asked, found)
    if current.truth is Truth.MET:
        return current
    reason = Reason.IMPRECISE if maybe else Reason.NOT_FOUND
    miss = "value before the first dose not documented"
    return unknown(reason, *current.evidence, way=fact.way, miss=miss)


def _with_miss(fact: Fact, asked: Compare, finding: Finding, found: list[Result]) -> Finding:
    if finding.truth is not Truth.NOT_MET or found[0].value is None:
        return finding
    shown = found[0].value.show(fact.unit)
    return not_met(*finding.evidence, miss=f"{shown}, needs {_needed(asked)}")


def _needed(asked: Compare) -> str:
    words = {
        "at least": asked.at_least,
        "more than": asked.more_than,
        "at most": asked.at_most,
        "less than": asked.less_than,
    }
    return " and ".join(f"{word} {amount}" for word, amount in words.items() if amount)


def decide(asked: Compare, value: Measure) -> Truth:
    """Whether a value, exact or an interval, passes every bound of the operator."""
    truths = []
    if asked.at_least:
        truths.append(_at_least(value, asked.at_least.value, strict=False))
    if asked.more_than:
        truths.append(_at_least(value, asked.more_than.value, strict=True))
    if asked.at_most:
        truths.append(_flip(_at_least(value, asked.at_most.value, strict=True)))
    if asked.less_than:
        truths.append(_flip(_at_least(value, asked.less_than.value, strict=False)))
    if Truth.NOT_MET in truths:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.MET


def _at_least(value: Measure, bound: float, *, strict: bool) -> Truth:
    """Above the bound; on it counts too unless `strict`."""
    reached = value.low > bound or (value.low == bound and (not strict or value.low_open))
    if reached:
        return Truth.MET
    missed = value.high < bound or (value.high == bound and (strict or value.high_open))
    return Truth.NOT_MET if missed else Truth.UNKNOWN


def _flip(truth: Truth) -> Truth:
    return {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET}.get(truth, truth)
