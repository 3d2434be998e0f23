"""The order against the labelled dose table: bands by indication, age and weight (reading A33)."""

from math import ceil
from typing import NamedTuple

from service.facts.age import age_in_words, born
from service.facts.case import Case
from service.facts.fact import Band
from service.facts.measurements.results import nothing_found
from service.facts.order.dose_bands import (
    Fitting,
    disease_labelled_with,
    fitting_bands,
    label_begins,
)
from service.facts.order.doses import ROUNDING, DoseReadings, Doses, in_milligrams
from service.facts.order.ordered_doses import (
    doses_of_order,
    doses_of_other_drafts,
    largest_reading,
    other_route,
    reading_of,
    summed_doses,
    words_against,
)
from service.fhir.elements import first_object
from service.fhir.values.quantity import INFINITY, measure, number
from service.json_object import Json
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Regimen
from service.policy.truth import Reason, Truth, Way

CYCLE_DAYS = 28
_BEST = (Truth.MET, Truth.UNKNOWN, Truth.NOT_MET)


def regimen(case: Case, asked: Regimen) -> Finding:
    """Whether dose, interval, loading dose and quantity stay within the labelled regimen."""
    birth = born(case)
    if birth is None:
        return nothing_found(case, case.knowledge.of_kind("age"))
    fitting = fitting_bands(case, asked)
    if not fitting.bands or any(band.dose_mg is None for band in fitting.bands):
        below = label_begins(case, asked, birth)
        miss = below or remark("no_labelled_dose", age=age_in_words(case, birth))
        return unknown(Reason.REVIEW, *fitting.weight.evidence, way=Way.REVIEW, miss=miss)
    ordered = doses_of_order(case)
    if ordered.unclear:
        return unknown(Reason.NOT_FOUND, way=Way.ORDER, miss=ordered.unclear)
    if by := other_route(case):
        miss = remark("other_route", route=by)
        return unknown(Reason.IMPRECISE, way=Way.ORDER, miss=miss)
    finding = _in_each_reading(case, asked, ordered, fitting)
    if finding.truth is Truth.MET and (words := words_against(case, ordered.readings)):
        return unknown(Reason.IMPRECISE, *finding.evidence, way=Way.ORDER, miss=words)
    return _with_other_drafts(case, asked, largest_reading(ordered.readings), fitting, finding)


def _with_other_drafts(
    case: Case, asked: Regimen, ordered: Doses, fitting: Fitting, finding: Finding
) -> Finding:
    """A loading dose may be an order of its own: what the drafts ask for together must fit too."""
    others = doses_of_other_drafts(case)
    if finding.truth is not Truth.MET or not others:
        return finding
    beside = tuple(map(in_words, others))
    whole = summed_doses(ordered, others)
    if _against(case, asked, whole, fitting).truth is Truth.MET:
        return finding._replace(notes=(*finding.notes, remark("another_draft", doses=beside)))
    miss = remark("drafts_together", doses=beside, whole=in_words(whole))
    return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=miss)


def _in_each_reading(
    case: Case, asked: Regimen, ordered: DoseReadings, fitting: Fitting
) -> Finding:
    """An order that can be read in several ways: what holds of each, else a question."""
    findings = [_against(case, asked, way, fitting) for way in ordered.readings]
    if len(findings) == 1:
        return findings[0]
    ways = tuple(dict.fromkeys(map(in_words, ordered.readings)))
    if len({(finding.truth, finding.reason) for finding in findings}) == 1:
        return findings[0]._replace(
            notes=(*findings[0].notes, remark("several_readings", doses=ways))
        )
    miss = remark("read_in_several_ways", doses=ways)
    return unknown(Reason.IMPRECISE, *findings[0].evidence, way=Way.ORDER, miss=miss)


