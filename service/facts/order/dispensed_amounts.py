"""The amounts that an order dispenses, against what the label needs for the days of each fill."""

from math import ceil
from typing import NamedTuple

from service.facts.case import Case
from service.facts.fact import Band
from service.facts.order.doses import ROUNDING, Doses, in_milligrams
from service.facts.order.ordered_doses import doses_of_other_drafts, reading_of
from service.fhir.elements import first_object
from service.fhir.values.days import parse_day
from service.fhir.values.quantity import INFINITY, measure, number
from service.json_object import Json
from service.policy.finding import Evidence, Finding, Remark, not_met, remark, unknown
from service.policy.operators import Regimen
from service.policy.truth import Reason, Way

CYCLE_DAYS = 28


class DispensedAmounts(NamedTuple):
    """What the amounts of an order say: a finding if they do not fit the label, else notes on them."""

    finding: Finding | None = None
    notes: tuple[Remark, ...] = ()


class _Fill(NamedTuple):
    """An amount to dispense at once, and for how long.

    `first_mg` is the part that the loading dose needs beyond the doses that are repeated. `fills` is how
    often the amount is dispensed; 1 if it is not refilled.
    """

    called: Remark
    quantity: object
    lasts: object
    first_mg: float
    fills: int = 1


def is_refilled(case: Case) -> bool:
    """Whether the order allows refills."""
    return _repeats(case) >= 1


def amounts_of(case: Case, asked: Regimen, ordered: Doses, band: Band) -> DispensedAmounts:
    """The amounts to dispense against what the label needs for their time."""
    request = _request(case)
    initial = first_object(request.get("initialFill"))
    first_mg = _loading_mg(case, asked, ordered, band)
    each = (
        _Fill(
            remark("quantity_to_dispense"),
            request.get("quantity"),
            request.get("expectedSupplyDuration"),
            # an initial fill has the loading dose, and this is the quantity of the later ones
            0.0 if first_object(initial.get("quantity")) else first_mg,
            1 + int(_repeats(case)),
        ),
        _Fill(
            remark("quantity_of_first_fill"),
            initial.get("quantity"),
            initial.get("duration"),
            first_mg,
        ),
    )
    judged = [_of_fill(case, asked, ordered, band, fill) for fill in each]
    finding = next((amounts.finding for amounts in judged if amounts.finding is not None), None)
    return DispensedAmounts(finding, tuple(note for amounts in judged for note in amounts.notes))


def _request(case: Case) -> Json:
    return first_object(case.order.resource.get("dispenseRequest"))


def _repeats(case: Case) -> float:
    return number(_request(case).get("numberOfRepeatsAllowed")) or 0


def _loading_mg(case: Case, asked: Regimen, ordered: Doses, band: Band) -> float:
    """What the label's loading dose has more than the dose; 0 if no draft orders a loading dose."""
    dose = band.dose_mg or 0.0
    drafts = (ordered, *doses_of_other_drafts(case))
    starts = asked.phase == "initial" and any(doses.loading_mg for doses in drafts)
    return max((band.loading_mg or dose) - dose, 0.0) if starts else 0.0


def _of_fill(
    case: Case, asked: Regimen, ordered: Doses, band: Band, fill: _Fill
) -> DispensedAmounts:
    quantity = first_object(fill.quantity)
    if not quantity:
        return DispensedAmounts()
    shown = Evidence(case.order.reference, None, fill.called, "record")
    amount, sure = _amount(case, quantity, band)
    if amount is None:
        miss = remark("quantity_without_unit", quantity=fill.called)
        return DispensedAmounts(unknown(Reason.UNIT, shown, way=Way.ORDER, miss=miss))
    units = case.knowledge.units
    days = measure(first_object(fill.lasts), units["days"], units)
    length = CYCLE_DAYS if days is None else days.low if days.exact else None
    if length is None:
        miss = remark("supply_not_exact")
        return DispensedAmounts(unknown(Reason.IMPRECISE, shown, way=Way.ORDER, miss=miss))
    stated = days is not None
    finding = _above_label(asked, band, shown, amount, length, stated=sure and stated)
    if finding is not None:
        return DispensedAmounts(finding)
    if fill.fills > 1:
        return _refilled(case, band, fill, shown, amount, length if stated else None)
    return DispensedAmounts(notes=_more_than_needed(ordered, band, fill, amount, length))


