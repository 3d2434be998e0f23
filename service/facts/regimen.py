"""The order against the labelled dose table: bands by indication, age and weight (reading A33)."""

from dataclasses import dataclass
from math import ceil

from service.facts.age import age_in_words, born, months_old
from service.facts.case import Case
from service.facts.dosing import Doses, doses, in_milligrams
from service.facts.model import Band
from service.facts.results import by_latest, results
from service.fhir.elements import first_object
from service.fhir.quantity import INFINITY, Measure, measure
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Regimen
from service.policy.truth import Reason, Truth, Way

CYCLE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weight that counts, or why none does."""

    value: Measure | None
    finding: Finding


def regimen(case: Case, asked: Regimen) -> Finding:
    """Whether dose, interval, loading dose and quantity stay within the labelled regimen."""
    ordered = doses(case.order, case.knowledge.units)
    birth = born(case)
    if birth is None:
        return unknown(Reason.NOT_FOUND, way=Way.DATA, miss="the age is needed for the dose table")
    ages = (months_old(birth.last, case.day), months_old(birth.first, case.day))
    rows = [one for one in case.knowledge.regimens[asked.of] if one.indication in case.indications]
    rows = [one for one in rows if _age_fits(one, ages)]
    weighed = _weight(case, asked, ages[0])
    rows = [one for one in rows if _weight_fits(one, weighed.value)]
    missing = next((one for one in rows if one.dose_mg is None), None)
    if not rows or missing:
        return _no_band(age_in_words(case, birth))
    if ordered.unclear:
        return unknown(Reason.NOT_FOUND, way=Way.ORDER, miss=ordered.unclear)
    return _against(case, asked, ordered, rows, weighed)


def _no_band(age: str) -> Finding:
    miss = f"no labelled dose found for this indication, age ({age}) and weight"
    return unknown(Reason.REVIEW, way=Way.REVIEW, miss=miss)


def _age_fits(band: Band, ages: tuple[int, int]) -> bool:
    return ages[1] >= band.age_from and (band.age_below is None or ages[0] < band.age_below)


def _weight_fits(band: Band, weight: Measure | None) -> bool:
    if weight is None:
        return True
    above = weight.high >= band.weight_from
    return above and (band.weight_below is None or weight.low < band.weight_below)


def _weight(case: Case, asked: Regimen, age: int) -> Weighed:
    """The newest weight, not older than the policy allows for a child or an adult."""
    fact = case.knowledge.facts[asked.weight]
    span = asked.weight_within_adult if age >= ADULT_MONTHS else asked.weight_within_child
    found = results(case, fact)
    finding = by_latest(case, fact, found, lambda _: Truth.MET, case.back(span))
    value = found[0].value if finding.truth is Truth.MET else None
    return Weighed(value, finding)


ADULT_MONTHS = 216


def _against(
    case: Case, asked: Regimen, ordered: Doses, rows: list[Band], weighed: Weighed
) -> Finding:
    findings = [_against_band(case, asked, ordered, band) for band in rows]
    truths = {finding.truth for finding in findings}
    if len(truths) == 1:
        weight = weighed.finding.evidence if any(one.needs_weight for one in rows) else ()
        first = findings[0]
        return Finding(
            first.truth, first.reason, first.way, first.evidence + weight, first.miss, first.notes
        )
    reason = weighed.finding.reason or Reason.IMPRECISE
    shown = (*findings[0].evidence, *weighed.finding.evidence)
    return unknown(reason, *shown, way=weighed.finding.way, miss="the dose depends on the weight")


def _against_band(case: Case, asked: Regimen, ordered: Doses, band: Band) -> Finding:
    dose, interval = ordered.dose_mg or 0.0, ordered.interval_days or INFINITY
    labelled, every = band.dose_mg or 0.0, band.interval_days or INFINITY
    shown = Evidence(case.order.reference, None, _in_words(ordered), "record")
    label = _label(band)
    if dose / interval > labelled / every * _ROUNDING:
        return not_met(shown, miss=f"ordered {_in_words(ordered)}, label {label}")
    loading = ordered.loading_mg
    if loading and loading > (band.loading_mg or 0.0):
        return not_met(shown, miss=f"loading dose {loading:g} mg, label {label}")
    if loading and asked.phase == "renewal":
        miss = "a loading dose at renewal is for interrupted therapy only"
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    if dose > labelled:
        miss = f"single dose above the label ({label}) within its total quantity"
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    less = dose / interval < labelled / every / _ROUNDING
    notes = (f"Less than the labelled regimen ({label}).",) if less else ()
    return _quantity(case, asked, band) or met(shown, notes=notes)


_ROUNDING = 1.001


def _quantity(case: Case, asked: Regimen, band: Band) -> Finding | None:
    """The amount to dispense against what the label needs for that time; None when it fits."""
    request = first_object(case.order.resource.get("dispenseRequest"))
    quantity = first_object(request.get("quantity"))
    if not quantity:
        return None
    shown = Evidence(case.order.reference, None, "quantity to dispense", "record")
    amount = in_milligrams(quantity, case.order, case.knowledge.units)
    if amount is None:
        miss = "the quantity to dispense has no unit that can be read"
        return unknown(Reason.UNIT, shown, way=Way.ORDER, miss=miss)
    days = measure(
        first_object(request.get("expectedSupplyDuration")),
        case.knowledge.units["days"],
        case.knowledge.units,
    )
    allowed = _allowed_mg(band, days.high if days else CYCLE_DAYS, asked.phase)
    if amount <= allowed:
        return None
    miss = f"quantity {amount:g} mg, label allows {allowed:g} mg"
    if days is None:
        miss += f" in {CYCLE_DAYS} days; the order states no supply duration"
        return unknown(Reason.NOT_FOUND, shown, way=Way.ORDER, miss=miss)
    return not_met(shown, miss=f"{miss} in {days.high:g} days")


def _allowed_mg(band: Band, days: float, phase: str) -> float:
    cycles = max(1, ceil(days / CYCLE_DAYS))
    first = band.units_first_28_days if phase == "initial" else band.units_per_28_days
    return (first + (cycles - 1) * band.units_per_28_days) * (band.unit_mg or 0.0)


def _in_words(ordered: Doses) -> str:
    loading = f"{ordered.loading_mg:g} mg once, then " if ordered.loading_mg else ""
    return f"{loading}{ordered.dose_mg or 0:g} mg every {ordered.interval_days or 0:g} days"


def _label(band: Band) -> str:
    return _in_words(Doses(band.dose_mg, band.interval_days, band.loading_mg))