def _against(case: Case, asked: Regimen, ordered: Doses, fitting: Fitting) -> Finding:
    findings = [_against_any(case, asked, ordered, rows) for rows in fitting.choices]
    truths = {finding.truth for finding in findings}
    first = findings[0]
    # Without a weight no band is taken for granted, not even to refuse: no band may fit at all.
    if fitting.certain and len(truths) == 1:
        return first._replace(evidence=first.evidence + fitting.shown)
    if fitting.certain:
        miss = remark("dose_depends_on_disease")
        return unknown(Reason.IMPRECISE, *first.evidence, way=Way.ORDER, miss=miss)
    reason = fitting.weight.reason or Reason.IMPRECISE
    shown = (*first.evidence, *fitting.weight.evidence)
    miss = remark("dose_depends_on_weight", absent=reason is Reason.NOT_FOUND)
    return unknown(reason, *shown, way=fitting.weight.way, miss=miss)


def _against_any(case: Case, asked: Regimen, ordered: Doses, rows: tuple[Band, ...]) -> Finding:
    """The best of labelled alternatives; an order of the dose of one is held against that one."""
    same = [band for band in rows if band.dose_mg == ordered.dose_mg] or rows
    highest_first = sorted(same, key=lambda row: -(row.dose_mg or 0.0))
    findings = [
        _with_limits(case, _against_band(case, asked, ordered, band), band)
        for band in highest_first
    ]
    return min(findings, key=lambda finding: (_BEST.index(finding.truth), len(finding.notes)))


def _with_limits(case: Case, finding: Finding, band: Band) -> Finding:
    """What the row itself leaves open: a disease that it needs, a dose not seen on the label."""
    beside = disease_labelled_with(case, band) if band.only_with else None
    if finding.truth is Truth.MET and beside:
        return finding._replace(notes=(*finding.notes, remark("labelled_with", disease=beside)))
    if finding.truth is Truth.MET and band.only_with:
        miss = remark("labelled_only_with", disease=band.only_with)
        return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=miss)
    if finding.truth is Truth.NOT_MET and band.general:
        miss = remark("not_from_label", miss=finding.miss)
        return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=miss)
    general = (remark("check_against_label"),) if band.general else ()
    notice = (notice_of(band),) if band.notice and finding.truth is Truth.MET else ()
    return finding._replace(notes=finding.notes + general + notice)


def _against_band(case: Case, asked: Regimen, ordered: Doses, band: Band) -> Finding:
    if ordered.interval_days is None:
        return _one_dose(case, asked, ordered, band)
    dose, interval = ordered.dose_mg or 0.0, ordered.interval_days or INFINITY
    labelled, every = band.dose_mg or 0.0, band.interval_days or INFINITY
    shown = Evidence(case.order.reference, None, in_words(ordered), "record")
    label = _label(band)
    if dose / interval > labelled / every * ROUNDING:
        return not_met(shown, miss=remark("above_label", ordered=in_words(ordered), label=label))
    loading = ordered.loading_mg
    if loading and loading > (band.loading_mg or 0.0):
        return not_met(
            shown, miss=remark("loading_above_label", dose=_figure(loading), label=label)
        )
    if loading and asked.phase == "renewal":
        miss = remark("loading_at_renewal")
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    if dose > labelled:
        miss = remark("single_dose_above_label", label=label)
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    less = dose / interval < labelled / every / ROUNDING
    notes = (less_than(band),) if less else ()
    return _quantity(case, asked, band) or met(shown, notes=notes + _repeats(case, asked, band))


def _one_dose(case: Case, asked: Regimen, ordered: Doses, band: Band) -> Finding:
    """One dose alone, as a loading dose that is an order of its own."""
    dose, labelled = ordered.loading_mg or 0.0, band.dose_mg or 0.0
    shown = Evidence(case.order.reference, None, in_words(ordered), "record")
    if dose > max(labelled, band.loading_mg or 0.0):
        miss = remark("above_label", ordered=in_words(ordered), label=_label(band))
        return not_met(shown, miss=miss)
    if dose > labelled and asked.phase == "renewal":
        miss = remark("loading_at_renewal")
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    request = first_object(case.order.resource.get("dispenseRequest"))
    if (number(request.get("numberOfRepeatsAllowed")) or 0) >= 1:
        miss = remark("one_dose_refilled")
        return unknown(Reason.NOT_FOUND, shown, way=Way.ORDER, miss=miss)
    notes = (remark("one_dose_alone", label=_label(band)),)
    return _quantity(case, asked, band) or met(shown, notes=notes)


