"""The daily dose of a hand-over: micrograms per actuation, times actuations, by days' supply or sig.

Only what can be computed surely counts: grams, odd units and two figures that differ leave it open.
"""

from collections.abc import Iterator, Mapping

from service.facts.case import Case
from service.facts.dose_table import DoseTable
from service.facts.supply.dose_said import amounts, is_as_needed
from service.fhir.elements import objects
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.values.quantity import Measure, Unit, measure, number
from service.fhir.values.timing import rhythm


def daily_dose(
    case: Case, hit: Hit, table: DoseTable, product: Mapping[str, object], days: int | None
) -> Measure | None:
    """Micrograms a day, as an interval where quantity and sig differ; None if not surely known."""
    each = number(product.get("ug_per_actuation"))
    if each is None:
        return None
    held = number(product.get("actuations"))
    twice = product.get("form") in table.two_strips
    by_quantity = _by_quantity(case, hit, table, held, days)
    if twice and held and days:
        by_quantity = (rate for rate in by_quantity if not _perhaps_strips(table, held, days, rate))
    rates = [*by_quantity, *_by_sig(case, hit)]
    if not rates or 0.0 in rates:
        return None
    return Measure(min(rates) * each, max(rates) * each)


def _perhaps_strips(table: DoseTable, held: float, days: int, rate: float) -> bool:
    """Two strips in one inhaler may be counted each: twice its doses may be one dose of both."""
    return round(rate * days) == 2 * held and rate / 2 >= table.fewest


def _by_quantity(
    case: Case, hit: Hit, table: DoseTable, held: float | None, days: int | None
) -> Iterator[float]:
    """Actuations a day from the amount handed over, where it can be read."""
    sent = [
        value
        for steps in hit.source.quantity
        for holder in (hit.element, hit.resource)
        for value in read(steps, holder)
    ]
    if sent and days:
        found = _actuations(case.knowledge.units, table, sent[0], held, days)
        if found:
            yield found / days


def _actuations(
    units: Mapping[str, Unit], table: DoseTable, sent: object, held: float | None, days: int
) -> float | None:
    counted = measure(sent, units["actuations"], units)
    if counted is not None:
        return _amount(counted)
    whole, pieces = (measure(sent, units[word], units) for word in ("inhalers", "pieces"))
    if held is None or (whole is None and pieces is None):
        return None
    if whole is not None:
        return _amount(whole) * held
    # Pharmacies count an inhaler as one piece, or each of its doses as one.
    read_as = {_amount(pieces) * one for one in (1, held)} if pieces else set()
    likely = [one for one in read_as if table.fewest <= one / days <= table.most]
    return likely[0] if len(likely) == 1 else None


def _amount(amount: Measure) -> float:
    """A number above nothing; nothing where it is not exact."""
    return max(amount.low, 0.0) if amount.exact else 0.0


def _by_sig(case: Case, hit: Hit) -> Iterator[float]:
    """Actuations a day from the one instruction, in each way it can be read; nothing if as needed."""
    units = case.knowledge.units
    found = [one for steps in hit.source.dosage for one in objects(read(steps, hit.resource))]
    if not found:
        return
    if len(found) > 1 or any(is_as_needed(one) for one in found):
        yield 0.0
        return
    often = rhythm(found[0], case.knowledge.timings).intervals
    for each in amounts(found[0], lambda one: measure(one, units["actuations"], units)):
        yield from (each / every for every in often)
