"""Visits about the day on which a course was handed over: they show what it may have been for."""

from collections import defaultdict
from collections.abc import Mapping

from service.facts.case import PatientCase, when
from service.facts.episodes.reasons import FOR_IT, CourseReason, answers_of, reasons_of
from service.facts.fact import EpisodeKind
from service.fhir.elements import codes, names
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange
from service.memo import per_patient

# A prescription is handed over on the day of the visit or on the next.
DAYS_BEFORE = 1
# The visit was for the disease, or for a complaint of it.
_FITTING = {*FOR_IT, CourseReason.COMPLAINT}


def seen_for_another(case: PatientCase, episode_kind: EpisodeKind, start: DayRange) -> str:
    """The reason of a visit of that time, if none of these visits may have been for the disease."""
    if not episode_kind.seen_at or not start.exact:
        return ""
    by_day = _visits_by_day(case, episode_kind.seen_at)
    days = range(start.first - DAYS_BEFORE, start.first + 1)
    near = [hit for day in days for hit in by_day.get(day, ())]
    answers = [answers_of(case, hit, episode_kind) for hit in near]
    if any(_FITTING & said for said in answers):
        return ""
    for_others = (hit for hit, said in zip(near, answers, strict=True) if said)
    return next((_called(case, hit) for hit in for_others), "")


@per_patient
def _visits_by_day(case: PatientCase, kinds: tuple[str, ...]) -> Mapping[int, list[Hit]]:
    """The visits of these kinds that count, by the days on which each began and ended."""
    by_day: defaultdict[int, list[Hit]] = defaultdict(list)
    for hit in case.record.hits(*kinds):
        if hit.standing == "counts" and (day := when(hit)):
            for end in {day.first, day.last}:
                by_day[end].append(hit)
    return by_day


def _called(case: PatientCase, hit: Hit) -> str:
    """What the visit was for, by its first reason; else what kind of visit it was."""
    called = (
        name
        for reason in reasons_of(case, hit)
        for name in (*names(reason.concept), *codes(reason.concept))
    )
    return next(called, hit.entries[0].display)
