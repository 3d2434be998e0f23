"""From claims, dispenses and chart lists to fills: reversals out, duplicates once, samples apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.facts.case import Case, kind_of, when
from service.facts.timeline import Fill
from service.fhir.days import ANY_DAY, DayRange
from service.fhir.elements import codes
from service.fhir.paths import read
from service.fhir.quantity import number
from service.fhir.record import Hit

KINDS = ("claim", "dispense", "outside_pharmacy", "record", "chart")
SAME_HANDOVER_DAYS = 3
MOST_DAYS = 999  # NCPDP days' supply has three digits


@dataclass(frozen=True, slots=True)
class Found:
    """One fill with the hit it was read from and the kind of evidence it is."""

    hit: Hit
    kind: str
    fill: Fill
    question: bool
    display: str


def find_fills(case: Case, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Found]:
    """The fills among the hits, strongest kind first, each hand-over once."""
    counted = [hit for hit in hits if hit.standing == "counts" and not is_sample(hit)]
    reversed_ = {_handover(hit, value_sets) for hit in counted if _is_reversal(hit)}
    found = [
        _found(case, hit, value_sets)
        for hit in counted
        if not _is_reversal(hit) and _handover(hit, value_sets) not in reversed_
    ]
    found.sort(key=lambda one: (KINDS.index(one.kind), one.fill.start.first))
    return _each_once(found)


def is_sample(hit: Hit) -> bool:
    """A manufacturer's sample; it never makes a therapy (source line 17 of L.5.01.513)."""
    if hit.source.sample is None:
        return False
    return any("MS" in codes(value) for value in read(hit.source.sample, hit.resource))


def days_supply(hit: Hit) -> int | None:
    """The days' supply as sent; None when it is missing or no sensible number."""
    source = hit.source
    values = [value for steps in source.days for value in read(steps, hit.resource)]
    if source.days_listed is not None:
        values += source.days_listed.read(hit.resource)
    for value in values:
        found = number(value.get("value")) if isinstance(value, dict) else number(value)
        if found is not None and 0 < found <= MOST_DAYS:
            return int(found)
    return None


def _is_reversal(hit: Hit) -> bool:
    amounts = (
        number(value)
        for steps in hit.source.amounts
        for holder in (hit.element, hit.resource)
        for value in read(steps, holder)
    )
    return any(amount is not None and amount < 0 for amount in amounts)


def _handover(hit: Hit, value_sets: Sequence[str]) -> tuple[str, str, DayRange | None]:
    entry = next(one for one in hit.entries if one.value_set in value_sets)
    return hit.source.key, entry.code, when(hit)


def _found(case: Case, hit: Hit, value_sets: Sequence[str]) -> Found:
    entries = [one for one in hit.entries if one.value_set in value_sets]
    # A product code beside an ingredient code says all that the ingredient code leaves open.
    best = next((one for one in entries if not one.question), entries[0])
    ingredient = str(best.attributes.get("ingredient", best.display))
    start = when(hit) or ANY_DAY
    fill = Fill(start, days_supply(hit), ingredient)
    return Found(hit, kind_of(hit, case.record.server), fill, best.question, best.display)


def _each_once(found: list[Found]) -> list[Found]:
    """A hand-over that a stronger kind of evidence already shows is not counted again."""
    kept: list[Found] = []
    for one in found:
        if not any(_same_handover(one, other) for other in kept):
            kept.append(one)
    return kept


def _same_handover(one: Found, other: Found) -> bool:
    if one.kind == other.kind or one.fill.ingredient != other.fill.ingredient:
        return False
    apart = abs(one.fill.start.first - other.fill.start.first)
    return apart <= SAME_HANDOVER_DAYS
