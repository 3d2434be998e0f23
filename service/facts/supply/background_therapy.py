"""Background therapy: whether a day, such as that of a test, lies in covered days of another drug."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import reduce

from service.facts.case import PatientCase
from service.facts.fills.fill import PHARMACY, FoundFill
from service.facts.fills.fills_as_evidence import fills_as_evidence
from service.facts.supply.covered_days import Timeline, covered_in_any
from service.facts.supply.covered_days_of_classes import (
    ClassSupply,
    Parts,
    Possible,
    Readings,
    all_handovers,
    dose_table_notes,
    handovers_by_class,
    may_reach,
    parts_of_both,
    parts_where,
    surely_covered,
)
from service.facts.supply.no_supply_shown import list_cut_short
from service.facts.supply.unread_entries import unmapped, unread_fills
from service.fhir.values.days import DayRange
from service.memo import cached_property, per_patient
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Background
from service.policy.truth import REASONS, Reason, Truth, Way


def on_background(case: PatientCase, backgrounds: Sequence[Background], day: DayRange) -> Finding:
    """Whether one of the backgrounds covers a day; a partial day must lie in it whole.

    Not shown is only `not_met` where claims or dispenses are known to be complete for that day.
    """
    findings = [_on(case, background, day) for background in backgrounds]
    for finding in findings:
        if finding.truth is Truth.MET:
            return finding
    open_ = [finding_ for finding_ in findings if finding_.truth is Truth.UNKNOWN]
    nearest = min(
        open_, key=lambda finding_: REASONS.index(finding_.reason or Reason.NOT_FOUND), default=None
    )
    return nearest or findings[0]


def _on(case: PatientCase, asked: Background, day: DayRange) -> Finding:
    therapy = _therapy(case, asked)
    if therapy.surely_covers(day):
        return met(*_near(case, therapy.counted, day), notes=dose_table_notes(case, asked))
    missing = remark("not_on_background", day=str(day), background=in_words(case, asked))
    if therapy.may_cover(day):
        shown = _near(case, therapy.handed, day)
        return unknown(Reason.IMPRECISE, *shown, way=Way.ATTESTATION, miss=missing)
    if therapy.unread.newest_first and therapy.may_cover_with_unread(day):
        hits, place = therapy.unread.hits, therapy.unread.place_of(day)
        finding = unmapped(case, hits, not_met(miss=missing), Way.DATA, since=place)
        return finding.settled_by(Way.ATTESTATION)
    return _not_shown(case, asked, day, missing)


def _not_shown(case: PatientCase, asked: Background, day: DayRange, missing: Remark) -> Finding:
    fact = case.knowledge.of_kind("supply")
    run, after = (span.days if span else 0 for span in (asked.run, asked.after))
    silent = case.silence(fact.sources, day.first - after - max(run, fact.unknown_supply_days))
    if silent is not None:
        listed = _near(case, _therapy(case, asked).all, day)
        reason = Reason.WEAK_EVIDENCE if listed else silent
        return unknown(reason, *listed, way=Way.ATTESTATION, miss=missing)
    cut = list_cut_short(case, asked.accepts or PHARMACY, every=False)
    return cut._replace(way=Way.ATTESTATION, miss=missing) if cut else not_met(miss=missing)


class _ByDay:
    """Hand-overs by their first day, the newest first."""

    def __init__(self, handovers: Iterable[FoundFill]) -> None:
        self.newest_first = sorted(handovers, key=_first_day_back)
        self.hits = [handover.hit for handover in self.newest_first]

    def place_of(self, day: DayRange) -> int:
        """Where those begin that were handed over by that day."""
        return bisect_left(self.newest_first, -day.last, key=_first_day_back)

    def newest(self, day: DayRange, most: int) -> Sequence[FoundFill]:
        """The newest of those handed over by that day."""
        place = self.place_of(day)
        return self.newest_first[place : place + most]


def _first_day_back(handover: FoundFill) -> int:
    return -handover.fill.start.first


class _Therapy:
    """The hand-overs of a background, and the days that lie in long enough covered runs."""

    def __init__(self, case: PatientCase, asked: Background) -> None:
        accepted = asked.accepts or PHARMACY
        parts = handovers_by_class(case, asked)
        handed = parts_where(parts, lambda handover: handover.kind in accepted)
        counted = parts_where(handed, lambda handover: not handover.question)
        unread = [
            ClassSupply(part.value_sets, unread_fills(case, part.value_sets)) for part in handed
        ]
        unread = parts_where(unread, lambda handover: handover.kind in accepted)

        def fit(some: Parts) -> _ByDay:
            return _ByDay(
                all_handovers(
                    parts_where(some, lambda found: may_reach(case, found, asked.at_dose))
                )
            )

        self.all, self.handed, self.counted = map(fit, (parts, handed, counted))
        self.unread = _ByDay(all_handovers(unread))
        self._surely = _Surely(asked, surely_covered(case, asked, counted, case.today))
        self._perhaps = _Perhaps(asked, Possible(case, asked, handed))
        self._with_unread = self._perhaps
        if self.unread.newest_first:
            self._with_unread = _Perhaps(
                asked, Possible(case, asked, parts_of_both(handed, unread))
            )

    def surely_covers(self, day: DayRange) -> bool:
        """Whether each reading of partial dates covers the whole of the day."""
        return self._surely.covers(day)

    def may_cover(self, day: DayRange) -> bool:
        """Whether some reading covers a part of the day."""
        return self._perhaps.covers(day)

    def may_cover_with_unread(self, day: DayRange) -> bool:
        """Whether some reading does with the hand-overs of drugs that could not be read."""
        return self._with_unread.covers(day)


_therapy = per_patient(_Therapy)


class _Surely:
    """The days that are covered in each reading of partial dates."""

    def __init__(self, asked: Background, readings: Readings) -> None:
        self._asked = asked
        self._readings = readings

    def covers(self, day: DayRange) -> bool:
        """Whether the whole of the day is covered; all readings are made only if one does not tell."""
        if not _is_whole(self._first, day):
            return False
        return _is_whole(self._least, day) or _is_whole(self._each, day)

    @cached_property
    def _first(self) -> Timeline:
        return _long_runs(self._asked, self._readings[0])

    @cached_property
    def _least(self) -> Timeline:
        return _long_runs(self._asked, self._readings.without_partial_dates)

    @cached_property
    def _each(self) -> Timeline:
        return reduce(Timeline.both, (_long_runs(self._asked, line) for line in self._readings))


class _Perhaps:
    """The days that may be covered: in one reading of all partial dates, and in some one of several."""

    def __init__(self, asked: Background, possible: Possible) -> None:
        self._asked = asked
        self._possible = possible

    def covers(self, day: DayRange) -> bool:
        """Whether a part of the day may be covered; all readings are made only if one does not tell."""
        if not self._widest.days(day.first, day.last):
            return False
        if not self._possible.narrow or self._first.days(day.first, day.last):
            return True
        return bool(self._each.days(day.first, day.last))

    @cached_property
    def _widest(self) -> Timeline:
        return _long_runs(self._asked, self._possible.widest)

    @cached_property
    def _first(self) -> Timeline:
        return _long_runs(self._asked, self._possible.readings[0])

    @cached_property
    def _each(self) -> Timeline:
        return covered_in_any(_long_runs(self._asked, line) for line in self._possible.readings)


def _is_whole(line: Timeline, day: DayRange) -> bool:
    return line.days(day.first, day.last) == day.last - day.first + 1


def _long_runs(asked: Background, line: Timeline) -> Timeline:
    """The covered days that lie in a long enough run, and what counts after them."""
    run, gap, after = (span.days if span else 0 for span in (asked.run, asked.gap, asked.after))
    if run:
        long_enough = (covered for covered in line.joined(gap) if line.days(*covered) >= run)
        line = line.both(Timeline(tuple(long_enough)))
    return line.stretched(after) if after else line


def _near(case: PatientCase, handovers: _ByDay, day: DayRange) -> tuple[Evidence, ...]:
    """The newest two hand-overs up to that day that may reach the dose asked for, as evidence."""
    return fills_as_evidence(case, handovers.newest(day, 2))


def in_words(case: PatientCase, asked: Background) -> Remark:
    """A background as a clinician says it."""
    return remark(
        "background",
        classes=tuple(case.knowledge.titles.get(name, name).partition(":")[0] for name in asked.of),
        together=asked.together,
        dose=asked.at_dose,
        run=asked.run,
    )
