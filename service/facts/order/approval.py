"""An earlier approval of the drug by this payer's own process, and the authorization that runs today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.facts.case import Case, evidence
from service.facts.evidence import why_not_used
from service.facts.fact import Fact
from service.facts.order.authorization_numbers import number_of_line, numbers_of, periods_of_line
from service.facts.order.decision_lines import lines_of
from service.facts.order.payer_decision import (
    DECISION,
    is_in_part,
    is_withdrawn,
    meant_by_code,
    says_of_drug,
)
from service.facts.supply.first_dose import first_dose
from service.fhir.elements import items, read
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.values.days import FIRST, DayRange, parse_day, parse_when
from service.json_object import Json
from service.memo import IdentitySet, per_case
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.operators import ApprovedBefore
from service.policy.truth import Reason, Way

DAYS_BEFORE_FIRST_DOSE = 365
Ruling = Literal["approved", "in_part", "refused", "open", "withdrawn"]
# Of several decisions of one day, the one that is least in favour; what is open was open before.
RANKS: tuple[Ruling, ...] = ("withdrawn", "refused", "in_part", "approved", "open")


def approved_before(case: Case, _: ApprovedBefore) -> Finding:
    """Met by a clear approval; an unclear decision of this payer is one for the reviewer."""
    fact = case.knowledge.of_kind("approval")
    doubts: list[Evidence] = []
    for hit, certain in decisions(case, fact):
        payer, says = case.is_payer(hit.resource), says_of_drug(case, fact, hit)
        if hit.doubt is not None:
            doubts.append(
                evidence(case, hit, remark("authorization_doubted", why=why_not_used(hit)))
            )
            continue
        if payer is False or says == "denied":
            continue
        shown = evidence(case, hit, remark("authorization", drug=case.drug if certain else None))
        if payer and certain and says == "approved":
            return met(shown)
        doubts.append(shown)
    if doubts:
        miss = remark("approval_unclear")
        return unknown(Reason.REVIEW, *doubts[:2], way=Way.REVIEW, miss=miss)
    silent = case.silence(fact.sources, _since(case))
    if silent is None:
        return not_met(miss=remark("no_earlier_approval"))
    return unknown(silent, way=Way.DATA)


def decisions(case: Case, fact: Fact) -> Iterator[tuple[Hit, bool]]:
    """Decisions that name the drug by code, and those that may be about it."""
    named = case.hits(fact.sources, (case.drug,))
    for hit in named:
        if hit.source.is_decision(hit.resource) or (
            (hit.standing == "counts" or hit.doubt)
            and (hit.source.type == DECISION or items(hit.resource.get("preAuthRef")))
        ):
            yield hit, any(not e.question for e in hit.entries if e.value_set == case.drug)
    already_there = IdentitySet(hit.resource for hit in named)
    source = next(
        decision_source
        for decision_source in case.knowledge.sources.values()
        if decision_source.type == DECISION
    )
    for resource in case.record.resources.get(DECISION, []):
        hit = Hit(source, resource, resource, (), calendar=case.record.calendar)
        stands = hit.standing == "counts" or hit.doubt is not None
        if resource in already_there or not stands:
            continue
        if not _about_other(case, source, resource):
            yield hit, False


def _about_other(case: Case, source: Source, resource: Json) -> bool:
    """Whether the decision names, in codes or words, something that is surely not this drug."""
    concepts = [concept for steps in source.concepts for concept in read(steps, resource)]
    return any(map(case.record.is_other_thing, concepts))


def _since(case: Case) -> int:
    """From when decisions must be held for their silence to mean none: well before the first dose."""
    start: DayRange | None = first_dose(case)
    return FIRST if start is None else max(FIRST, start.first - DAYS_BEFORE_FIRST_DOSE)


@dataclass(frozen=True, slots=True)
class RunningAuthorization:
    """An authorization that runs today: its last day, its number where one is given, its decision."""

    until: date
    number: str | None
    reference: str | None = None
    decided: int | None = None


def running_authorization(case: Case) -> RunningAuthorization | None:
    """The approval that is valid today and ends last; None if there is none with an exact end.

    An approval of a part is none: it does not cover what was asked for. Nor is one that a later decision
    changes: one with the same number, or a cancellation that has no number.
    """
    fact = case.knowledge.of_kind("approval")
    running: list[tuple[int, str | None, Hit]] = []
    for hit in _own_decisions(case, fact):
        if _ruling(case, fact, hit) != "approved" or _is_changed(case, fact, hit):
            continue
        for line in lines_of(case, hit)[0] or [{}]:
            number = number_of_line(hit.resource, hit.source, line)
            ends = (period.last for period in _periods(hit, line) if _holds(period, case.today))
            running += [(end, number, hit) for end in ends]
    if not running:
        return None
    until = max(end for end, _, _ in running)
    last = [(number, hit) for end, number, hit in running if end == until]
    numbers, hit = {number for number, _ in last}, last[0][1]
    # several authorizations that end on one day have no single number
    number = numbers.pop() if len(numbers) == 1 else None
    return RunningAuthorization(date.fromordinal(until), number, hit.reference, _decided(hit))


@dataclass(frozen=True, slots=True)
class _Stated:
    """What one decision states: its ruling, its numbers and its day (None if it is not exact)."""

    says: Ruling
    numbers: frozenset[str]
    decided: int | None


@per_case
def _stated(case: Case, fact: Fact, hit: Hit) -> _Stated:
    numbers = numbers_of(hit.resource, hit.source, lines_of(case, hit)[0])
    return _Stated(_ruling(case, fact, hit), frozenset(numbers), _decided(hit))


@per_case
def _by_number(case: Case, fact: Fact) -> dict[str | None, list[Hit]]:
    """The decisions that are, or may be, of this payer and drug, by number; None has those without."""
    by_number: dict[str | None, list[Hit]] = {}
    for hit, _ in decisions(case, fact):
        if (
            hit.doubt is None
            and hit.source.type == DECISION
            and case.is_payer(hit.resource) is not False
        ):
            for number in _stated(case, fact, hit).numbers or {None}:
                by_number.setdefault(number, []).append(hit)
    return by_number


def _is_changed(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether another decision may have changed an approval: one of its numbers, or of no number."""
    approval, by_number = _stated(case, fact, hit), _by_number(case, fact)
    return any(
        _changes(_stated(case, fact, other), approval)
        for number in (None, *approval.numbers)
        for other in by_number.get(number, ())
        if other.resource is not hit.resource
    )


