"""Whether a drug was ever given, is taken now, and for how long it was taken."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple, Protocol

from service.facts.case import PatientCase, evidence, when
from service.facts.fills.fill import PHARMACY, FoundFill, is_ordered, was_given
from service.facts.fills.fills_of_class import fills_of
from service.facts.fills.samples import is_sample
from service.facts.supply.covered_days import (
    Timeline,
    ends_of,
    possible_timeline,
    sure_timeline,
    with_dates_at,
)
from service.facts.supply.first_dose import all_supply_held, no_list_came
from service.facts.supply.no_supply_shown import is_listed_now, list_cut_short
from service.facts.supply.unread_entries import perhaps_treated, unmapped_fills, unread_fills
from service.fhir.elements import read
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, LAST, DayRange, add_months, parse_when
from service.memo import per_patient
from service.policy.amount import Span
from service.policy.finding import Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import ExposedFor
from service.policy.truth import Reason, Truth

# To say "no earlier dose", claims must also cover so many days before the first known dose.
DAYS_BEFORE = 365


class Lengths(Protocol):
    """From when on the effect of a drug is judged, and which break is still the same course."""

    @property
    def judged_after(self) -> Span:
        """How long it is taken before its effect is judged."""

    @property
    def longest_break(self) -> Span:
        """The longest break within one course."""


class Exposure(NamedTuple):
    """Whether the drug was ever given (`begun`), is given now (`on`), and was given long enough (`long`)."""

    begun: Truth
    on: Truth = Truth.NOT_MET
    long: Truth = Truth.NOT_MET


@per_patient
def exposure(case: PatientCase, course: Lengths) -> Exposure:
    """Whether the drug was given, is given, and was given long enough to be judged.

    Pharmacy records decide where they are known to be complete; else a chart list counts too:
    advice may rest on it, coverage does not. Entries that cannot be read may be the drug.
    """
    unread = bool(perhaps_treated(case, (case.drug,)))
    truths = _exposure(case, course)
    return Exposure(
        *(Truth.UNKNOWN if unread and truth is Truth.NOT_MET else truth for truth in truths)
    )


def _exposure(case: PatientCase, course: Lengths) -> Exposure:
    given = _perhaps_given(case)
    if _is_open(given):
        return Exposure(_nothing_given(case, given), Truth.UNKNOWN, Truth.UNKNOWN)
    handed, listed = _handed(given), _listed(given)
    gap = course.longest_break.days
    runs = _runs(case, handed, gap, certainly=True)
    on = _is_given_now(case, handed, listed, gap)
    return Exposure(Truth.MET, on, _given_long_enough(case, course, runs, handed, listed))


def taken_now(case: PatientCase, gap: int) -> Truth:
    """Whether the drug is taken now, breaks of up to `gap` days bridged; unknown without a clear dose."""
    given = _perhaps_given(case)
    if _is_open(given):
        return Truth.UNKNOWN
    return _is_given_now(case, _handed(given), _listed(given), gap)


@per_patient
def _perhaps_given(case: PatientCase) -> list[FoundFill]:
    """All that has begun by today, without orders that complete records show not to have been filled."""
    return [
        handover
        for _, handover in fills_of(case, (case.drug,))
        if _begun(case, handover) and not _is_unfilled(case, handover.hit)
    ]


def _is_unfilled(case: PatientCase, hit: Hit) -> bool:
    return is_ordered(hit) and all_supply_held(case, (when(hit) or ANY_DAY).first)


def _is_open(given: Sequence[FoundFill]) -> bool:
    """Whether nothing shows a dose: there are only questions, and orders, which may not have been filled."""
    return all(
        handover.question or handover.fill.doubtful or is_ordered(handover.hit)
        for handover in given
    )


def _handed(given: Sequence[FoundFill]) -> list[FoundFill]:
    return [
        _as_doubtful(handover) if handover.question else handover
        for handover in given
        if was_given(handover)
    ]


def _listed(given: Sequence[FoundFill]) -> list[FoundFill]:
    return [handover for handover in given if not (was_given(handover) or handover.question)]


def had_samples_alone(case: PatientCase) -> bool:
    """Whether the record shows samples of the drug and nothing else of it."""
    return not fills_of(case, (case.drug,)) and _had_a_sample(case)


def present_run(case: PatientCase, course: Lengths) -> int | None:
    """The first day (ordinal) of the last run of supply if it has begun by today; else None."""
    handed = [
        handover
        for _, handover in fills_of(case, (case.drug,))
        if _begun(case, handover) and was_given(handover)
    ]
    sure_runs = _runs(case, handed, course.longest_break.days, certainly=True)
    first = [run[0] for runs in sure_runs for run in runs[-1:] if run[0] <= case.today]
    return min(first, default=None)


def surely_off(case: PatientCase, day: int, gap: int) -> bool:
    """Whether complete pharmacy records show that supply had ended more than `gap` days before that day."""
    given = _given(case, gap)
    if not given.first_day <= day < given.unclear_from:
        return False
    if any(line.covers(day) for line in given.lasting):
        return False
    return case.silence(case.knowledge.of_kind("supply").sources, day - gap) is None


class _Given(NamedTuple):
    """All hand-overs of the drug: the first day, the first day of one that is none or unclear.

    `lasting` are the days that they last, and the days of a break after them, for both ends of
    partial dates. A later hand-over does not change whether an earlier day is among them.
    """

    first_day: int
    unclear_from: int
    lasting: tuple[Timeline, ...]


@per_patient
def _given(case: PatientCase, gap: int) -> _Given:
    handovers = [each for _, each in fills_of(case, (case.drug,)) if not is_ordered(each.hit)]
    unclear = [h for h in handovers if h.question or not was_given(h)]
    first_day, unclear_from = (
        min((handover.fill.start.first for handover in some), default=LAST + 1)
        for some in (handovers, unclear)
    )
    runs = _runs(case, handovers, gap, certainly=False)
    lasting = tuple(Timeline(tuple(each)).stretched(gap) for each in runs)
    return _Given(first_day, unclear_from, lasting)


def spans_perhaps_on_drug(case: PatientCase, since: int, gap: int) -> list[tuple[int, int]]:
    """The spans of days from `since` to today that are not surely off the drug (`surely_off`)."""
    given = [each for each in _perhaps_given(case) if not is_ordered(each.hit)]
    unclear = not given or any(handover.question or not was_given(handover) for handover in given)
    sources = case.knowledge.of_kind("supply").sources
    if unclear or case.silence(sources, since - gap) is not None:
        return [(since, case.today)]
    runs = (run for runs in _runs(case, given, gap, certainly=False) for run in runs)
    joined_spans: list[tuple[int, int]] = []
    for first, last in sorted((max(a, since), min(b + gap, case.today)) for a, b in runs):
        if joined_spans and first <= joined_spans[-1][1] + 1:
            joined_spans[-1] = (joined_spans[-1][0], max(last, joined_spans[-1][1]))
        elif first <= last:
            joined_spans.append((first, last))
    return joined_spans


def _begun(case: PatientCase, handover: FoundFill) -> bool:
    return handover.fill.start.first <= case.today


def _as_doubtful(handover: FoundFill) -> FoundFill:
    return replace(handover, fill=replace(handover.fill, doubtful=True))


def _nothing_given(case: PatientCase, questions: Sequence[FoundFill]) -> Truth:
    """Without a clear fill or list entry: not met, unless a sample, a doubtful entry or a missing list."""
    sources = case.knowledge.of_kind("supply").sources
    if _had_a_sample(case):
        return Truth.MET
    hits = [
        hit
        for hit in case.hits(sources, (case.drug,))
        if hit.standing != "never" and not _is_unfilled(case, hit)
    ]
    missing = no_list_came(case) or list_cut_short(case, (), every=True) is not None
    return Truth.UNKNOWN if questions or hits or missing else Truth.NOT_MET


def _had_a_sample(case: PatientCase) -> bool:
    hits = case.hits(case.knowledge.of_kind("supply").sources, (case.drug,))
    samples = (hit for hit in hits if hit.standing == "counts" and is_sample(case, hit))
    return any((when(hit) or ANY_DAY).first <= case.today for hit in samples)


def _runs(
    case: PatientCase, handed: Iterable[FoundFill], gap: int, *, certainly: bool
) -> list[list[tuple[int, int]]]:
    """Runs of supply with breaks of up to `gap` days closed, for both ends of partial dates."""
    fills = [handover.fill for handover in handed]
    days = case.knowledge.of_kind("supply").unknown_supply_days
    lines: list[Timeline] = [
        sure_timeline(with_dates_at(fills, end), LAST)
        if certainly
        else possible_timeline(with_dates_at(fills, end), LAST, days)
        for end in ends_of(fills)
    ]
    return [line.joined(gap) for line in lines]


def _covers(runs: Sequence[tuple[int, int]], day: int, gap: int) -> bool:
    return any(first <= day <= last + gap for first, last in runs)


def _is_given_now(
    case: PatientCase, handed: Sequence[FoundFill], listed: Sequence[FoundFill], gap: int
) -> Truth:
    """Whether supply reaches today or a chart lists the drug as taken now."""
    if handed and all(
        _covers(runs, case.today, gap) for runs in _runs(case, handed, gap, certainly=True)
    ):
        return Truth.MET
    active = [handover for handover in listed if is_listed_now(case, handover.hit)]
    if any(_covers(runs, case.today, gap) for runs in _runs(case, handed, gap, certainly=False)):
        return Truth.MET if active else Truth.UNKNOWN
    if not handed:
        # No hand-over is known: the drug may be supplied in another way, so the list decides.
        return Truth.MET if active else Truth.NOT_MET
    complete = case.silence(case.knowledge.of_kind("supply").sources, case.today - gap) is None
    if complete:
        # Complete records show that supply ended; an active list entry may be out of date.
        return Truth.UNKNOWN if active else Truth.NOT_MET
    return Truth.MET if active else Truth.UNKNOWN


def _given_long_enough(
    case: PatientCase,
    course: Lengths,
    runs: Sequence[Sequence[tuple[int, int]]],
    handed: Sequence[FoundFill],
    listed: Sequence[FoundFill],
) -> Truth:
    """Whether the current course, else the last one, is long enough to judge its effect."""
    since = case.back(course.judged_after)
    needed = case.today - since
    if handed and all(_longest_enough(case, line_runs, since, needed) for line_runs in runs):
        return Truth.MET
    now = [handover for handover in listed if is_listed_now(case, handover.hit)]
    days = [_listed_since(handover) for handover in now]
    stated = [_listed_since(handover) for handover in now if not is_ordered(handover.hit)]
    if any(day is not None and day.last <= since for day in stated):
        return Truth.MET
    perhaps = _runs(case, handed, course.longest_break.days, certainly=False)
    may_be = any(_longest_enough(case, line_runs, since, needed) for line_runs in perhaps if handed)
    if may_be or any(day is None or day.first <= since for day in days):
        return Truth.UNKNOWN
    sources = case.knowledge.of_kind("supply").sources
    silent = case.silence(sources, _first(handed, listed, case.today) - DAYS_BEFORE)
    return Truth.NOT_MET if silent is None else Truth.UNKNOWN


def _listed_since(handover: FoundFill) -> DayRange | None:
    """The day from which a list names the drug: the start of its period, else the day of the entry."""
    starts = read(("effectivePeriod", "start"), handover.hit.resource)
    days = [day for start in starts if (day := parse_when(start, handover.hit.calendar.zone))]
    return days[0] if days else when(handover.hit)


def _longest_enough(
    case: PatientCase, runs: Sequence[tuple[int, int]], since: int, needed: int
) -> bool:
    """Whether the last run is long enough: begun by `since` if it reaches today, else of `needed` days."""
    begun = [run for run in runs if run[0] <= case.today]
    if not begun:
        return False
    first, last = begun[-1]
    return first <= since if last >= case.today else last - first + 1 >= needed


def _first(handed: Sequence[FoundFill], listed: Sequence[FoundFill], today: int) -> int:
    """The first day of all that is known, no later than today."""
    days: list[DayRange] = [handover.fill.start for handover in (*handed, *listed)]
    first_days = [day.first for day in days if day != ANY_DAY]
    return min([*first_days, today])


def exposed_for(case: PatientCase, asked: ExposedFor) -> Finding:
    """Whether the first dose is long enough ago; a chart entry alone leaves it open, samples do not count."""
    since = case.back(asked.at_least)
    handovers = [
        handover
        for _, handover in fills_of(case, asked.of)
        if handover.fill.start.first <= case.today
    ]
    handovers.sort(key=lambda handover: (handover.fill.start.last, handover.fill.start.first))
    given = [handover for handover in handovers if _is_given(handover)]
    others = [handover for handover in handovers if not _is_given(handover)]
    shown = [evidence(case, handover.hit, handover.display) for handover in given[:1]]
    if given and given[0].fill.start.last <= since:
        return met(*shown)
    miss = _miss(asked.at_least, given)
    if _earlier(given, since):
        return unknown(Reason.IMPRECISE, *shown, miss=miss)
    if weak := _earlier(others, since):
        shown += [evidence(case, handover.hit, handover.display) for handover in weak[:2]]
        return unknown(Reason.WEAK_EVIDENCE, *shown, miss=miss)
    early = [handover for handover in unread_fills(case, asked.of) if _is_early(handover, since)]
    if early:
        return unmapped_fills(case, early, not_met(*shown, miss=miss))
    silent = case.silence(case.knowledge.of_kind("supply").sources, since - DAYS_BEFORE)
    if silent is not None:
        return unknown(silent, *shown, miss=miss)
    return not_met(*shown, miss=miss)


def _is_given(handover: FoundFill) -> bool:
    """Whether the drug was handed over or administered, under a code that identifies it."""
    return was_given(handover) and not (handover.question or handover.fill.doubtful)


def _is_early(handover: FoundFill, since: int) -> bool:
    """Whether a hand-over may lie before the window, at most `DAYS_BEFORE` days earlier."""
    start = handover.fill.start
    return handover.kind in PHARMACY and start.first <= since and start.last > since - DAYS_BEFORE


def _earlier(handovers: Sequence[FoundFill], since: int) -> list[FoundFill]:
    return [handover for handover in handovers if handover.fill.start.first <= since]


def _miss(span: Span, given: Sequence[FoundFill]) -> Remark | None:
    """The nearest miss: the first dose, and the day on which it is long enough ago."""
    if not given:
        return None
    start: DayRange = given[0].fill.start
    if not start.exact:
        return remark("first_dose_about", day=str(start))
    first = date.fromordinal(start.first)
    reached = (
        add_months(first, span.months) if span.months else date.fromordinal(start.first + span.days)
    )
    return remark("first_dose_on", day=first, earliest=reached)