def _above_label(
    asked: Regimen, band: Band, shown: Evidence, amount: float, length: float, *, stated: bool
) -> Finding | None:
    """Whether the amount is above the most that the label allows in so many days."""
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


def _allowed_mg(band: Band, days: float, phase: str) -> float:
    cycles = max(1, ceil(days / CYCLE_DAYS))
    first = band.units_first_28_days if phase == "initial" else band.units_per_28_days
    return (first + (cycles - 1) * band.units_per_28_days) * (band.unit_mg or 0.0)


def _refilled(
    case: Case, band: Band, fill: _Fill, shown: Evidence, amount: float, length: float | None
) -> DispensedAmounts:
    """All fills together must not have more than the doses of their days.

    Only the loading dose may be beyond them, in a fill for at least 28 days: then what later fills should
    be is noted.
    """
    every = _days_between_fills(case, fill.fills, length)
    if every is None:
        miss = remark("dispense_interval_not_exact")
        return DispensedAmounts(unknown(Reason.IMPRECISE, shown, way=Way.ORDER, miss=miss))
    needed = _doses_mg(band, every * fill.fills)
    if amount * fill.fills <= needed * ROUNDING:
        return DispensedAmounts()
    later = amount - fill.first_mg
    if every >= CYCLE_DAYS and later * fill.fills <= needed * ROUNDING:
        device_mg = reading_of(case).product.device_mg or band.unit_mg
        units = later / (device_mg or INFINITY)
        return DispensedAmounts(
            notes=(remark("later_fills", units=float(units), days=float(every)),)
        )
    miss = remark("refills_above_label", amount=float(amount), days=float(f"{every:g}"))
    return DispensedAmounts(unknown(Reason.IMPRECISE, shown, way=Way.ORDER, miss=miss))


def _days_between_fills(case: Case, fills: int, length: float | None) -> float | None:
    """The fewest days between two fills; None if they are stated and not exact.

    By the dispense interval, else by how long a fill lasts, else by how long the order is valid.
    """
    request, units = _request(case), case.knowledge.units
    if interval := first_object(request.get("dispenseInterval")):
        days = measure(interval, units["days"], units)
        return days.low if days is not None and days.exact and days.low > 0 else None
    if length is not None:
        return length
    zone = case.record.calendar.zone
    valid = first_object(request.get("validityPeriod"))
    start, end = (parse_day(valid.get(name), zone) for name in ("start", "end"))
    if start is None or end is None or end.last < start.first:
        return CYCLE_DAYS
    return min(CYCLE_DAYS, (end.last - start.first + 1) / fills)


def _doses_mg(band: Band, days: float) -> float:
    """The labelled doses of so many days, without a loading dose."""
    return ceil(days / (band.interval_days or INFINITY)) * (band.dose_mg or 0.0)


def _more_than_needed(
    ordered: Doses, band: Band, fill: _Fill, amount: float, length: float
) -> tuple[Remark, ...]:
    """A note on a single fill that has more than the doses of its days."""
    if ordered.interval_days is None:
        needed = ordered.loading_mg or 0.0
    else:
        needed = _doses_mg(band, length) + fill.first_mg
    if amount <= needed * ROUNDING:
        return ()
    return (
        remark(
            "fill_above_doses",
            quantity=fill.called,
            amount=float(amount),
            needed=float(needed),
            days=None if ordered.interval_days is None else float(length),
        ),
    )


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
