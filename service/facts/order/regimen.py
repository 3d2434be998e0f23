"""The order against the labelled dose table: bands by indication, age and weight (reading A33)."""

from math import ceil
from typing import NamedTuple

from service.facts.birth import age_in_words, born
from service.facts.case import Case
from service.facts.measurements.results import nothing_found
from service.facts.model import Band
from service.facts.order.dose_bands import Fitting, disease_beside, fitting_bands, label_begins
from service.facts.order.doses import ROUNDING, Doses, Said, in_milligrams
from service.facts.order.order_words import words_against
from service.facts.order.ordered_doses import (
    doses_beside,
    doses_of_order,
    most_of,
    other_route,
    reading_of,
    together,
)
from service.fhir.elements import first_object
from service.fhir.values.quantity import INFINITY, measure, number
from service.json_object import Json
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Regimen
from service.policy.truth import Reason, Truth, Way

CYCLE_DAYS = 28
_BEST = (Truth.MET, Truth.UNKNOWN, Truth.NOT_MET)
GENERAL = "check this dose against the label: it is not taken from the label's own text"


def regimen(case: Case, asked: Regimen) -> Finding:
    """Whether dose, interval, loading dose and quantity stay within the labelled regimen."""
    birth = born(case)
    if birth is None:
        return nothing_found(case, case.knowledge.of_kind("age"))
    fitting = fitting_bands(case, asked)
    if not fitting.bands or any(one.dose_mg is None for one in fitting.bands):
        below = label_begins(case, asked, birth)
        age = age_in_words(case, birth)
        miss = below or f"no labelled dose found for this indication, age ({age}) and weight"
        return unknown(Reason.REVIEW, *fitting.weight.evidence, way=Way.REVIEW, miss=miss)
    ordered = doses_of_order(case)
    if ordered.unclear:
        return unknown(Reason.NOT_FOUND, way=Way.ORDER, miss=ordered.unclear)
    if by := other_route(case):
        miss = f"the drug is not given by the route of the order ({by})"
        return unknown(Reason.IMPRECISE, way=Way.ORDER, miss=miss)
    found = _in_each_reading(case, asked, ordered, fitting)
    if found.truth is Truth.MET and (said := words_against(case, ordered.readings)):
        return unknown(Reason.IMPRECISE, *found.evidence, way=Way.ORDER, miss=said)
    return _with_other_drafts(case, asked, most_of(ordered.readings), fitting, found)


def _with_other_drafts(
    case: Case, asked: Regimen, ordered: Doses, fitting: Fitting, found: Finding
) -> Finding:
    """A loading dose may be an order of its own: what the drafts ask for together must fit too."""
    others = doses_beside(case)
    if found.truth is not Truth.MET or not others:
        return found
    beside = " and ".join(map(in_words, others))
    whole = together(ordered, others)
    if _against(case, asked, whole, fitting).truth is Truth.MET:
        return found._replace(notes=(*found.notes, f"Another draft orders {beside}."))
    miss = f"another draft orders {beside}; together {in_words(whole)}"
    return unknown(Reason.REVIEW, *found.evidence, way=Way.REVIEW, miss=miss)


def _in_each_reading(case: Case, asked: Regimen, ordered: Said, fitting: Fitting) -> Finding:
    """An order that can be read in several ways: what holds of each, else a question."""
    found = [_against(case, asked, one, fitting) for one in ordered.readings]
    if len(found) == 1:
        return found[0]
    ways = " or ".join(dict.fromkeys(map(in_words, ordered.readings)))
    if len({(one.truth, one.reason) for one in found}) == 1:
        return found[0]._replace(notes=(*found[0].notes, f"The order can be read as {ways}."))
    miss = f"the order can be read as {ways}"
    return unknown(Reason.IMPRECISE, *found[0].evidence, way=Way.ORDER, miss=miss)


def _against(case: Case, asked: Regimen, ordered: Doses, fitting: Fitting) -> Finding:
    findings = [_against_any(case, asked, ordered, rows) for rows in fitting.choices]
    truths = {finding.truth for finding in findings}
    first = findings[0]
    # Without a weight no band is taken for granted, not even to refuse: no band may fit at all.
    if fitting.certain and len(truths) == 1:
        return first._replace(evidence=first.evidence + fitting.shown)
    if fitting.certain:
        miss = "the dose depends on the disease that the order is for"
        return unknown(Reason.IMPRECISE, *first.evidence, way=Way.ORDER, miss=miss)
    reason = fitting.weight.reason or Reason.IMPRECISE
    shown = (*first.evidence, *fitting.weight.evidence)
    absent = reason is Reason.NOT_FOUND
    miss = f"the dose depends on the weight{', which is not on record' if absent else ''}"
    return unknown(reason, *shown, way=fitting.weight.way, miss=miss)


