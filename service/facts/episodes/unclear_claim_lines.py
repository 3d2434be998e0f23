"""Lines of medical claims that may be a course or a visit and do not say so."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from service.facts.case import PatientCase, evidence, kind_of, when
from service.facts.episodes.episode import NOT_READ, REVIEW, Episode
from service.facts.episodes.reasons import CourseReason, reason_given
from service.facts.fact import EpisodeKind, Fact
from service.facts.fills.days_supply import days_supply
from service.facts.fills.fill import PHARMACY
from service.facts.fills.fills_of_class import not_taken_back
from service.facts.fills.replaced_claims import is_replaced
from service.facts.supply.unread_entries import mark_of, unread_hits
from service.fhir.elements import read
from service.fhir.hit import Hit
from service.fhir.unknown_drugs import UNREAD
from service.fhir.values.days import ANY_DAY
from service.json_object import Json
from service.memo import IdentitySet
from service.policy.finding import Remark, remark


def unnamed_drugs(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[Episode]:
    """Hand-overs that do not name the drug, for the reason of the course or for none recorded."""
    near = (CourseReason.FITS, CourseReason.NOT_RECORDED)
    given = [
        hit
        for hit in unread_hits(case, fact.sources, episode_kind.of)
        if kind_of(hit, case.record.server) in PHARMACY
    ]
    return [
        replace(_perhaps(case, hit, mark_of(hit).display), doubt=NOT_READ, unread=(hit,))
        for hit in not_taken_back(case, given, (UNREAD,))
        if reason_given(case, hit, episode_kind) in near and _may_be_short(case, hit, episode_kind)
    ]


def _may_be_short(case: PatientCase, hit: Hit, episode_kind: EpisodeKind) -> bool:
    """Not surely a supply for longer than a course is."""
    days = days_supply(case, hit)
    return episode_kind.longest is None or days is None or days <= episode_kind.longest


def unplaced_visits(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[Episode]:
    """Claim lines for the visit's reason without a known place, department or kind of visit."""
    # urgent care bills office visits too: only a code that contradicts all these visits decides
    others = (
        name for name, against in episode_kind.other.items() if {*episode_kind.of} <= {*against}
    )
    placed = elements_coded(case, fact, (*episode_kind.of, *others))
    return [
        _perhaps(case, hit, remark("claim_without_place"))
        for hit in _lines(case, fact)
        if hit.element not in placed
        and not _is_placed(case, hit)
        and (hit.standing == "counts" or hit.doubt)
        and not is_replaced(case, hit)
        and reason_given(case, hit, episode_kind) is CourseReason.FITS
    ]


def elements_coded(case: PatientCase, fact: Fact, value_sets: Iterable[str]) -> IdentitySet[Json]:
    """The elements coded in one of the value sets."""
    return IdentitySet(hit.element for hit in case.hits(fact.sources, (*value_sets,)))


def _lines(case: PatientCase, fact: Fact) -> Iterator[Hit]:
    """Every line of a doctor's or a hospital's claim, of the sources that tell a place."""
    for looked in fact.sources:
        source = case.knowledge.sources[looked.source]
        for resource in case.record.resources.get(source.type, []) if source.places else []:
            if source.is_medical(resource):
                yield from (
                    Hit(source, resource, line, (), calendar=case.record.calendar)
                    for line in source.elements(resource)
                )


def _is_placed(case: PatientCase, hit: Hit) -> bool:
    """Whether a known code states the place or the department."""
    paths = (*hit.source.places, *hit.source.departments)
    return any(case.record.is_place(value) for steps in paths for value in read(steps, hit.element))


def _perhaps(case: PatientCase, hit: Hit, wording: str | Remark) -> Episode:
    start = when(hit) or ANY_DAY
    return Episode((start,), start.last, 0, 1, evidence(case, hit, wording), REVIEW)
