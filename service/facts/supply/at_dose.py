"""Fills at a dose: surely at it, surely below it, or perhaps, as with two inhalers at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from service.facts.birth import born, months_old
from service.facts.case import Case
from service.facts.dose_table import DoseLine
from service.facts.supply.fills import Found
from service.facts.supply.timeline import Fill
from service.fhir.values.days import DayRange
from service.policy.operators import Therapy
from service.policy.truth import Truth


def fills_at(case: Case, found: Sequence[Found], band: str) -> list[Fill]:
    """The fills that may be at the dose; the ones that are not surely so are doubtful."""
    kept: list[Fill] = []
    below: list[tuple[Found, float]] = []
    for one in found:
        match reached(case, one, band):
            case Truth.MET:
                kept.append(one.fill)
            case Truth.UNKNOWN:
                kept.append(replace(one.fill, doubtful=True))
            case Truth.NOT_MET:
                below.append((one, _share(case, one, band)))
    return [*kept, *_joint(below, case.knowledge.of_kind("supply").unknown_supply_days)]


def by_table(case: Case, asked: Therapy) -> tuple[str, ...]:
    """What is said of the dose table where it decides."""
    if asked.at_dose is None:
        return ()
    tables = (case.knowledge.dose_tables.get(name) for name in asked.of)
    return tuple(dict.fromkeys(one.said_with for one in tables if one and one.said_with))


def may_reach(case: Case, one: Found, band: str | None) -> bool:
    """Whether a fill is not surely below the dose, if a dose is asked for."""
    return band is None or reached(case, one, band) is not Truth.NOT_MET


def reached(case: Case, one: Found, band: str) -> Truth:
    """Whether a fill's daily dose lies in that band or above it."""
    line = _line(case, one, band)
    return line.reached(one.dose) if line and one.dose else Truth.UNKNOWN


def _line(case: Case, one: Found, band: str) -> DoseLine | None:
    table = case.knowledge.dose_tables.get(one.value_set)
    birth = born(case)
    if table is None or birth is None:
        return None
    start = one.fill.start
    days = [day for day in (start.first, start.last) if birth.last <= day <= case.today]
    ages = {months_old(b, date.fromordinal(d)) for b in (birth.first, birth.last) for d in days}
    return table.line(band, one.product, ages)


def _share(case: Case, one: Found, band: str) -> float:
    """How much of the way to the band a dose goes that lies surely below it."""
    line = _line(case, one, band)
    return one.dose.high / line.floor if line and one.dose else 0.0


def _joint(below: Sequence[tuple[Found, float]], unknown_days: int) -> Iterator[Fill]:
    """Days on which two products below the dose may together be at it."""
    for index, (one, share) in enumerate(below):
        for other, other_share in below[index + 1 :]:
            if one.display == other.display or share + other_share < 1:
                continue
            first = max(one.fill.start.first, other.fill.start.first)
            ends = (
                each.fill.start.last + (each.fill.days or unknown_days) for each in (one, other)
            )
            days = min(ends) - first
            if days > 0:
                yield Fill(DayRange(first, first), days, "two products", doubtful=True)
