"""Whether the patient got less than the labelled dose: then a lack of effect is no failure of the drug."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from service.clinical.therapies_and_pathways import Course
from service.facts.case import Case, kind_of, when
from service.facts.fact import Band
from service.facts.fills.fill import PHARMACY, FoundFill, was_given
from service.facts.fills.fills_of_class import fills_of
from service.facts.fills.samples import is_sample
from service.facts.order.dose_bands import fitting_bands, rows_by_record
from service.facts.order.doses import (
    ROUNDING,
    Doses,
    Reading,
    coded_product,
    in_milligrams,
    read_doses,
)
from service.facts.order.ordered_doses import largest_reading
from service.facts.order.regimen import in_words
from service.facts.supply.no_supply_shown import is_listed_now
from service.facts.supply.on_drug import present_run
from service.fhir.elements import objects, read
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY
from service.fhir.values.quantity import INFINITY, measure
from service.memo import per_case
from service.policy.finding import Remark, remark
from service.policy.operators import Regimen

_YEAR = 365
_LEAST_DAYS = 28  # over a shorter time fills do not show the dose


@per_case
def taken_below(case: Case, asked: Regimen, course: Course) -> Remark | None:
    """A remark with the dose supplied and the labelled one; None unless it was surely less.

    Complete pharmacy records decide; without them the doses stated in lists, orders and fills.
    """
    least, rows = course.least_supplied, _rows(case, asked)
    if least is None or not rows:
        return None
    supplied = _supplied(case, course)
    if supplied is None:
        return _listed(case, course, rows)
    rate = _rate(_lowest(rows, supplied.strengths))
    if any(mg >= least.value / 100 * rate * days for mg, days in supplied.spans):
        return None
    mg, days = supplied.spans[0]
    return remark("supplied_below_label", amount=float(mg), days=days, label=f"{rate * days:.0f}")


def _rate(dose: Doses | Band) -> float:
    return (dose.dose_mg or 0.0) / (dose.interval_days or INFINITY)


def _rows(case: Case, asked: Regimen) -> list[Band]:
    """The labelled rows of this patient; empty if it is not certain which ones apply."""
    fitting = fitting_bands(case, asked)
    rows = [band for choice in fitting.choices for band in rows_by_record(case, choice)[0]]
    return rows if fitting.certain and all(band.dose_mg for band in rows) else []


def _lowest(rows: Sequence[Band], strengths: Collection[float | None]) -> Band:
    """The row with the lowest dose over time, among those of these strengths if there are any."""
    same = [band for band in rows if band.dose_mg in strengths]
    return min(same or rows, key=_rate)


class Supplied(NamedTuple):
    """The supplied amounts as pairs of milligrams and days, and the strengths of the products."""

    spans: list[tuple[float, int]]
    strengths: frozenset[float | None]


def _supplied(case: Case, course: Course) -> Supplied | None:
    """The supply of the last year and of the time needed to judge the course; None if it is not sure.

    Each span begins with a fill, so that stock from before it does not count.
    """
    first = present_run(case, course)
    sources = case.knowledge.of_kind("supply").sources
    if first is None or case.silence(sources, first) is not None:
        return None
    handovers = [handover for _, handover in fills_of(case, (case.drug,)) if was_given(handover)]
    handovers = [
        handover for handover in handovers if first <= handover.fill.start.last <= case.today
    ]
    amounts = [_milligrams(case, handover) for handover in handovers]
    unclear = any(
        handover.question or handover.fill.doubtful or not handover.fill.start.exact
        for handover in handovers
    )
    if unclear or not all(amounts) or _has_sample(case, first):
        return None
    ends = (handover.fill.start.first + (handover.fill.days or _YEAR) - 1 for handover in handovers)
    end = min(case.today, max(ends, default=case.today))
    handed = [
        (handover.fill.start.first, mg)
        for handover, mg in zip(handovers, amounts, strict=True)
        if mg is not None
    ]
    spans = (_from(handed, since, end) for since in (end - _YEAR, _back(case, course, end)))
    known_spans = [span for span in spans if span is not None]
    strengths = frozenset(coded_product(handover.product).device_mg for handover in handovers)
    return Supplied(known_spans, strengths) if len(known_spans) > 1 else None


def _back(case: Case, course: Course, end: int) -> int:
    return case.back(course.judged_after) - (case.today - end)


def _from(handed: Sequence[tuple[int, float]], since: int, end: int) -> tuple[float, int] | None:
    """Milligrams from the first fill in this time on, and days since it; None if that is too short."""
    inside = [(day, mg) for day, mg in handed if since <= day <= end]
    days = end - min((day for day, _ in inside), default=end) + 1
    return (sum(mg for _, mg in inside), days) if days >= _LEAST_DAYS else None


def _milligrams(case: Case, handover: FoundFill) -> float | None:
    """Milligrams of one fill; None if counted in pieces, since a piece may be a syringe or a carton."""
    units = case.knowledge.units
    quantities = [
        value
        for steps in handover.hit.source.quantity
        for holder in (handover.hit.element, handover.hit.resource)
        for value in read(steps, holder)
    ]
    if not quantities or measure(quantities[0], units["pieces"], units) is not None:
        return None
    return in_milligrams(quantities[0], coded_product(handover.product), units)


def _has_sample(case: Case, first: int) -> bool:
    hits = case.hits(case.knowledge.of_kind("supply").sources, (case.drug,))
    later = (hit for hit in hits if (when(hit) or ANY_DAY).last >= first)
    return any(is_sample(case, hit) for hit in later if hit.standing == "counts")


def _listed(case: Case, course: Course, rows: Sequence[Band]) -> Remark | None:
    """A remark if every dose that current lists, orders and fills state is below the label."""
    since = case.back(course.judged_after)
    hits = case.hits(case.knowledge.of_kind("supply").sources, (case.drug,))
    current = (hit for hit in hits if hit.standing == "counts" and _is_of_now(case, hit, since))
    recorded_doses = [dose for hit in current for dose in _doses(case, hit)]
    row = _lowest(rows, [dose.dose_mg for dose in recorded_doses])
    if not recorded_doses or any(_rate(dose) >= _rate(row) / ROUNDING for dose in recorded_doses):
        return None
    named = in_words(Doses(row.dose_mg, row.interval_days))
    recorded = tuple(dict.fromkeys(map(in_words, recorded_doses)))
    return remark("recorded_below_label", doses=recorded, label=named)


def _is_of_now(case: Case, hit: Hit, since: int) -> bool:
    if kind_of(hit, case.record.server) in PHARMACY:
        day = when(hit)
        return day is not None and since <= day.first <= case.today
    return is_listed_now(case, hit)


def _doses(case: Case, hit: Hit) -> list[Doses]:
    """The dose of an entry, read like an order's; empty unless every instruction is complete."""
    instructions = [
        instruction
        for steps in hit.source.dosage
        for instruction in objects(read(steps, hit.resource))
    ]
    named = [entry.attributes for entry in hit.entries if entry.value_set == case.drug]
    product = coded_product(max(named, key=len, default={}))
    reading = Reading(product, case.knowledge.units, case.knowledge.timings)
    readings = read_doses({"dosageInstruction": instructions}, reading).readings
    complete = [dose for dose in readings if dose.dose_mg and dose.interval_days]
    return [largest_reading(complete)] if complete and len(complete) == len(readings) else []
