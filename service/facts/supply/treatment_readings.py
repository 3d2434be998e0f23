"""How the treatment with the requested drug can be read, and what holds in each of these ways."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from service.facts.case import PatientCase, Treatment, days_back
from service.facts.fills.fills_of_class import fills_of
from service.facts.supply.first_dose import all_supply_held, first_dose, traces_of_drug
from service.facts.supply.no_supply_shown import list_cut_short
from service.facts.supply.on_drug import spans_perhaps_on_drug, surely_off, taken_now
from service.facts.supply.unread_entries import note_unread, noting_unread
from service.fhir.values.days import DayRange, days_shown
from service.memo import per_patient
from service.policy.amount import Span
from service.policy.finding import Finding, Remark, remark, unknown
from service.policy.operators import Compare
from service.policy.truth import REASONS, Reason, Truth, Way

C = TypeVar("C", bound=PatientCase)
Find = Callable[[C, Any], Finding]


def in_each_treatment(case: C, asked: object, find: Find[C], *, of_response: bool) -> Finding:
    """The finding in which all readings of the treatment agree; open where they differ.

    A response (`of_response`) is one to a course, also where that has ended.
    """
    if case.treatment is not None:
        return find(case, asked)
    readings = [each for each in treatments(case) if not (of_response and each.off)]
    if len(readings) == 1 and not readings[0].off:
        return find(case, asked)
    findings: list[Finding] = []
    for reading in readings:
        read_so = replace(case, treatment=reading, shared=_shared(case, reading))
        with noting_unread(read_so) as unread:
            findings.append(find(read_so, asked))
        note_unread(case, unread.by_element.values())
    last = findings[-1]
    if not of_response and readings[0].start is not None and _is_relapse(case, asked, last):
        return last
    return _agreed(case, readings, findings)


@per_patient
def treatments(case: PatientCase) -> tuple[Treatment, ...]:
    """The ways to read when the treatment began, the first course first; one where it is clear.

    Orders or lists alone may be no treatment. After a longer break than `longest_break` the present
    course began anew, and a patient who is off the drug is untreated.
    """
    start = first_dose(case)
    first = Treatment(start)
    if start is None or list_cut_short(case, (), every=True) is not None:
        return (first,)
    if not any(trace.certain for trace in traces_of_drug(case)):
        return (Treatment(None), first)
    gap = case.knowledge.of_kind("supply").longest_break_days
    again = _begun_again(case, start, gap)
    off = (Treatment(None, off=True),) if _perhaps_off(case, start, gap) else ()
    return (first, *again, *off)


def _begun_again(case: PatientCase, start: DayRange, gap: int) -> tuple[Treatment, ...]:
    """The present course, or the last one, if a break before it ended the first."""
    spans = spans_perhaps_on_drug(case, start.first, gap)
    if not spans or (len(spans) == 1 and spans[0][0] <= start.last + gap):
        return ()
    first = spans[-1][0]
    fills = (fill.start for fill, _ in fills_of(case, (case.drug,)) if fill.start.first == first)
    return (Treatment(DayRange(first, max((day.last for day in fills), default=first))),)


def _perhaps_off(case: PatientCase, start: DayRange, gap: int) -> bool:
    """Whether the drug is not taken today, or not known to be although all supply is known."""
    on = taken_now(case, gap)
    if on is not Truth.UNKNOWN:
        return on is Truth.NOT_MET
    doses = (trace.day.last for trace in traces_of_drug(case) if trace.certain)
    recent = any(case.today - gap <= day for day in doses)
    return not recent and all_supply_held(case, start.first)


@per_patient
def _shared(_: PatientCase, _reading: Treatment) -> dict[object, Any]:
    """What is computed of a patient in one reading."""
    return {}


def _agreed(
    case: PatientCase, readings: Sequence[Treatment], findings: Sequence[Finding]
) -> Finding:
    if len({finding.truth for finding in findings}) == 1:
        return findings[-1]
    shown = tuple(dict.fromkeys(proof for each in findings for proof in each.evidence))
    open_ = [each for each in findings if each.truth is Truth.UNKNOWN]
    nearest = min(
        open_, key=lambda each: REASONS.index(each.reason or Reason.IMPRECISE), default=None
    )
    reason, way = (nearest.reason, nearest.way) if nearest else (None, Way.ATTESTATION)
    miss = _why_open(case, readings, nearest.miss if nearest else None)
    return unknown(reason or Reason.IMPRECISE, *shown, way=way, miss=miss)


def _is_relapse(case: PatientCase, asked: object, finding: Finding) -> bool:
    """Whether it is met by values that are surely from after the supply had ended, known or not.

    A value that must be from before any dose (`before_first`) may show what the drug has left: it
    must be so long after the supply as a baseline may be old.
    """
    span: Span | None = Span(days=0)
    if isinstance(asked, Compare) and asked.before_first:
        span = asked.baseline_within
    days = [days_shown(proof.date) for proof in finding.evidence if proof.date]
    if finding.truth is not Truth.MET or span is None or not days:
        return False
    return all(
        day is not None
        and all(
            _is_untreated(case, end, end - days_back(end, span)) for end in (day.first, day.last)
        )
        for day in days
    )


def _is_untreated(case: PatientCase, day: int, gap: int) -> bool:
    """Whether supply had surely ended so many days before, also one from before complete records begin."""
    longest = case.knowledge.of_kind("supply").unknown_supply_days
    return surely_off(case, day, gap) and all_supply_held(case, day - gap - longest)


def _why_open(case: PatientCase, readings: Sequence[Treatment], miss: Remark | None) -> Remark:
    start = readings[-1].start
    if readings[0].start is None and start is not None:
        return remark("taking_not_known", day=str(DayRange(start.first, start.first)))
    gap = case.knowledge.of_kind("supply").longest_break_days
    return remark("courses_differ", gap=Span(days=gap), miss=miss)
