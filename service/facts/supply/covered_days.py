"""Covered days of the classes that are asked for, of any or of all together, at a dose."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import NamedTuple

from service.facts.birth import born, months_old
from service.facts.case import Case
from service.facts.knowledge import DoseLine
from service.facts.supply.fills import Found, find_fills
from service.facts.supply.product import names
from service.facts.supply.required_days import Test
from service.facts.supply.timeline import Fill, Timeline, placements, sure
from service.facts.supply.timeline import possible as possibly
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange
from service.memo import IdentityMap, per_case
from service.policy.operators import Therapy
from service.policy.remark import Remark, remark
from service.policy.truth import Truth


def fills_at(case: Case, handovers: Sequence[Found], band: str) -> list[Fill]:
    """The fills that may reach the dose; those that may also be below it are marked doubtful."""
    fills: list[Fill] = []
    below: list[tuple[Found, float]] = []
    for handover in handovers:
        match reached(case, handover, band):
            case Truth.MET:
                fills.append(handover.fill)
            case Truth.UNKNOWN:
                fills.append(replace(handover.fill, doubtful=True))
            case Truth.NOT_MET:
                below.append((handover, _share(case, handover, band)))
    return [*fills, *_joint(below, case.knowledge.of_kind("supply").unknown_supply_days)]


def by_table(case: Case, asked: Therapy) -> tuple[Remark, ...]:
    """The notes on the dose tables that decided; empty where no dose is asked for."""
    if asked.at_dose is None:
        return ()
    tables = (case.knowledge.dose_tables.get(name) for name in asked.of)
    wordings = dict.fromkeys(table.said_with for table in tables if table and table.said_with)
    return tuple(remark("as_documented", says=wording) for wording in wordings)


def may_reach(case: Case, handover: Found, band: str | None) -> bool:
    """Whether a fill is not surely below the dose, if a dose is asked for."""
    return band is None or reached(case, handover, band) is not Truth.NOT_MET


def reached(case: Case, handover: Found, band: str) -> Truth:
    """Whether a fill's daily dose lies in that band or above it."""
    line = _line(case, handover, band)
    return line.reached(handover.dose) if line and handover.dose else Truth.UNKNOWN


def _line(case: Case, handover: Found, band: str) -> DoseLine | None:
    table = case.knowledge.dose_tables.get(handover.value_set)
    birth = born(case)
    if table is None or birth is None:
        return None
    start = handover.fill.start
    days = [day for day in (start.first, start.last) if birth.last <= day <= case.today]
    ages = {months_old(b, date.fromordinal(d)) for b in (birth.first, birth.last) for d in days}
    return table.line(band, handover.product, ages)


def _share(case: Case, handover: Found, band: str) -> float:
    """The dose as a share of the band's lower limit, for a dose surely below the band; 1 reaches it."""
    line = _line(case, handover, band)
    return handover.dose.high / line.floor if line and handover.dose else 0.0


def _joint(below: Sequence[tuple[Found, float]], unknown_days: int) -> Iterator[Fill]:
    """Doubtful fills for the days on which two products below the dose may reach it together."""
    for index, (handover, share) in enumerate(below):
        for other, other_share in below[index + 1 :]:
            if handover.display == other.display or share + other_share < 1:
                continue
            first = max(handover.fill.start.first, other.fill.start.first)
            ends = (
                each.fill.start.last + (each.fill.days or unknown_days)
                for each in (handover, other)
            )
            days = min(ends) - first
            if days > 0:
                yield Fill(DayRange(first, first), days, "two_products", doubtful=True)


MONTH = 31  # days; for partial dates of at most a month the two ends suffice: no window is shorter
Wanted = Callable[[Found], bool]


class Part(NamedTuple):
    """What was handed over of one class, or of all classes where any of them will do."""

    value_sets: tuple[str, ...]
    found: Sequence[Found]


Parts = Sequence[Part]


def parts_of(case: Case, asked: Therapy) -> list[Part]:
    """The hand-overs of the classes asked for, class by class where all are needed together."""
    groups = tuple((name,) for name in asked.of) if asked.together else (asked.of,)
    return _parts(case, groups, asked.ingredients)


@per_case
def _parts(
    case: Case, groups: tuple[tuple[str, ...], ...], ingredients: tuple[str, ...]
) -> list[Part]:
    fact = case.knowledge.of_kind("supply")
    parts = [
        Part(group, find_fills(case, case.hits(fact.sources, group), group)) for group in groups
    ]
    return [_of_these(part, ingredients) for part in parts] if ingredients else parts


def _of_these(part: Part, ingredients: Sequence[str]) -> Part:
    """The hand-overs of these ingredients; one that may be of another is marked as a question."""
    named = [
        (handover, names(handover.hit.entries, part.value_sets, ingredients))
        for handover in part.found
    ]
    handovers = [
        handover if which is Truth.MET else replace(handover, question=True)
        for handover, which in named
        if which is not Truth.NOT_MET
    ]
    return Part(part.value_sets, handovers)


def of_all(parts: Parts) -> list[Found]:
    """Every hand-over once, even if its product belongs to several classes."""
    by_hit: IdentityMap[Hit, Found] = IdentityMap()
    for part in parts:
        for handover in part.found:
            by_hit.setdefault(handover.hit, handover)
    return by_hit.values()


def only(parts: Parts, wanted: Wanted) -> list[Part]:
    """The same parts with only the hand-overs for which `wanted` is true."""
    return [
        Part(part.value_sets, [handover for handover in part.found if wanted(handover)])
        for part in parts
    ]


def joined(parts: Parts, others: Parts) -> list[Part]:
    """The hand-overs of both, class by class."""
    if not parts:
        return list(others)
    return [
        Part(part.value_sets, [*part.found, *other.found])
        for part, other in zip(parts, others, strict=True)
    ]


def surely(case: Case, asked: Therapy, parts: Parts, last: int) -> list[Timeline]:
    """Days certainly covered, with partial dates on their first and on their last days."""
    fills = _fills(case, asked, parts)
    return [
        _together(sure(part_fills, last) for part_fills in each)
        for each in _placements(case, fills)
    ]


def perhaps(
    case: Case, asked: Therapy, parts: Parts, test: Test, *, together: bool = False
) -> bool:
    """Whether some reading of partial dates, missing days' supply and unclear doses passes the test.

    Two products of one drug may be used up one after the other, unless they are read as used `together`.
    """
    fills = _fills(case, asked, parts)
    days = case.knowledge.of_kind("supply").unknown_supply_days

    def possible(fills: Sequence[Fill]) -> Timeline:
        return possibly(fills, case.today, days, together=together)

    if not test(_together(map(possible, fills))):
        return False
    starts = (fill.start for part_fills in fills for fill in part_fills)
    narrow = all(start.last - start.first < MONTH for start in starts)
    ends = (_together(map(possible, each)) for each in _placements(case, fills))
    return not narrow or any(test(line) for line in ends)


def _placements(case: Case, fills: list[list[Fill]]) -> Iterator[list[list[Fill]]]:
    for each in placements(fills):
        case.record.share.check()
        yield each


def _fills(case: Case, asked: Therapy, parts: Parts) -> list[list[Fill]]:
    tables = case.knowledge.dose_tables
    return [
        fills_at(case, part.found, asked.at_dose)
        if asked.at_dose and any(name in tables for name in part.value_sets)
        else [handover.fill for handover in part.found]
        for part in parts
    ]


def _together(lines: Iterator[Timeline]) -> Timeline:
    return reduce(Timeline.both, lines)
