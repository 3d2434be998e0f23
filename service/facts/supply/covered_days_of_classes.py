"""Covered days of the classes that are asked for, of any or of all together, at a dose."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import NamedTuple

from service.facts.age import born, months_old
from service.facts.case import PatientCase
from service.facts.fills.fill import Fill, FoundFill, names_drug
from service.facts.fills.fills_of_class import find_fills
from service.facts.knowledge import DoseLine
from service.facts.supply.covered_days import Placements, Timeline, possible_timeline, sure_timeline
from service.facts.supply.supply_tests import Test
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange
from service.memo import IdentityMap, cached_property, per_patient
from service.policy.finding import Remark, remark
from service.policy.operators import TherapyClasses
from service.policy.truth import Truth


def fills_at(case: PatientCase, handovers: Sequence[FoundFill], band: str) -> list[Fill]:
    """The fills that may reach the dose; those that may also be below it are marked doubtful."""
    fills: list[Fill] = []
    below: list[tuple[FoundFill, float]] = []
    for handover in handovers:
        match reaches_band(case, handover, band):
            case Truth.MET:
                fills.append(handover.fill)
            case Truth.UNKNOWN:
                fills.append(replace(handover.fill, doubtful=True))
            case Truth.NOT_MET:
                below.append((handover, _share(case, handover, band)))
    return [*fills, *_joint(below, case.knowledge.of_kind("supply").unknown_supply_days)]


def dose_table_notes(case: PatientCase, asked: TherapyClasses) -> tuple[Remark, ...]:
    """The notes on the dose tables that decided; empty where no dose is asked for."""
    if asked.at_dose is None:
        return ()
    tables = (case.knowledge.dose_tables.get(name) for name in asked.of)
    wordings = dict.fromkeys(table.said_with for table in tables if table and table.said_with)
    return tuple(remark("as_documented", says=wording) for wording in wordings)


def may_reach(case: PatientCase, handover: FoundFill, band: str | None) -> bool:
    """Whether a fill is not surely below the dose, if a dose is asked for."""
    return band is None or reaches_band(case, handover, band) is not Truth.NOT_MET


def reaches_band(case: PatientCase, handover: FoundFill, band: str) -> Truth:
    """Whether a fill's daily dose lies in that band or above it."""
    line = _line(case, handover, band)
    return line.reached(handover.dose) if line and handover.dose else Truth.UNKNOWN


def _line(case: PatientCase, handover: FoundFill, band: str) -> DoseLine | None:
    table = case.knowledge.dose_tables.get(handover.value_set)
    birth = born(case)
    if table is None or birth is None:
        return None
    start = handover.fill.start
    days = [day for day in (start.first, start.last) if birth.last <= day <= case.today]
    ages = {months_old(b, date.fromordinal(d)) for b in (birth.first, birth.last) for d in days}
    return table.line(band, handover.product, ages)


def _share(case: PatientCase, handover: FoundFill, band: str) -> float:
    """The dose as a share of the band's lower limit, for a dose surely below the band; 1 reaches it."""
    line = _line(case, handover, band)
    return handover.dose.high / line.floor if line and handover.dose else 0.0


def _joint(below: Sequence[tuple[FoundFill, float]], unknown_days: int) -> Iterator[Fill]:
    """Doubtful fills for the days on which two products below the dose may reach it together."""
    running: list[tuple[FoundFill, float, int]] = []  # with the day after the last one
    for handover, share in sorted(below, key=lambda each: each[0].fill.start.first):
        first = handover.fill.start.first
        end = handover.fill.start.last + (handover.fill.days or unknown_days)
        running = [each for each in running if each[2] > first]
        for other, other_share, other_end in running:
            if handover.display != other.display and share + other_share >= 1:
                days = min(end, other_end) - first
                yield Fill(DayRange(first, first), days, "two_products", doubtful=True)
        running.append((handover, share, end))


MONTH = 31  # days; for partial dates of at most a month the two ends suffice: no window is shorter
Wanted = Callable[[FoundFill], bool]
Build = Callable[[Sequence[Fill]], Timeline]


class ClassSupply(NamedTuple):
    """What was handed over of one class, or of all classes where any of them will do."""

    value_sets: tuple[str, ...]
    handovers: Sequence[FoundFill]


Parts = Sequence[ClassSupply]


def handovers_by_class(case: PatientCase, asked: TherapyClasses) -> list[ClassSupply]:
    """The hand-overs of the classes asked for, class by class where all are needed together."""
    groups = tuple((name,) for name in asked.of) if asked.together else (asked.of,)
    return _parts(case, groups, asked.ingredients)


@per_patient
def _parts(
    case: PatientCase, groups: tuple[tuple[str, ...], ...], ingredients: tuple[str, ...]
) -> list[ClassSupply]:
    fact = case.knowledge.of_kind("supply")
    parts = [
        ClassSupply(group, find_fills(case, case.hits(fact.sources, group), group))
        for group in groups
    ]
    return [_of_these(part, ingredients) for part in parts] if ingredients else parts


