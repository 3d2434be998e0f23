"""How long a patient has been on a drug: since the first fill or administration."""

from collections.abc import Sequence
from datetime import date

from service.facts.case import Case, evidence
from service.facts.supply.fills import Found
from service.facts.supply.handovers import DAYS_BEFORE, PHARMACY, fills_of, was_given
from service.facts.supply.unread import unmapped_fills, unread_fills
from service.fhir.values.days import DayRange, add_months
from service.policy.amount import Span
from service.policy.finding import Finding, met, not_met, unknown
from service.policy.operators import ExposedFor
from service.policy.truth import Reason


def exposed_for(case: Case, asked: ExposedFor) -> Finding:
    """Whether the first dose lies so far back; a chart alone leaves it open, a sample is none."""
    since = case.back(asked.at_least)
    found = [one for _, one in fills_of(case, asked.of) if one.fill.start.first <= case.today]
    found.sort(key=lambda one: (one.fill.start.last, one.fill.start.first))
    given = [one for one in found if _is_given(one)]
    others = [one for one in found if not _is_given(one)]
    shown = [evidence(case, one.hit, one.display) for one in given[:1]]
    if given and given[0].fill.start.last <= since:
        return met(*shown)
    miss = _miss(asked.at_least, given)
    if _earlier(given, since):
        return unknown(Reason.IMPRECISE, *shown, miss=miss)
    if weak := _earlier(others, since):
        shown += [evidence(case, one.hit, one.display) for one in weak[:2]]
        return unknown(Reason.WEAK_EVIDENCE, *shown, miss=miss)
    early = [one for one in unread_fills(case, asked.of) if _is_early(one, since)]
    if early:
        return unmapped_fills(case, early, not_met(*shown, miss=miss))
    silent = case.silence(case.knowledge.of_kind("supply").sources, since - DAYS_BEFORE)
    if silent is not None:
        return unknown(silent, *shown, miss=miss)
    return not_met(*shown, miss=miss)


def _is_given(one: Found) -> bool:
    """Handed over or administered, under a code that says which drug it is."""
    return was_given(one) and not (one.question or one.fill.doubtful)


def _is_early(one: Found, since: int) -> bool:
    """Handed over before the window, no longer than claims must speak for."""
    start = one.fill.start
    return one.kind in PHARMACY and start.first <= since and start.last > since - DAYS_BEFORE


def _earlier(found: Sequence[Found], since: int) -> list[Found]:
    return [one for one in found if one.fill.start.first <= since]


def _miss(span: Span, given: Sequence[Found]) -> str | None:
    """The nearest miss: the first dose, and the day on which it is long enough ago."""
    if not given:
        return None
    start: DayRange = given[0].fill.start
    if not start.exact:
        return f"first dose {start}"
    first = date.fromordinal(start.first)
    reached = (
        add_months(first, span.months) if span.months else date.fromordinal(start.first + span.days)
    )
    return f"first dose on {first.isoformat()}; earliest on {reached.isoformat()}"