def _against_any(case: Case, asked: Regimen, ordered: Doses, rows: tuple[Band, ...]) -> Finding:
    """The best of labelled alternatives; an order of the dose of one is held against that one."""
    same = [one for one in rows if one.dose_mg == ordered.dose_mg] or rows
    highest_first = sorted(same, key=lambda one: -(one.dose_mg or 0.0))
    found = [
        _with_limits(case, _against_band(case, asked, ordered, one), one) for one in highest_first
    ]
    return min(found, key=lambda one: (_BEST.index(one.truth), len(one.notes)))


def _with_limits(case: Case, found: Finding, band: Band) -> Finding:
    """What the row itself leaves open: a disease that it needs, a dose not seen on the label."""
    beside = disease_beside(case, band) if band.only_with else None
    if found.truth is Truth.MET and beside:
        return found._replace(notes=(*found.notes, f"Labelled with {beside}, which is on record."))
    if found.truth is Truth.MET and band.only_with:
        miss = f"labelled only with {band.only_with}"
        return unknown(Reason.REVIEW, *found.evidence, way=Way.REVIEW, miss=miss)
    if found.truth is Truth.NOT_MET and band.general:
        miss = f"{found.miss}; {GENERAL}"
        return unknown(Reason.REVIEW, *found.evidence, way=Way.REVIEW, miss=miss)
    general = (f"{GENERAL[0].upper()}{GENERAL[1:]}.",) if band.general else ()
    notice = (band.notice,) if band.notice and found.truth is Truth.MET else ()
    return found._replace(notes=found.notes + general + notice)


def _against_band(case: Case, asked: Regimen, ordered: Doses, band: Band) -> Finding:
    if ordered.interval_days is None:
        return _one_dose(case, asked, ordered, band)
    dose, interval = ordered.dose_mg or 0.0, ordered.interval_days or INFINITY
    labelled, every = band.dose_mg or 0.0, band.interval_days or INFINITY
    shown = Evidence(case.order.reference, None, in_words(ordered), "record")
    label = _label(band)
    if dose / interval > labelled / every * ROUNDING:
        return not_met(shown, miss=f"ordered {in_words(ordered)}, label {label}")
    loading = ordered.loading_mg
    if loading and loading > (band.loading_mg or 0.0):
        return not_met(shown, miss=f"loading dose {loading:g} mg, label {label}")
    if loading and asked.phase == "renewal":
        miss = "a loading dose at renewal is for interrupted therapy only"
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    if dose > labelled:
        miss = f"single dose above the label ({label}) within its total quantity"
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    less = dose / interval < labelled / every / ROUNDING
    notes = (less_than(band),) if less else ()
    return _quantity(case, asked, band) or met(shown, notes=notes + _repeats(case, asked, band))


def _one_dose(case: Case, asked: Regimen, ordered: Doses, band: Band) -> Finding:
    """One dose alone, as a loading dose that is an order of its own."""
    dose, labelled = ordered.loading_mg or 0.0, band.dose_mg or 0.0
    shown = Evidence(case.order.reference, None, in_words(ordered), "record")
    if dose > max(labelled, band.loading_mg or 0.0):
        return not_met(shown, miss=f"ordered {in_words(ordered)}, label {_label(band)}")
    if dose > labelled and asked.phase == "renewal":
        miss = "a loading dose at renewal is for interrupted therapy only"
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    request = first_object(case.order.resource.get("dispenseRequest"))
    if (number(request.get("numberOfRepeatsAllowed")) or 0) >= 1:
        miss = "the order is for one dose alone and may be refilled"
        return unknown(Reason.NOT_FOUND, shown, way=Way.ORDER, miss=miss)
    notes = (f"The order is for one dose alone (label: {_label(band)}).",)
    return _quantity(case, asked, band) or met(shown, notes=notes)


def _repeats(case: Case, asked: Regimen, band: Band) -> tuple[str, ...]:
    """Refills of a first fill that holds the loading dose: said, for the first fill itself fits."""
    request = first_object(case.order.resource.get("dispenseRequest"))
    repeats = number(request.get("numberOfRepeatsAllowed")) or 0
    amount = _amount(case, first_object(request.get("quantity")), band)[0]
    later = band.units_per_28_days * (band.unit_mg or 0.0)
    if asked.phase == "renewal" or repeats < 1 or amount is None or amount <= later:
        return ()
    return (f"The first fill fits; later fills should be {band.units_per_28_days:g} per 28 days.",)


class _Fill(NamedTuple):
    """An amount to dispense at once, for how long, and whether it may be dispensed again."""

    called: str
    quantity: object
    lasts: object
    again: bool = False


