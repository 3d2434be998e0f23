"""The supply operator: one test over the covered days of the classes asked for."""

from collections.abc import Sequence
from datetime import date

from service.facts.case import Case
from service.facts.covering import miss_of, test_of
from service.facts.fills import Found, find_fills
from service.facts.handovers import PHARMACY, shown_of
from service.facts.readings import other_readings
from service.facts.timeline import Fill, Timeline, placed, sure
from service.facts.unshown import not_shown, perhaps, tells
from service.fhir.days import LAST
from service.policy.finding import Finding, met, not_met, unknown
from service.policy.operators import Supply
from service.policy.truth import Reason, Truth, Way

NO_DAYS = Timeline(())


def supply(case: Case, asked: Supply) -> Finding:
    """One test over the timeline of the classes asked for."""
    fact = case.knowledge.of_kind("supply")
    hits = case.hits(fact.sources, asked.of)
    if not hits:
        return not_shown(case, asked, not_met(miss=miss_of(case, asked, NO_DAYS)), (), ())
    found = find_fills(case, hits, asked.of)
    accepted = asked.accepts or PHARMACY
    counted: list[Found] = []
    others: list[Found] = []
    for one in found:
        decides = one.kind in accepted and not one.question
        (counted if decides else others).append(one)
    rest = [one for one in others if tells(case, asked, one)]
    finding = _timeline_finding(case, asked, counted, fact.unknown_supply_days)
    if finding.truth is Truth.MET and asked.always:
        return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW)
    if finding.truth is not Truth.NOT_MET:
        return finding
    return not_shown(case, asked, finding, counted, rest)


def _timeline_finding(
    case: Case, asked: Supply, counted: Sequence[Found], unknown_days: int
) -> Finding:
    fills = [one.fill for one in counted]
    test = test_of(case, asked)
    shown = shown_of(case, counted)
    early, late = (sure(placed(fills, end), case.today) for end in (0, 1))
    least = early if not test(early) else late
    if test(least):
        return met(
            *shown, notes=other_readings(case, asked, least), miss=_until(case, asked, fills)
        )
    miss = miss_of(case, asked, least)
    if perhaps(case, test, fills, unknown_days):
        return unknown(Reason.IMPRECISE, *shown, miss=miss)
    return not_met(*shown, miss=miss, notes=other_readings(case, asked, least))


def _until(case: Case, asked: Supply, fills: Sequence[Fill]) -> str | None:
    """For a therapy in use today: the first day without it, should nothing more be handed over."""
    if not asked.now:
        return None
    end = next(last for first, last in sure(fills, LAST).runs if first <= case.today <= last)
    return f"supply until {date.fromordinal(end)}; earliest on {date.fromordinal(end + 1)}"
