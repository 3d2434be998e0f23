"""Supply that still covers today, of a drug that the chart says was stopped: whether it is taken is open."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from service.facts.case import PatientCase, evidence
from service.facts.fills.fill import NO_HANDOVER, ingredient_of
from service.facts.supply.covered_days_of_classes import Parts, all_handovers, parts_where
from service.facts.supply.no_supply_shown import is_listed_now
from service.fhir.elements import codes, read
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange, parse_day
from service.policy.finding import Evidence, remark

SHOWN = 2
STOPPED = "stopped"
NEVER, LATEST = (
    date.min.toordinal(),
    date.max.toordinal(),
)  # a stop whose day is not told is after any fill
# Where lists and orders say when the drug was to be taken, or handed over, for the last time.
ENDS = (
    ("effectivePeriod", "end"),
    ("dispenseRequest", "validityPeriod", "end"),
    ("dosageInstruction", "timing", "repeat", "boundsPeriod", "end"),
)


def without_stopped(case: PatientCase, of: Sequence[str], counted: Parts) -> Parts:
    """The hand-overs whose drug was not stopped after them."""
    last = {name: max(stop.until for stop in each) for name, each in _stops(case, of).items()}
    return parts_where(
        counted,
        lambda each: last.get(each.fill.ingredient, NEVER) < each.fill.start.first,
    )


def stops_shown(case: PatientCase, of: Sequence[str], counted: Parts) -> tuple[Evidence, ...]:
    """The entries of the chart that say that the drugs of these hand-overs were stopped."""
    first: dict[str, int] = {}
    for handover in all_handovers(counted):
        name, day = handover.fill.ingredient, handover.fill.start.first
        first[name] = min(day, first.get(name, day))
    stops = _stops(case, of)
    shown = (
        evidence(case, stop.hit, remark("named_but", name=stop.name, why=remark("was_stopped")))
        for name, day in first.items()
        for stop in stops.get(name, ())
        if stop.until >= day
    )
    return tuple(dict.fromkeys(shown))[:SHOWN]


class _Stop(NamedTuple):
    """An order, or an entry of a list, that says until when its drug was taken, at the latest."""

    hit: Hit
    name: str
    until: int


def _stops(case: PatientCase, of: Sequence[str]) -> dict[str, list[_Stop]]:
    """By drug what stopped it; nothing for a drug that another entry has in use today."""
    listed: dict[str, list[_Stop]] = {}
    in_use: set[str] = set()
    for hit in case.hits(case.knowledge.of_kind("supply").sources, of):
        if hit.source.kind not in NO_HANDOVER or hit.standing == "never":
            continue
        used, until = _is_in_use(case, hit), _until(case, hit)
        for entry in hit.entries:
            if entry.value_set in of:
                drug = ingredient_of(entry)
                if used:
                    in_use.add(drug)
                elif until is not None:
                    listed.setdefault(drug, []).append(_Stop(hit, entry.display, until))
    return {drug: stops for drug, stops in listed.items() if drug not in in_use}


def _is_in_use(case: PatientCase, hit: Hit) -> bool:
    return hit.source.may_be_in_use(hit.resource) and is_listed_now(case, hit)


def _until(case: PatientCase, hit: Hit) -> int | None:
    """Until when the drug was taken at the latest; None if nothing says that it was stopped by today."""
    ends = _ends(hit)
    if any(end.first > case.today for end in ends):
        return None
    if not ends:
        return LATEST if STOPPED in codes(hit.resource.get("status")) else None
    return max(end.last for end in ends)


def _ends(hit: Hit) -> list[DayRange]:
    values = (value for path in ENDS for value in read(path, hit.resource))
    days = (parse_day(value, hit.calendar.zone) for value in values)
    return [day for day in days if day is not None]