def _quantity(case: Case, asked: Regimen, band: Band) -> Finding | None:
    """The amounts to dispense against what the label needs for their time; None when they fit."""
    request = first_object(case.order.resource.get("dispenseRequest"))
    first = first_object(request.get("initialFill"))
    again = (number(request.get("numberOfRepeatsAllowed")) or 0) >= 1
    lasts = request.get("expectedSupplyDuration")
    each = (
        _Fill("quantity to dispense", request.get("quantity"), lasts, again),
        _Fill("quantity of the initial fill", first.get("quantity"), first.get("duration")),
    )
    found = (_of_fill(case, asked, band, one) for one in each)
    return next((one for one in found if one is not None), None)


def _of_fill(case: Case, asked: Regimen, band: Band, fill: _Fill) -> Finding | None:
    quantity = first_object(fill.quantity)
    if not quantity:
        return None
    shown = Evidence(case.order.reference, None, fill.called, "record")
    amount, sure = _amount(case, quantity, band)
    if amount is None:
        miss = f"the {fill.called} has no unit that can be read"
        return unknown(Reason.UNIT, shown, way=Way.ORDER, miss=miss)
    units = case.knowledge.units
    days = measure(first_object(fill.lasts), units["days"], units)
    length = CYCLE_DAYS if days is None else days.low if days.exact else None
    if days is not None and length and fill.again and _is_too_much(asked, band, amount, length):
        miss = (
            f"{amount:g} mg for {length:g} days and refills are more than the labelled dose needs"
        )
        return unknown(Reason.IMPRECISE, shown, way=Way.ORDER, miss=miss)
    return _against_label(asked, band, shown, amount, length, stated=sure and days is not None)


def _is_too_much(asked: Regimen, band: Band, amount: float, length: float) -> bool:
    """Whether a fill for less than a cycle holds more than the doses of its days."""
    if length >= CYCLE_DAYS or amount > _allowed_mg(band, length, asked.phase):
        return False
    dose, interval = band.dose_mg or 0.0, band.interval_days or INFINITY
    first = max((band.loading_mg or dose) - dose, 0.0) if asked.phase == "initial" else 0.0
    return amount > (ceil(length / interval) * dose + first) * ROUNDING


def _against_label(
    asked: Regimen,
    band: Band,
    shown: Evidence,
    amount: float,
    length: float | None,
    *,
    stated: bool,
) -> Finding | None:
    if length is None:
        miss = "the supply duration is not exact"
        return unknown(Reason.IMPRECISE, shown, way=Way.ORDER, miss=miss)
    allowed = _allowed_mg(band, length, asked.phase)
    if amount <= allowed:
        return None
    miss = f"quantity {amount:g} mg, label allows {allowed:g} mg in {length:g} days"
    if not stated:
        miss += "; the order does not state product and supply duration"
        return unknown(Reason.NOT_FOUND, shown, way=Way.ORDER, miss=miss)
    return not_met(shown, miss=miss)


def _amount(case: Case, quantity: Json, band: Band) -> tuple[float | None, bool]:
    """The amount in mg, and whether the product that makes it up is known."""
    product = reading_of(case).product
    amount = in_milligrams(quantity, product, case.knowledge.units)
    if amount is not None or product.device_mg is not None:
        return amount, True
    return _devices_mg(case, quantity, band), False


def _devices_mg(case: Case, quantity: Json, band: Band) -> float | None:
    """Syringes or pens of an order that names no product: at most the strongest of the drug."""
    units = case.knowledge.units
    devices = measure(quantity, units["devices"], units)
    bands = next(rows for rows in case.knowledge.regimens.values() if band in rows)
    strongest = max(one.unit_mg or 0 for one in bands)
    return devices.low * strongest if devices is not None and devices.exact else None


def _allowed_mg(band: Band, days: float, phase: str) -> float:
    cycles = max(1, ceil(days / CYCLE_DAYS))
    first = band.units_first_28_days if phase == "initial" else band.units_per_28_days
    return (first + (cycles - 1) * band.units_per_28_days) * (band.unit_mg or 0.0)


def in_words(ordered: Doses) -> str:
    """Doses as a clinician says them."""
    loading = f"{ordered.loading_mg:g} mg once" if ordered.loading_mg else ""
    if ordered.interval_days is None:
        return loading
    every = f"{ordered.dose_mg or 0:g} mg every {ordered.interval_days:g} days"
    return f"{loading}, then {every}" if loading else every


def less_than(band: Band) -> str:
    """What is noted beside an order that stays below the label."""
    return f"Less than the labelled regimen ({_label(band)})."


def _label(band: Band) -> str:
    return in_words(Doses(band.dose_mg, band.interval_days, band.loading_mg))
