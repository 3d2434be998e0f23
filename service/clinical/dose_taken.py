"""Whether less than the labelled dose was supplied, or is listed: what was not given has not failed."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from service.clinical.model import Course
from service.facts.case import Case, kind_of, when
from service.facts.model import Band
from service.facts.order.dose_bands import fitting_bands, rows_by_record
from service.facts.order.doses import ROUNDING, Doses, Reading, coded_product, doses, in_milligrams
from service.facts.order.ordered_doses import most_of
from service.facts.order.regimen import in_words
from service.facts.supply.fills import Found, is_sample
from service.facts.supply.handovers import PHARMACY, fills_of, was_given
from service.facts.supply.not_shown import is_listed_now
from service.facts.supply.on_drug import present_run
from service.fhir.elements import objects
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.values.days import ANY_DAY
from service.fhir.values.quantity import INFINITY, measure
from service.memo import per_case
from service.policy.operators import Regimen
from service.policy.remark import Remark, remark

_YEAR = 365
_LEAST_DAYS = 28  # of a shorter time the hand-overs tell no dose


@per_case
def taken_below(case: Case, asked: Regimen, course: Course) -> Remark | None:
    """How much less than the label it was, in figures; None where that is not sure.

    What complete pharmacy records show decides; else what lists and hand-overs say of the dose.
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


def _rate(one: Doses | Band) -> float:
    return (one.dose_mg or 0.0) / (one.interval_days or INFINITY)


def _rows(case: Case, asked: Regimen) -> list[Band]:
    """The labelled rows of this patient; none where it is not certain which."""
    fitting = fitting_bands(case, asked)
    rows = [one for choice in fitting.choices for one in rows_by_record(case, choice)[0]]
    return rows if fitting.certain and all(one.dose_mg for one in rows) else []


def _lowest(rows: Sequence[Band], strengths: Collection[float | None]) -> Band:
    """Of the rows of these strengths, else of all, the one that asks for least in the same time."""
    same = [one for one in rows if one.dose_mg in strengths]
    return min(same or rows, key=_rate)


class Supplied(NamedTuple):
    """What was handed over: milligrams in so many days, and in which strengths."""

    spans: list[tuple[float, int]]
    strengths: frozenset[float | None]


def _supplied(case: Case, course: Course) -> Supplied | None:
    """Milligrams and days of the course, and of as long as it takes to judge it; None where not sure.

    From a hand-over on, so that what was in hand before it is used up.
    """
    first = present_run(case, course)
    sources = case.knowledge.of_kind("supply").sources
    if first is None or case.silence(sources, first) is not None:
        return None
    given = [one for _, one in fills_of(case, (case.drug,)) if was_given(one)]
    given = [one for one in given if first <= one.fill.start.last <= case.today]
    amounts = [_milligrams(case, one) for one in given]
    unclear = any(one.question or one.fill.doubtful or not one.fill.start.exact for one in given)
    if unclear or not all(amounts) or _has_sample(case, first):
        return None
    ends = (one.fill.start.first + (one.fill.days or _YEAR) - 1 for one in given)
    end = min(case.today, max(ends, default=case.today))
    handed = [
        (one.fill.start.first, mg) for one, mg in zip(given, amounts, strict=True) if mg is not None
    ]
    spans = (_from(handed, one, end) for one in (end - _YEAR, _back(case, course, end)))
    found = [one for one in spans if one is not None]
    strengths = frozenset(coded_product(one.product).device_mg for one in given)
    return Supplied(found, strengths) if len(found) > 1 else None


def _back(case: Case, course: Course, end: int) -> int:
    return case.back(course.judged_after) - (case.today - end)


def _from(handed: Sequence[tuple[int, float]], since: int, end: int) -> tuple[float, int] | None:
    """What was handed over from the first hand-over in this time on, and in how many days."""
    inside = [(day, mg) for day, mg in handed if since <= day <= end]
    days = end - min((day for day, _ in inside), default=end) + 1
    return (sum(mg for _, mg in inside), days) if days >= _LEAST_DAYS else None


def _milligrams(case: Case, one: Found) -> float | None:
    """What was handed over, where its unit says so: a piece may be a syringe or a carton."""
    units = case.knowledge.units
    said = [
        value
        for steps in one.hit.source.quantity
        for holder in (one.hit.element, one.hit.resource)
        for value in read(steps, holder)
    ]
    if not said or measure(said[0], units["pieces"], units) is not None:
        return None
    return in_milligrams(said[0], coded_product(one.product), units)


def _has_sample(case: Case, first: int) -> bool:
    hits = case.hits(case.knowledge.of_kind("supply").sources, (case.drug,))
    later = (one for one in hits if (when(one) or ANY_DAY).last >= first)
    return any(is_sample(case, one) for one in later if one.standing == "counts")


def _listed(case: Case, course: Course, rows: Sequence[Band]) -> Remark | None:
    """The dose of lists, orders and hand-overs of this time, where each that says one is below the label."""
    since = case.back(course.judged_after)
    hits = case.hits(case.knowledge.of_kind("supply").sources, (case.drug,))
    current = (one for one in hits if one.standing == "counts" and _is_of_now(case, one, since))
    said = [dose for one in current for dose in _doses(case, one)]
    row = _lowest(rows, [one.dose_mg for one in said])
    if not said or any(_rate(one) >= _rate(row) / ROUNDING for one in said):
        return None
    named = in_words(Doses(row.dose_mg, row.interval_days))
    recorded = tuple(dict.fromkeys(map(in_words, said)))
    return remark("recorded_below_label", doses=recorded, label=named)


def _is_of_now(case: Case, hit: Hit, since: int) -> bool:
    if kind_of(hit, case.record.server) in PHARMACY:
        day = when(hit)
        return day is not None and since <= day.first <= case.today
    return is_listed_now(case, hit)


def _doses(case: Case, hit: Hit) -> list[Doses]:
    """What an entry says of dose and interval, as an order is read."""
    said = [one for steps in hit.source.dosage for one in objects(read(steps, hit.resource))]
    named = [one.attributes for one in hit.entries if one.value_set == case.drug]
    product = coded_product(max(named, key=len, default={}))
    reading = Reading(product, case.knowledge.units, case.knowledge.timings)
    readings = doses({"dosageInstruction": said}, reading).readings
    told = [one for one in readings if one.dose_mg and one.interval_days]
    return [most_of(told)] if told and len(told) == len(readings) else []
