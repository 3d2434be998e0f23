"""An earlier approval of the drug by this payer's own process, and the authorization that runs today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.facts.case import Case, evidence
from service.facts.evidence import why_not_used
from service.facts.model import Fact
from service.facts.order.payer_decision import DECISION, numbers_of, says_of_drug
from service.facts.supply.first_dose import first_dose
from service.fhir.elements import items, read, text
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.values.days import FIRST, DayRange, parse_day
from service.json_object import Json
from service.memo import IdentitySet
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.operators import ApprovedBefore
from service.policy.truth import Reason, Way

DAYS_BEFORE_FIRST_DOSE = 365


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
    """An authorization that runs today: its last day, and its number where one is given."""

    until: date
    number: str | None


def running_authorization(case: Case) -> RunningAuthorization | None:
    """The approval that is valid today and ends last; None if there is none with an exact end."""
    fact = case.knowledge.of_kind("approval")
    approvals: list[tuple[int, Hit]] = []
    for hit, certain in decisions(case, fact):
        if not certain or hit.doubt is not None or hit.source.type != DECISION:
            continue
        if case.is_payer(hit.resource) and says_of_drug(case, fact, hit) == "approved":
            approvals += [
                (period.last, hit) for period in _periods(hit) if _holds(period, case.today)
            ]
    if not approvals:
        return None
    until, hit = max(approvals, key=lambda approval: approval[0])
    whole = text(hit.resource.get("preAuthRef"))
    numbers = sorted(numbers_of(hit.resource, hit.source.review_numbers))
    return RunningAuthorization(date.fromordinal(until), whole or next(iter(numbers), None))


def _holds(period: DayRange, today: int) -> bool:
    return period.first <= today <= period.last


def _periods(hit: Hit) -> Iterator[DayRange]:
    """The periods that the decision states with an exact end."""
    for steps in hit.source.dates:
        for value in read(steps, hit.resource):
            if not isinstance(value, dict):
                continue
            zone = hit.calendar.zone
            start, end = parse_day(value.get("start"), zone), parse_day(value.get("end"), zone)
            if start is not None and end is not None and end.exact:
                yield DayRange(start.last, end.last)
