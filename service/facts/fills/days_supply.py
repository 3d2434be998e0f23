"""The days' supply of a hand-over, as its claim or dispense states it, or none where it cannot be trusted."""

from collections.abc import Iterable

from service.facts.case import PatientCase
from service.facts.fills.reversals import whole_claim
from service.fhir.elements import read
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.values.quantity import measure
from service.json_object import Json
from service.memo import per_patient

MOST_DAYS = 999  # NCPDP days' supply has three digits


def days_supply(case: PatientCase, hit: Hit) -> int | None:
    """The days' supply as sent; None when it is missing, not exact, contradicted or in no unit of time."""
    source, resource = hit.source, hit.resource
    # almost always all lines of a claim have the same days' supply
    days = _days_of_all(case, source, resource)
    if len(days) > 1:
        by_line = whole_claim(case, source, resource).by_line
        own = by_line.own(hit.element) if by_line else ()
        days = _days_stated(case, own) if own else _days_of_rest(case, source, resource)
    return next(iter(days)) if len(days) == 1 else None


@per_patient
def _days_of_all(case: PatientCase, source: Source, resource: Json) -> set[int]:
    """Every days' supply that a claim states, for any of its lines."""
    values = [value for steps in source.days for value in read(steps, resource)]
    listed = source.days_listed
    return _days_stated(case, [*values, *(listed.read(resource) if listed else ())])


@per_patient
def _days_of_rest(case: PatientCase, source: Source, resource: Json) -> set[int]:
    """The days' supply that a claim states for the lines without one of their own."""
    by_line = whole_claim(case, source, resource).by_line
    return _days_stated(case, by_line.rest if by_line else ())


def _days_stated(case: PatientCase, values: Iterable[object]) -> set[int]:
    """The distinct days' supply in these values; more than one contradict each other."""
    units = case.knowledge.units
    read_as = (measure(value, units["days"], units) for value in values)
    return {
        int(days.low)
        for days in read_as
        if days is not None and days.exact and 0 < days.low <= MOST_DAYS
    }
