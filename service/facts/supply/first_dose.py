"""When a drug was first given, as far as is known, and whether there is any trace of it at all."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.facts.case import PatientCase, evidence, when
from service.facts.fills.fill import NO_HANDOVER, FoundFill, is_ordered, was_given
from service.facts.fills.fills_of_class import fills_of
from service.facts.fills.samples import is_sample
from service.facts.supply.no_supply_shown import list_cut_short
from service.facts.supply.unread_entries import perhaps_treated, unmapped_fills
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, FIRST, LAST, DayRange, parse_day
from service.memo import per_patient
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Exposed
from service.policy.truth import Reason


class Trace(NamedTuple):
    """A day on which such a drug was handed over, listed or ordered; not `certain` if it may be no dose."""

    day: DayRange
    certain: bool


@per_patient
def first_dose_of(case: PatientCase, of: tuple[str, ...]) -> DayRange | None:
    """The range of days of the first dose; None for a patient with no trace of any of these drugs."""
    if case.treatment is not None and of == (case.drug,):
        return case.treatment.start
    traces = [*_traces(case, of), *_unclear(case, of)]
    if _may_be_missing(case):
        # Data that did not come may hold an earlier dose.
        traces.append(Trace(DayRange(FIRST, LAST), certain=False))
    return _range_of(traces)


@per_patient
def first_dose(case: PatientCase) -> DayRange | None:
    """The same for the requested drug, as baselines need it: what is listed counts, samples too (O03).

    A list of drugs that did not come whole may hold an earlier dose; one that was not sent is not
    held against the patient: without any list the path itself is unknown.
    """
    if case.treatment is not None:
        return case.treatment.start
    traces = traces_of_drug(case)
    if list_cut_short(case, (), every=True) is not None:
        traces = [*traces, Trace(DayRange(FIRST, LAST), certain=False)]
    return _range_of(traces)


@per_patient
def traces_of_drug(case: PatientCase) -> list[Trace]:
    """What shows a dose of the requested drug, or may show one."""
    return list(_traces(case, (case.drug,)))


def _range_of(traces: Sequence[Trace]) -> DayRange | None:
    if not traces:
        return None
    last = min((trace.day.last for trace in traces if trace.certain), default=LAST)
    return DayRange(min(trace.day.first for trace in traces), last)


def why_undated(case: PatientCase) -> Reason:
    """Why it is not known whether a value is from before the first dose: a missing list, else the dates."""
    missing = list_cut_short(case, (), every=True)
    return Reason.IMPRECISE if missing is None or missing.reason is None else missing.reason


def no_list_came(case: PatientCase) -> bool:
    """Whether no list of drugs came whole: then it is not known whether the patient was treated."""
    looked = case.knowledge.of_kind("supply").sources
    return not any(case.record.came_whole(place.source) for place in looked)


def _traces(case: PatientCase, of: tuple[str, ...]) -> Iterator[Trace]:
    """Fills, samples, lists and orders.

    An order is no dose: where complete pharmacy records hold no supply of that time there was none,
    elsewhere it may have been filled. A list that says the drug was taken counts, but is not certain
    against such records.
    """
    taken = [*_taken(case, of)]
    yield from taken
    gap = case.knowledge.of_kind("supply").longest_break_days
    begun = [trace.day.first for trace in taken if trace.certain]
    for fill, handover in fills_of(case, of):
        first = fill.start.first
        if not is_ordered(handover.hit) or all_supply_held(case, first):
            continue
        # what was taken soon after it was begun by it
        soon = min((day for day in begun if first <= day <= first + gap), default=None)
        day = fill.start if soon is None else DayRange(first, soon)
        yield Trace(day, certain=soon is not None)


def _taken(case: PatientCase, of: tuple[str, ...]) -> Iterator[Trace]:
    for fill, handover in fills_of(case, of):
        if is_ordered(handover.hit):
            continue
        sure = not (handover.question or fill.doubtful)
        if not was_given(handover):
            sure = sure and not all_supply_held(case, fill.start.first)
        yield Trace(fill.start, sure)
    for hit in case.hits(case.knowledge.of_kind("supply").sources, of):
        if hit.standing == "counts" and is_sample(case, hit):
            yield Trace(when(hit) or ANY_DAY, certain=True)
        elif hit.standing == "counts" and (begun := _listed_since(hit)) is not None:
            yield Trace(begun, certain=False)


def _listed_since(hit: Hit) -> DayRange | None:
    """When a list entry says that it began, which is lost where a fill of its period is the same."""
    period = hit.resource.get("effectivePeriod")
    if hit.source.kind not in NO_HANDOVER or not isinstance(period, dict):
        return None
    return parse_day(period.get("start"), hit.calendar.zone)


def _unclear(case: PatientCase, of: tuple[str, ...]) -> Iterator[Trace]:
    """Entries that may or may not count."""
    for hit in case.hits(case.knowledge.of_kind("supply").sources, of):
        if hit.standing == "unusable":
            yield Trace(when(hit) or ANY_DAY, certain=False)


def all_supply_held(case: PatientCase, since: int) -> bool:
    """Whether the sources contain every supply from that day on."""
    return case.silence(case.knowledge.of_kind("supply").sources, since) is None


def _may_be_missing(case: PatientCase) -> bool:
    return no_list_came(case) or list_cut_short(case, (), every=True) is not None


def exposed(case: PatientCase, asked: Exposed) -> Finding:
    """Any trace of the drug but samples; finding none at all is a plain no.

    Orders alone leave it open, unless complete pharmacy records hold no supply: then they were not filled.
    """
    shows = [handover for _, handover in fills_of(case, asked.of)]
    given = [each for each in shows if was_given(each) or not is_ordered(each.hit)]
    if given:
        return met(*_shown(case, given))
    if shows and not all(all_supply_held(case, each.fill.start.first) for each in shows):
        return unknown(Reason.WEAK_EVIDENCE, *_shown(case, shows))
    if unread := perhaps_treated(case, asked.of):
        return unmapped_fills(case, unread, not_met())
    return unknown(Reason.NOT_SUPPLIED) if no_list_came(case) else not_met()


def _shown(case: PatientCase, handovers: Sequence[FoundFill]) -> list[Evidence]:
    return [evidence(case, handover.hit, handover.display) for handover in handovers[:2]]