def _of_these(part: ClassSupply, ingredients: Sequence[str]) -> ClassSupply:
    """The hand-overs of these ingredients; one that may be of another is marked as a question."""
    named = [
        (handover, names_drug(handover.hit.entries, part.value_sets, ingredients))
        for handover in part.handovers
    ]
    handovers = [
        handover if which is Truth.MET else replace(handover, question=True)
        for handover, which in named
        if which is not Truth.NOT_MET
    ]
    return ClassSupply(part.value_sets, handovers)


def all_handovers(parts: Parts) -> list[FoundFill]:
    """Every hand-over once, even if its product belongs to several classes."""
    by_hit: IdentityMap[Hit, FoundFill] = IdentityMap()
    for part in parts:
        for handover in part.handovers:
            by_hit.setdefault(handover.hit, handover)
    return by_hit.values()


def parts_where(parts: Parts, wanted: Wanted) -> list[ClassSupply]:
    """The same parts with only the hand-overs for which `wanted` is true."""
    return [
        ClassSupply(part.value_sets, [handover for handover in part.handovers if wanted(handover)])
        for part in parts
    ]


def parts_of_both(parts: Parts, others: Parts) -> list[ClassSupply]:
    """The hand-overs of both, class by class."""
    if not parts:
        return list(others)
    return [
        ClassSupply(part.value_sets, [*part.handovers, *other.handovers])
        for part, other in zip(parts, others, strict=True)
    ]


class Readings:
    """The covered days in each reading of partial dates; each timeline is built when it is looked at."""

    def __init__(self, case: PatientCase, fills: Sequence[Sequence[Fill]], build: Build) -> None:
        self._share = case.record.share
        self._fills = fills
        self._placements = Placements(fills)
        self._build = build
        self._built: dict[int, Timeline] = {}

    def __getitem__(self, place: int) -> Timeline:
        line = self._built.get(place)
        if line is None:
            self._share.check()
            line = self._built[place] = self._together(self._placements[place])
        return line

    def __iter__(self) -> Iterator[Timeline]:
        return (self[place] for place in range(len(self._placements)))

    def least(self, test: Test) -> Timeline:
        """The first reading that fails the test, else the last one.

        Days that are covered without the fills of partial dates are covered in each reading.
        """
        last = len(self._placements) - 1
        if last and test(self.without_partial_dates):
            return self[last]
        return next((line for line in self if not test(line)), self[last])

    @cached_property
    def without_partial_dates(self) -> Timeline:
        """The days covered by the fills of exact dates alone."""
        return self._together([[f for f in fills if f.start.exact] for fills in self._fills])

    def _together(self, groups: Iterable[Sequence[Fill]]) -> Timeline:
        return reduce(Timeline.both, map(self._build, groups))


class Possible:
    """The days that may be covered, with missing days' supply and unclear doses read in every way.

    Two products of one drug may be used up one after the other, unless they are read as used `together`.
    """

    def __init__(
        self, case: PatientCase, asked: TherapyClasses, parts: Parts, *, together: bool = False
    ) -> None:
        fills = _fills(case, asked, parts)
        days = case.knowledge.of_kind("supply").unknown_supply_days
        today = case.today

        def build(some: Sequence[Fill]) -> Timeline:
            return possible_timeline(some, today, days, together=together)

        self.widest = reduce(Timeline.both, map(build, fills))
        starts = (fill.start for part_fills in fills for fill in part_fills)
        self.narrow = all(start.last - start.first < MONTH for start in starts)
        self.readings = Readings(case, fills, build)

    def passes(self, test: Test) -> bool:
        """Whether some reading of partial dates passes the test."""
        return test(self.widest) and (not self.narrow or any(map(test, self.readings)))


def surely_covered(case: PatientCase, asked: TherapyClasses, parts: Parts, last: int) -> Readings:
    """Days certainly covered, with partial dates on their first and on their last days."""
    return Readings(case, _fills(case, asked, parts), lambda fills: sure_timeline(fills, last))


def perhaps_covered(
    case: PatientCase, asked: TherapyClasses, parts: Parts, test: Test, *, together: bool = False
) -> bool:
    """Whether some reading of partial dates, missing days' supply and unclear doses passes the test."""
    return Possible(case, asked, parts, together=together).passes(test)


def _fills(case: PatientCase, asked: TherapyClasses, parts: Parts) -> list[list[Fill]]:
    tables = case.knowledge.dose_tables
    return [
        fills_at(case, part.handovers, asked.at_dose)
        if asked.at_dose and any(name in tables for name in part.value_sets)
        else [handover.fill for handover in part.handovers]
        for part in parts
    ]