def _repeats(case: Case, asked: Regimen, band: Band) -> tuple[Remark, ...]:
    """Refills of a first fill that holds the loading dose: said, for the first fill itself fits."""
    request = first_object(case.order.resource.get("dispenseRequest"))
    repeats = number(request.get("numberOfRepeatsAllowed")) or 0
    amount = _amount(case, first_object(request.get("quantity")), band)[0]
    later = band.units_per_28_days * (band.unit_mg or 0.0)
    if asked.phase == "renewal" or repeats < 1 or amount is None or amount <= later:
        return ()
    return (remark("later_fills", units=float(band.units_per_28_days), days=CYCLE_DAYS),)


class _Fill(NamedTuple):
    """An amount to dispense at once, for how long, and whether it may be dispensed again."""

    called: Remark
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
        _Fill(remark("quantity_to_dispense"), request.get("quantity"), lasts, again),
        _Fill(remark("quantity_of_first_fill"), first.get("quantity"), first.get("duration")),
    )
    findings = (_of_fill(case, asked, band, fill) for fill in each)
    return next((finding for finding in findings if finding is not None), None)


def _of_fill(case: Case, asked: Regimen, band: Band, fill: _Fill) -> Finding | None:
    quantity = first_object(fill.quantity)
    if not quantity:
        return None
    shown = Evidence(case.order.reference, None, fill.called, "record")
    amount, sure = _amount(case, quantity, band)
    if amount is None:
        miss = remark("quantity_without_unit", quantity=fill.called)
        return unknown(Reason.UNIT, shown, way=Way.ORDER, miss=miss)
    units = case.knowledge.units
    days = measure(first_object(fill.lasts), units["days"], units)
    length = CYCLE_DAYS if days is None else days.low if days.exact else None
    if days is not None and length and fill.again and _is_too_much(asked, band, amount, length):
        miss = remark("refills_above_label", amount=float(amount), days=float(length))
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
        miss = remark("supply_not_exact")
        return unknown(Reason.IMPRECISE, shown, way=Way.ORDER, miss=miss)
    allowed = _allowed_mg(band, length, asked.phase)
    if amount <= allowed:
        return None
    miss = remark(
        "quantity_above_label",
        amount=float(amount),
        allowed=float(allowed),
        days=float(length),
        stated=stated,
    )
    if not stated:
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
    strongest = max(row.unit_mg or 0 for row in bands)
    return devices.low * strongest if devices is not None and devices.exact else None


def _allowed_mg(band: Band, days: float, phase: str) -> float:
    cycles = max(1, ceil(days / CYCLE_DAYS))
    first = band.units_first_28_days if phase == "initial" else band.units_per_28_days
    return (first + (cycles - 1) * band.units_per_28_days) * (band.unit_mg or 0.0)


def in_words(ordered: Doses) -> Remark:
    """Doses as a clinician says them, in mg and days."""
    again = ordered.interval_days is not None
    return remark(
        "doses",
        loading=_figure(ordered.loading_mg) if ordered.loading_mg else None,
        dose=_figure(ordered.dose_mg or 0) if again else None,
        days=_figure(ordered.interval_days or 0) if again else None,
    )


def _figure(value: float) -> float:
    """A number rounded as it is shown, so that two that look equal are equal."""
    return float(f"{value:g}")


def less_than(band: Band) -> Remark:
    """The note for an order that stays below the label."""
    return remark("less_than_label", label=_label(band))


def notice_of(band: Band) -> Remark:
    """The notice of the row, as documented."""
    return remark("as_documented", says=band.notice)


def _label(band: Band) -> Remark:
    return in_words(Doses(band.dose_mg, band.interval_days, band.loading_mg))
