"""Renewal by dose: whether the daily dose is lower now than before the requested drug, or higher."""

from service.facts.case import PatientCase, evidence
from service.facts.fills.fill import PHARMACY, FoundFill
from service.facts.fills.fills_as_evidence import fill_in_words
from service.facts.measurements.threshold import moved_enough
from service.facts.supply.covered_days import sure_timeline
from service.facts.supply.covered_days_of_classes import (
    all_handovers,
    handovers_by_class,
    parts_where,
    reaches_band,
)
from service.facts.supply.first_dose import first_dose_of
from service.fhir.values.days import DayRange
from service.policy.amount import Amount
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Better, DoseTrend, TherapyClasses
from service.policy.truth import Reason, Truth, Way

NO_DOSE = remark("no_dose_so_far")
BANDS = ("low", "medium", "high")


def dose_trend(case: PatientCase, asked: DoseTrend) -> Finding:
    """The dose that covers today against the one on the day before the first dose of the drug."""
    handed = parts_where(
        handovers_by_class(case, TherapyClasses(of=asked.of)),
        lambda handover: handover.kind in PHARMACY,
    )
    handovers = all_handovers(handed)
    start = first_dose_of(case, (case.drug,))
    if start is None:
        return unknown(Reason.NOT_FOUND, miss=NO_DOSE)
    longest = case.knowledge.of_kind("supply").unknown_supply_days
    now, before = _on(handovers, case.today), _before(handovers, start, longest)
    shown = tuple(
        evidence(case, handover.hit, fill_in_words(handover))
        for handover in (now, before)
        if handover
    )
    if now is None or before is None:
        looked = case.knowledge.of_kind("supply").sources
        silent = case.silence(looked, start.first - longest)
        miss = remark("daily_dose_not_known", today=now is None)
        return unknown(silent or Reason.IMPRECISE, *shown, way=Way.ATTESTATION, miss=miss)
    return _compared(case, asked, now, before, shown)


def _before(handovers: list[FoundFill], start: DayRange, longest: int) -> FoundFill | None:
    """What covered the last covered day before the first dose, no longer before than one supply."""
    line = sure_timeline(
        [handover.fill for handover in handovers if not handover.question], start.first - 1
    )
    last = line.last_day
    if not start.exact or last is None or last < start.first - longest:
        return None
    return _on(handovers, last)


def _on(handovers: list[FoundFill], day: int) -> FoundFill | None:
    """The one hand-over in use on a day; None if there is none or it is not clear which."""
    begun = [handover for handover in handovers if handover.fill.start.first <= day]
    if not sure_timeline(
        [handover.fill for handover in begun if not handover.question], day
    ).covers(day):
        return None
    newest = max(begun, key=lambda handover: handover.fill.start.last)
    others = [
        handover
        for handover in begun
        if handover.display != newest.display and _lasts(handover, day)
    ]
    unclear = any(
        not handover.fill.start.exact or handover.fill.doubtful for handover in (newest, *others)
    )
    return None if others or unclear or newest.question else newest


def _lasts(handover: FoundFill, day: int) -> bool:
    return handover.fill.days is None or handover.fill.start.last + handover.fill.days > day


def _compared(
    case: PatientCase,
    asked: DoseTrend,
    now: FoundFill,
    before: FoundFill,
    shown: tuple[Evidence, ...],
) -> Finding:
    lower = _lower(case, now, before)
    higher = _lower(case, before, now)
    better, worse = (lower, higher) if asked.better == "lower" else (higher, lower)
    if better is Truth.NOT_MET or worse is Truth.MET:
        return not_met(*shown, miss=_not_better(asked.better))
    if asked.by is not None:
        better = _moved(asked.by, asked.better, now, before)
    if better is Truth.MET:
        return met(*shown)
    if better is Truth.NOT_MET:
        return not_met(*shown, miss=_not_better(asked.better, asked.by))
    return unknown(Reason.IMPRECISE, *shown, way=Way.ATTESTATION)


def _not_better(better: Better, by: Amount | None = None) -> Remark:
    return remark("dose_not_changed", higher=better == "higher", by=by)


def _alike(handover: FoundFill, other: FoundFill) -> bool:
    return all(
        handover.product.get(key) == other.product.get(key) for key in ("ingredient", "form")
    )


def _moved(by: Amount, better: Better, now: FoundFill, before: FoundFill) -> Truth:
    """By a share only in micrograms of the same ingredient and form: bands tell no share."""
    if now.dose is None or before.dose is None or not _alike(now, before):
        return Truth.UNKNOWN
    return moved_enough(by, better, before.dose, now.dose)


def _lower(case: PatientCase, handover: FoundFill, other: FoundFill) -> Truth:
    """In micrograms where the ingredient and form are the same, else by the band of each."""
    if _alike(handover, other) and handover.dose and other.dose:
        if handover.dose.high < other.dose.low:
            return Truth.MET
        return Truth.NOT_MET if handover.dose.low >= other.dose.high else Truth.UNKNOWN
    ranks = [[reaches_band(case, each, band) for band in BANDS] for each in (handover, other)]
    if any(Truth.UNKNOWN in rank for rank in ranks):
        return Truth.UNKNOWN
    mine, theirs = (rank.count(Truth.MET) for rank in ranks)
    return Truth.MET if mine < theirs else Truth.UNKNOWN
