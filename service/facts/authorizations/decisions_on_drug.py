"""The payers' decisions that are, or may be, on a drug, and what each rules."""

from collections.abc import Iterator
from typing import Literal

from service.facts.authorizations.payer_decision import (
    DECISION,
    is_in_part,
    is_withdrawn,
    meant_by_code,
    says_of_drug,
)
from service.facts.case import Case
from service.facts.fact import Fact
from service.fhir.elements import items, read
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.values.days import parse_when
from service.json_object import Json
from service.memo import IdentitySet

Ruling = Literal["approved", "in_part", "refused", "open", "withdrawn"]
# Of several decisions of one day, the one that is least in favour; what is open was open before.
RANKS: tuple[Ruling, ...] = ("withdrawn", "refused", "in_part", "approved", "open")


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


def ruling(case: Case, fact: Fact, hit: Hit) -> Ruling:
    """What a decision says, an approval in part and a cancelled one apart."""
    says = says_of_drug(case, fact, hit)
    if says == "approved":
        return "in_part" if is_in_part(case, fact, hit) else "approved"
    if says == "denied":
        return "refused"
    code = meant_by_code(case, fact, hit)
    cancels = code is not None and code.value_set == fact.decided.get("withdrawn")
    return "withdrawn" if cancels or is_withdrawn(case, fact, hit) else "open"


def decided(hit: Hit) -> int | None:
    """The day of a decision; None if it is not exact."""
    zone = hit.calendar.zone
    days = (parse_when(value, zone) for value in read(("created",), hit.resource))
    day = next(days, None)
    return day.first if day is not None and day.exact else None
