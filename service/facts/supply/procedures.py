"""Procedures and treatments given on single days: whether they were done, and over which time."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from statistics import mean, median_high

from service.facts.case import PatientCase, display, evidence, kind_of, when
from service.facts.evidence import why_not_used
from service.facts.fact import Fact
from service.facts.fills.fills_of_class import not_taken_back
from service.facts.supply.supply_tests import YEAR
from service.fhir.elements import codes
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, FIRST, DayRange
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Sessions
from service.policy.truth import Reason, Truth, Way

# Statuses of a Procedure that has begun and is not, or not known to be, completed.
NOT_COMPLETED = {"in-progress", "on-hold", "stopped", "unknown"}
NEWEST = 2


def procedure(case: PatientCase, fact: Fact, within: Span | None) -> Finding:
    """Whether such a procedure was done within the span, or ever if none is given."""
    since = _since(case, within)
    past = [hit for hit in _standing(case, fact) if _day(hit).first <= case.today]
    recent = [hit for hit in past if _day(hit).last >= since]
    clear = [hit for hit in recent if _is_clear(hit, fact)]
    if sure := _surely(clear, since):
        return met(*_shown(case, fact, sure))
    if clear:
        return unknown(Reason.IMPRECISE, *_shown(case, fact, clear), way=fact.way)
    if recent:
        return unknown(Reason.REVIEW, *_shown(case, fact, recent), way=Way.REVIEW)
    return _not_found(case, fact, [hit for hit in past if _is_clear(hit, fact)], since)


def surely_done(case: PatientCase, fact: Fact, within: Span | None) -> list[Hit]:
    """The procedures that were certainly done within the span."""
    clear = [hit for hit in _standing(case, fact) if _is_clear(hit, fact)]
    past = [hit for hit in clear if _day(hit).first <= case.today]
    return _surely(past, _since(case, within))


def _surely(clear: Sequence[Hit], since: int) -> list[Hit]:
    return [hit for hit in clear if _day(hit).first >= since]


def _since(case: PatientCase, within: Span | None) -> int:
    return case.back(within) if within else FIRST


def _not_found(case: PatientCase, fact: Fact, older: Sequence[Hit], since: int) -> Finding:
    silent = case.silence(fact.sources, since)
    shown = _shown(case, fact, older)
    miss = remark("last_too_long_ago", day=shown[0].date) if shown else None
    if silent is None:
        return not_met(*shown, miss=miss)
    # An incomplete list may hold a newer one, so that reason is given rather than `stale`.
    stale = older and silent in (Reason.NOT_FOUND, Reason.NOT_HELD)
    return unknown(Reason.STALE if stale else silent, *shown, way=fact.way, miss=miss)


def _standing(case: PatientCase, fact: Fact) -> list[Hit]:
    """The hits that count and those of an unclear status, without what a payer took back."""
    hits = case.hits(fact.sources, fact.value_sets)
    unclear = [hit for hit in hits if hit.standing == "unusable"]
    return [*not_taken_back(case, hits, fact.value_sets), *unclear]


def _is_clear(hit: Hit, fact: Fact) -> bool:
    """Whether the procedure is completed and its code is no question."""
    coded = any(entry.value_set in fact.value_sets and not entry.question for entry in hit.entries)
    begun = codes(hit.resource.get("status")) & NOT_COMPLETED
    return coded and hit.standing == "counts" and not begun


def _day(hit: Hit) -> DayRange:
    return when(hit) or ANY_DAY


def _shown(case: PatientCase, fact: Fact, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    newest = sorted(hits, key=lambda hit: -_day(hit).last)[:NEWEST]
    return tuple(evidence(case, hit, _words(fact, hit)) for hit in newest)


def _words(fact: Fact, hit: Hit) -> str | Remark:
    named, clear = display(hit, fact.value_sets), _is_clear(hit, fact)
    by_name = all(entry.by_name for entry in hit.entries if entry.value_set in fact.value_sets)
    if clear and not by_name:
        return named
    return remark("procedure", name=named, by_name=by_name, clear=clear)


FEWEST = 3  # sessions needed to derive their usual interval
PAUSE = 2  # a gap longer than so many usual gaps is an interruption


def sessions(case: PatientCase, asked: Sessions) -> Finding:
    """Whether the sessions span long enough and ended recently enough."""
    finding = _sessions(case, asked)
    if finding.truth is not Truth.NOT_MET:
        return finding
    doubtful = _doubtful(case, asked)
    if not doubtful or _is_too_short(case, asked, doubtful):
        return finding
    also = [evidence(case, hit, _but(hit)) for hit in doubtful[:2]]
    return unknown(Reason.REVIEW, *finding.evidence, *also, way=Way.REVIEW, miss=finding.miss)


def _doubtful(case: PatientCase, asked: Sessions) -> list[Hit]:
    """Sessions that may not have been given: of another status, or not understood."""
    hits = case.hits(case.knowledge.of_kind("sessions").sources, asked.of)
    return [hit for hit in hits if hit.standing == "unusable"]


def _but(hit: Hit) -> Remark:
    reason = why_not_used(hit) if hit.doubt else remark("not_said_to_be_given")
    return remark("named_but", name=hit.entries[0].display, why=reason)


def _is_too_short(case: PatientCase, asked: Sessions, doubtful: Sequence[Hit]) -> bool:
    """Whether the sessions would not suffice even if all doubtful ones were given."""
    fact = case.knowledge.of_kind("sessions")
    hits = not_taken_back(case, case.hits(fact.sources, asked.of), asked.of)
    days = [when(hit) for hit in (*hits, *doubtful) if _given(case, hit)]
    known_days = [day for day in days if day is not None]
    if len(known_days) < len(days):
        return False
    return not known_days or _span(case, asked, known_days, known_days, ()).truth is Truth.NOT_MET


def _sessions(case: PatientCase, asked: Sessions) -> Finding:
    fact = case.knowledge.of_kind("sessions")
    hits = not_taken_back(case, case.hits(fact.sources, asked.of), asked.of)
    hits = [hit for hit in hits if _given(case, hit)]
    certain = [hit for hit in hits if _certain(asked, hit) and _accepted(case, asked, hit)]
    days = [day for hit in certain if (day := when(hit)) is not None]
    perhaps = [day for hit in hits if _accepted(case, asked, hit) and (day := when(hit))]
    shown = tuple(evidence(case, hit, hit.entries[0].display) for hit in hits[-3:])
    if days:
        return _span(case, asked, days, perhaps, shown)
    if hits:
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=remark("sessions_not_clear"))
    silent = case.silence(fact.sources, case.back(YEAR))
    return not_met(miss=remark("no_session")) if silent is None else unknown(silent, way=Way.DATA)


def _given(case: PatientCase, hit: Hit) -> bool:
    day = when(hit)
    return day is None or day.first <= case.today


def _certain(asked: Sessions, hit: Hit) -> bool:
    coded = any(entry.value_set in asked.of and not entry.question for entry in hit.entries)
    return coded and hit.standing == "counts"


def _accepted(case: PatientCase, asked: Sessions, hit: Hit) -> bool:
    return not asked.accepts or kind_of(hit, case.record.server) in asked.accepts


def _span(
    case: PatientCase,
    asked: Sessions,
    days: list[DayRange],
    perhaps: list[DayRange],
    shown: tuple[Evidence, ...],
) -> Finding:
    since, needed = case.back(asked.ended_within), asked.first_to_last.days
    longest = max(d.last for d in perhaps) - min(d.first for d in perhaps) + 1
    least = max(d.first for d in days) - min(d.last for d in days) + 1
    ended_surely = max(d.first for d in days) >= since
    ended_maybe = max(d.last for d in perhaps) >= since
    miss = remark("sessions", count=len(days), days=max(least, 0), least=needed)
    if least >= needed and ended_surely:
        if asked.always:
            return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=miss)
        return met(*shown)
    if longest >= needed and ended_maybe:
        return unknown(Reason.IMPRECISE, *shown, miss=miss)
    reach = _rhythm(days) - 1
    if longest + reach >= needed and max(d.last for d in perhaps) + reach >= since:
        due = remark("next_session_due", miss=miss, days=reach + 1)
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=due)
    silent = case.silence(case.knowledge.of_kind("sessions").sources, case.back(YEAR))
    return not_met(*shown, miss=miss) if silent is None else unknown(silent, *shown, miss=miss)


def _rhythm(days: list[DayRange]) -> int:
    """The usual days from one session to the next, of three or more; 1 where none is to be seen.

    A session lasts until the next one is due, as a dose does.
    """
    each = sorted({day.first for day in days})
    if len(each) < FEWEST:
        return 1
    gaps = [later - earlier for earlier, later in pairwise(each)]
    usual = median_high(gaps)
    return max(usual, ceil(mean(gap for gap in gaps if gap <= PAUSE * usual)))