def _changes(other: _Stated, approval: _Stated) -> bool:
    """Whether a decision may have changed an approval after it was given.

    A day that is not known may be a later one, unless both approve.
    """
    cancels_unnamed = other.says == "withdrawn" and not other.numbers
    if not cancels_unnamed and other.numbers.isdisjoint(approval.numbers):
        return False
    if other.decided is None or approval.decided is None:
        return other.says != "approved"
    if other.decided == approval.decided:
        return RANKS.index(other.says) < RANKS.index(approval.says)
    return other.decided > approval.decided


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """This payer's last decision on the drug: what it says, of which day, its number and last day.

    `until` is None if no last day is stated, `called` what its code means where one code is known.
    """

    says: Ruling
    decided: date
    number: str | None = None
    until: date | None = None
    called: str | None = None
    reference: str | None = None


def earlier_decision(case: Case, running: RunningAuthorization | None) -> EarlierDecision | None:
    """The last decision of this payer, later than that of the authorization that runs; else None."""
    fact = case.knowledge.of_kind("approval")
    since = running.decided if running else None
    known: list[EarlierDecision] = []
    for hit in _own_decisions(case, fact):
        decided = _decided(hit)
        if decided is None or decided > case.today or (running and not since):
            continue
        if since is None or decided > since:
            known.append(_as_decision(case, fact, hit, decided))
    if not known:
        return None
    return min(known, key=lambda one: (-one.decided.toordinal(), RANKS.index(one.says)))


def _own_decisions(case: Case, fact: Fact) -> Iterator[Hit]:
    """The decisions of this payer that name the drug and could be read."""
    for hit, certain in decisions(case, fact):
        is_plain = certain and hit.doubt is None and hit.source.type == DECISION
        if is_plain and case.is_payer(hit.resource):
            yield hit


def _decided(hit: Hit) -> int | None:
    """The day of a decision; None if it is not exact."""
    day = next(iter(map(parse_when, read(("created",), hit.resource))), None)
    return day.first if day is not None and day.exact else None


def _as_decision(case: Case, fact: Fact, hit: Hit, decided: int) -> EarlierDecision:
    says, entry = _ruling(case, fact, hit), meant_by_code(case, fact, hit)
    if says == "approved" and _is_changed(case, fact, hit):
        says = "open"
    lines = lines_of(case, hit)[0] or [{}]
    numbers = {number_of_line(hit.resource, hit.source, line) for line in lines}
    ends = [period.last for line in lines for period in _periods(hit, line)]
    return EarlierDecision(
        says,
        date.fromordinal(decided),
        numbers.pop() if len(numbers) == 1 else None,
        date.fromordinal(max(ends)) if ends else None,
        entry.display if entry else None,
        hit.reference,
    )


def _ruling(case: Case, fact: Fact, hit: Hit) -> Ruling:
    """What a decision says, an approval in part and a cancelled one apart."""
    says = says_of_drug(case, fact, hit)
    if says == "approved":
        return "in_part" if is_in_part(case, fact, hit) else "approved"
    if says == "denied":
        return "refused"
    code = meant_by_code(case, fact, hit)
    cancels = code is not None and code.value_set == fact.decided.get("withdrawn")
    return "withdrawn" if cancels or is_withdrawn(case, fact, hit) else "open"


def _holds(period: DayRange, today: int) -> bool:
    return period.first <= today <= period.last


def _periods(hit: Hit, line: Json) -> Iterator[DayRange]:
    """The periods that the decision states for a line with an exact end."""
    zone = hit.calendar.zone
    for value in periods_of_line(hit, line):
        start, end = parse_day(value.get("start"), zone), parse_day(value.get("end"), zone)
        if start is not None and end is not None and end.exact:
            yield DayRange(start.last, end.last)
