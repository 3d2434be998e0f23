"""Procedures: done and coded, in the record or on a paid claim line, ever or in a window."""

from collections.abc import Sequence

from service.facts.case import Case, display, evidence, when
from service.facts.model import Fact
from service.facts.supply.fills import not_taken_back
from service.fhir.elements import codes
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, FIRST, DayRange
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.truth import Reason, Way

# Statuses of a Procedure that has begun and is not, or not known to be, completed.
NOT_COMPLETED = {"in-progress", "on-hold", "stopped", "unknown"}
NEWEST = 2


def procedure(case: Case, fact: Fact, within: Span | None) -> Finding:
    """Whether such a procedure was done; its silence is that of its sources over the whole window."""
    since = case.back(within) if within else FIRST
    past = [hit for hit in _standing(case, fact) if _day(hit).first <= case.today]
    recent = [hit for hit in past if _day(hit).last >= since]
    clear = [hit for hit in recent if _is_clear(hit, fact)]
    if sure := [hit for hit in clear if _day(hit).first >= since]:
        return met(*_shown(case, fact, sure))
    if clear:
        return unknown(Reason.IMPRECISE, *_shown(case, fact, clear), way=fact.way)
    if recent:
        return unknown(Reason.REVIEW, *_shown(case, fact, recent), way=Way.REVIEW)
    return _not_found(case, fact, [hit for hit in past if _is_clear(hit, fact)], since)


def _not_found(case: Case, fact: Fact, older: Sequence[Hit], since: int) -> Finding:
    silent = case.silence(fact.sources, since)
    shown = _shown(case, fact, older)
    miss = f"last on {shown[0].date}, too long ago" if shown else None
    if silent is None:
        return not_met(*shown, miss=miss)
    # A list that came in part may hold a newer one: that is said rather than the age of this one.
    stale = older and silent in (Reason.NOT_FOUND, Reason.NOT_HELD)
    return unknown(Reason.STALE if stale else silent, *shown, way=fact.way, miss=miss)


def _standing(case: Case, fact: Fact) -> list[Hit]:
    """What counts, and what is of another status than counts, without what a payer took back."""
    hits = case.hits(fact.sources, fact.value_sets)
    unclear = [hit for hit in hits if hit.standing == "unusable"]
    return [*not_taken_back(case, hits, fact.value_sets), *unclear]


def _is_clear(hit: Hit, fact: Fact) -> bool:
    """Completed, under a code that leaves nothing open."""
    coded = any(one.value_set in fact.value_sets and not one.question for one in hit.entries)
    begun = codes(hit.resource.get("status")) & NOT_COMPLETED
    return coded and hit.standing == "counts" and not begun


def _day(hit: Hit) -> DayRange:
    return when(hit) or ANY_DAY


def _shown(case: Case, fact: Fact, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    newest = sorted(hits, key=lambda hit: -_day(hit).last)[:NEWEST]
    return tuple(evidence(case, hit, _words(fact, hit)) for hit in newest)


def _words(fact: Fact, hit: Hit) -> str:
    named = display(hit, fact.value_sets)
    by_name = all(one.by_name for one in hit.entries if one.value_set in fact.value_sets)
    said = f"{named} (matched by name)" if by_name else named
    return said if _is_clear(hit, fact) else f"{said}: not certain, or not completed"
