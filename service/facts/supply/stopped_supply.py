"""Supply that still covers today, of a drug that the chart says was stopped: whether it is taken is open."""

from collections.abc import Sequence
from typing import NamedTuple

from service.facts.case import PatientCase, evidence
from service.facts.fills.fill import NO_HANDOVER, FoundFill, ingredient_of
from service.facts.supply.class_timelines import Parts, all_handovers, parts_where
from service.facts.supply.no_supply_shown import is_listed_now
from service.fhir.elements import codes, read
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange, parse_day
from service.policy.finding import Evidence, remark

SHOWN = 2
STOPPED = "stopped"
# Where lists and orders say when the drug was to be taken, or handed over, for the last time.
ENDS = (
    ("effectivePeriod", "end"),
    ("dispenseRequest", "validityPeriod", "end"),
    ("dosageInstruction", "timing", "repeat", "boundsPeriod", "end"),
)


def without_stopped(case: PatientCase, of: Sequence[str], counted: Parts) -> Parts:
    """The hand-overs whose drug was not stopped after them."""
    listed = _listed(case, of)
    return parts_where(counted, lambda handover: not _stops(case, listed, handover))


def stops_shown(case: PatientCase, of: Sequence[str], counted: Parts) -> tuple[Evidence, ...]:
    """The entries of the chart that say that the drugs of these hand-overs were stopped."""
    listed = _listed(case, of)
    stops = [stop for each in all_handovers(counted) for stop in _stops(case, listed, each)]
    shown = (
        evidence(case, stop.hit, remark("named_but", name=stop.name, why=remark("was_stopped")))
        for stop in stops
    )
    return tuple(dict.fromkeys(shown))[:SHOWN]


class _Listed(NamedTuple):
    """An order or an entry of a list, with the drug that it names."""

    hit: Hit
    name: str
    ingredient: str


def _listed(case: PatientCase, of: Sequence[str]) -> list[_Listed]:
    sources = case.knowledge.of_kind("supply").sources
    return [
        _Listed(hit, entry.display, ingredient_of(entry))
        for hit in case.hits(sources, of)
        if hit.source.kind in NO_HANDOVER and hit.standing != "never"
        for entry in hit.entries
        if entry.value_set in of
    ]


def _stops(case: PatientCase, listed: Sequence[_Listed], handover: FoundFill) -> list[_Listed]:
    """The entries that stopped the drug of a hand-over; none if another has it in use today."""
    same = [each for each in listed if each.ingredient == handover.fill.ingredient]
    if any(_is_in_use(case, each.hit) for each in same):
        return []
    return [each for each in same if _may_end(case, each.hit, handover)]


def _is_in_use(case: PatientCase, hit: Hit) -> bool:
    return hit.source.may_be_in_use(hit.resource) and is_listed_now(case, hit)


def _may_end(case: PatientCase, hit: Hit, handover: FoundFill) -> bool:
    """Whether an entry says that the drug was stopped by today, and not surely before the hand-over."""
    ends = _ends(hit)
    if any(end.first > case.today for end in ends):
        return False
    if not ends:
        return STOPPED in codes(hit.resource.get("status"))
    return max(end.last for end in ends) >= handover.fill.start.first


def _ends(hit: Hit) -> list[DayRange]:
    values = (value for path in ENDS for value in read(path, hit.resource))
    days = (parse_day(value, hit.calendar.zone) for value in values)
    return [day for day in days if day is not None]
