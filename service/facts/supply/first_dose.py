"""When a drug was first given, as far as is known, and whether there is any trace of it at all."""

from collections.abc import Iterator
from typing import NamedTuple

from service.facts.case import PatientCase, evidence, when
from service.facts.fills.fills_of_class import fills_of, is_sample
from service.facts.supply.no_supply_shown import list_cut_short
from service.facts.supply.unread_entries import perhaps_treated, unmapped_fills
from service.fhir.values.days import ANY_DAY, FIRST, LAST, DayRange
from service.memo import per_patient
from service.policy.finding import Finding, met, not_met, unknown
from service.policy.operators import Exposed
from service.policy.truth import Reason


class Trace(NamedTuple):
    """A day on which such a drug was handed over or ordered; not `certain` if it may be another drug."""

    day: DayRange
    certain: bool


@per_patient
def first_dose_of(case: PatientCase, of: tuple[str, ...]) -> DayRange | None:
    """The range of days of the first dose; None for a patient with no trace of any of these drugs."""
    traces = list(_traces(case, of))
    if _may_be_missing(case):
        # Data that did not come may hold an earlier dose.
        traces.append(Trace(DayRange(FIRST, LAST), certain=False))
    if not traces:
        return None
    last = min((trace.day.last for trace in traces if trace.certain), default=LAST)
    return DayRange(min(trace.day.first for trace in traces), last)


@per_patient
def first_dose(case: PatientCase) -> DayRange | None:
    """The same for the requested drug, as baselines need it: what is listed counts, samples too (O03).

    A list of drugs that did not come whole may hold an earlier dose; one that was not sent is not
    held against the patient: without any list the path itself is unknown.
    """
    fills = fills_of(case, (case.drug,))
    days = [fill.start for fill, _ in fills if not fill.doubtful]
    days += [trace.day for trace in _given_away(case, (case.drug,)) if trace.certain]
    perhaps = [fill.start for fill, _ in fills if fill.doubtful]
    last = min((day.last for day in days), default=LAST)
    if list_cut_short(case, (), every=True) is not None:
        return DayRange(FIRST, last)
    if not days and not perhaps:
        return None
    return DayRange(min(day.first for day in (*days, *perhaps)), last)


def why_undated(case: PatientCase) -> Reason:
    """Why it is not known whether a value is from before the first dose: a missing list, else the dates."""
    missing = list_cut_short(case, (), every=True)
    return Reason.IMPRECISE if missing is None or missing.reason is None else missing.reason


def no_list_came(case: PatientCase) -> bool:
    """Whether no list of drugs came whole: then it is not known whether the patient was treated."""
    looked = case.knowledge.of_kind("supply").sources
    return not any(case.record.came_whole(place.source) for place in looked)


def _traces(case: PatientCase, of: tuple[str, ...]) -> Iterator[Trace]:
    for fill, handover in fills_of(case, of):
        yield Trace(fill.start, certain=not (handover.question or fill.doubtful))
    yield from _given_away(case, of)


def _given_away(case: PatientCase, of: tuple[str, ...]) -> Iterator[Trace]:
    """Traces of samples (certain), and of entries that may or may not count (not certain)."""
    for hit in case.hits(case.knowledge.of_kind("supply").sources, of):
        sample = hit.standing == "counts" and is_sample(case, hit)
        if sample or hit.standing == "unusable":
            yield Trace(when(hit) or ANY_DAY, certain=sample)


def _may_be_missing(case: PatientCase) -> bool:
    return no_list_came(case) or list_cut_short(case, (), every=True) is not None


def exposed(case: PatientCase, asked: Exposed) -> Finding:
    """Any trace of the drug but samples; finding none at all is a plain no."""
    traces = fills_of(case, asked.of)
    if traces:
        return met(*(evidence(case, handover.hit, handover.display) for _, handover in traces[:2]))
    if unread := perhaps_treated(case, asked.of):
        return unmapped_fills(case, unread, not_met())
    return unknown(Reason.NOT_SUPPLIED) if no_list_came(case) else not_met()
