"""From claims, dispenses and chart lists to fills: reversals out, hand-overs once, samples apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.facts.case import Case, kind_of, when
from service.facts.daily_dose import daily_dose
from service.facts.not_understood import not_understood
from service.facts.reversals import (
    Claimed,
    Standing,
    is_reversal,
    names_of,
    names_of_related,
)
from service.facts.timeline import Fill
from service.fhir.days import ANY_DAY
from service.fhir.deadline import Deadline
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.quantity import Measure, measure

KINDS = ("claim", "dispense", "outside_pharmacy", "record", "chart")
HANDED_OVER = ("dispense", "outside_pharmacy")
NO_HANDOVER = ("record", "chart")
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
    value_set: str
    product: Mapping[str, object]
    dose: Measure | None = None  # micrograms a day


def find_fills(case: Case, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Found]:
    """The fills among the hits, strongest kind first, each hand-over once."""
    known = list(hits)
    counted = [hit for hit in known if hit.standing == "counts" and not is_sample(case, hit)]
    found = paid(case, counted, value_sets)
    found.sort(key=lambda one: (KINDS.index(one.kind), one.fill.start.first))
    # one that nobody understands proves nothing, and may be a fill
    doubtful = (_found(case, hit, value_sets) for hit in not_understood(known))
    open_ = [replace(one, question=True) for one in doubtful]
    return [*_each_once(found, case.record.deadline), *open_]


def paid(case: Case, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Found]:
    """What stands after reversals, in the order it came."""
    found = [_found(case, hit, value_sets) for hit in hits]
    return _without_reversed(found, case.record.deadline)


def not_taken_back(case: Case, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Hit]:
    """The hits that count, whatever they are of, without reversals and what these take back."""
    counted = [_found(case, hit, value_sets) for hit in hits if hit.standing == "counts"]
    return [one.hit for one in _without_reversed(counted, case.record.deadline)]


def is_sample(case: Case, hit: Hit) -> bool:
    """A manufacturer's sample; it never makes a therapy (DESIGN.md section 3)."""
    if hit.source.sample is None:
        return False
    sets = case.knowledge.of_kind("supply").samples
    return any(
        entry.value_set in sets
        for value in read(hit.source.sample, hit.resource)
        for entry in case.record.entries_of_status(value)
    )


def days_supply(case: Case, hit: Hit) -> int | None:
    """The days' supply as sent; None when it is missing, not exact or in no unit of time."""
    # all lines of a claim share it
    found: int | None = case.once(("days", id(hit.resource)), lambda: _days_supply(case, hit))
    return found


def _days_supply(case: Case, hit: Hit) -> int | None:
    source, units = hit.source, case.knowledge.units
    values = [value for steps in source.days for value in read(steps, hit.resource)]
    if source.days_listed is not None:
        values += source.days_listed.read(hit.resource)
    for value in values:
        found = measure(value, units["days"], units)
        if found is not None and found.exact and 0 < found.low <= MOST_DAYS:
            return int(found.low)
    return None


def _found(case: Case, hit: Hit, value_sets: Sequence[str]) -> Found:
    case.record.deadline.check()
    entries = [one for one in hit.entries if one.value_set in value_sets]
    # A product code beside an ingredient code says all that the ingredient code leaves open.
    best = next((one for one in entries if not one.question), entries[0])
    ingredient = str(best.attributes.get("ingredient", best.display))
    days, product = days_supply(case, hit), best.attributes
    fill = Fill(when(hit) or ANY_DAY, days, ingredient, interval=_interval(product))
    table = case.knowledge.dose_tables.get(best.value_set)
    dose = daily_dose(case, hit, table, product, days) if table else None
    kind, set_ = kind_of(hit, case.record.server), best.value_set
    return Found(hit, kind, fill, best.question, best.display, set_, product, dose)


def _interval(product: Mapping[str, object]) -> int:
    days = product.get("interval")
    return days if isinstance(days, int) else 0


def _without_reversed(found: list[Found], deadline: Deadline) -> list[Found]:
    """Each reversal takes one fill back: the claim it names, else the nearest one before it."""
    reversals = [one for one in found if is_reversal(one.hit)]
    kept = {place: one for place, one in enumerate(found) if not is_reversal(one.hit)}
    if not reversals:
        return found
    standing = Standing({place: _claimed(one) for place, one in kept.items()})
    for one in reversals:
        deadline.check()
        place = standing.taken_back(_claimed(one), names_of_related(one.hit))
        if place is not None:
            del kept[place]
    return list(kept.values())


def _claimed(one: Found) -> Claimed:
    start = one.fill.start
    return Claimed((one.kind, one.fill.ingredient), start.first, start.last, names_of(one.hit))


def _each_once(found: list[Found], deadline: Deadline) -> list[Found]:
    """A hand-over that another kind of evidence shows too is one; a twin of one kind is doubtful."""
    kept: defaultdict[str, list[Found]] = defaultdict(list)
    stronger: dict[tuple[str, str], int] = {}
    for one in found:
        deadline.check()
        others = kept[one.fill.ingredient]
        # the strongest kind comes first: only what stood before the first of this kind is of another
        before = stronger.setdefault((one.fill.ingredient, one.kind), len(others))
        for index in range(before - 1, -1, -1):
            if _same_handover(others[index], one):
                others[index] = _merged(others[index], one)
                break
        else:
            twin = any(_is_twin(other, one) for other in others[-SAME_HANDOVER_DAYS:])
            others.append(replace(one, fill=replace(one.fill, doubtful=True)) if twin else one)
    return [one for others in kept.values() for one in others]


def _same_handover(one: Found, other: Found) -> bool:
    if one.kind == other.kind:
        return False
    near = other.fill.start.first - SAME_HANDOVER_DAYS <= one.fill.start.last
    return near and one.fill.start.first <= other.fill.start.last + SAME_HANDOVER_DAYS


def _is_twin(one: Found, other: Found) -> bool:
    """Two claims of one day, drug and days' supply: perhaps one claim sent twice."""
    alike = (one.kind, one.fill.days, one.display) == (other.kind, other.fill.days, other.display)
    return alike and one.fill.start == other.fill.start and one.kind != "chart"


def _merged(strong: Found, weak: Found) -> Found:
    """The stronger record, completed where only the other one says day, supply or product."""
    fill, other = strong.fill, weak.fill
    # What was paid the day before was handed over on the dispense's day.
    later = strong.kind == "claim" and weak.kind in HANDED_OVER and other.start.exact
    start = fill.start if fill.start.exact and not later else other.start
    completed = replace(fill, start=start, days=fill.days or other.days)
    best = weak if strong.question and not weak.question else strong
    return replace(
        strong,
        fill=completed,
        question=best.question,
        display=best.display,
        product=best.product,
        dose=weak.dose if best is weak else _same_dose(strong, weak),
    )


def _same_dose(one: Found, other: Found) -> Measure | None:
    """The stronger record's dose, or that of the other for the same product; a range if they differ."""
    if other.dose is None or one.display != other.display:
        return one.dose
    if one.dose is None or other.kind in NO_HANDOVER:
        return one.dose or other.dose
    low, high = min(one.dose.low, other.dose.low), max(one.dose.high, other.dose.high)
    return Measure(low, high)
