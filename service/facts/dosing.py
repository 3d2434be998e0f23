"""The ordered doses: maintenance dose, interval and loading dose, in mg and days, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.facts.case import Order
from service.fhir.elements import Json, first_object, objects, text
from service.fhir.quantity import Unit, measure, number

DAYS_PER = {"h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 28.0, "a": 364.0}


@dataclass(frozen=True, slots=True)
class Doses:
    """What an order asks for; `None` where it does not say so in figures."""

    dose_mg: float | None = None
    interval_days: float | None = None
    loading_mg: float | None = None
    unclear: str | None = None


def doses(order: Order, units: Mapping[str, Unit]) -> Doses:
    """The doses of an order; text alone is never read as a dose."""
    instructions = objects(order.resource.get("dosageInstruction"))
    if not instructions:
        return Doses(unclear="the order states no dose")
    recurring = [one for one in instructions if interval(one) is not None]
    single = [one for one in instructions if _is_single(one)]
    if len(recurring) != 1 or len(recurring) + len(single) != len(instructions):
        return Doses(unclear="dose and interval are not stated in figures")
    dose = _milligrams(recurring[0], order, units)
    loading = [_milligrams(one, order, units) for one in single]
    if dose is None or None in loading or len(loading) > 1:
        return Doses(unclear="the dose is not stated in mg, mL, pens or syringes")
    return Doses(dose, interval(recurring[0]), loading[0] if loading else None)


def _repeat(instruction: Json) -> Json:
    return first_object(first_object(instruction.get("timing")).get("repeat"))


def _is_single(instruction: Json) -> bool:
    repeat = _repeat(instruction)
    events = first_object(instruction.get("timing")).get("event")
    return number(repeat.get("count")) == 1 or (not repeat and isinstance(events, list))


def interval(instruction: Json) -> float | None:
    """Days from dose to dose; None for a single dose or a timing that is not in figures."""
    repeat = _repeat(instruction)
    if _is_single(instruction) or repeat.get("periodMax") or repeat.get("frequencyMax"):
        return None
    period = number(repeat.get("period"))
    frequency = number(repeat.get("frequency")) if "frequency" in repeat else 1.0
    per = DAYS_PER.get(text(repeat.get("periodUnit")) or "")
    if not period or not frequency or per is None or period < 0 or frequency < 0:
        return None
    return period * per / frequency


def _milligrams(instruction: Json, order: Order, units: Mapping[str, Unit]) -> float | None:
    quantity = single_dose(instruction)
    return None if quantity is None else in_milligrams(quantity, order, units)


def single_dose(instruction: Json) -> Json | None:
    """The one quantity of a dose; None where there is none, a range, or several."""
    rates = objects(instruction.get("doseAndRate"))
    if len(rates) > 1:
        return None
    rate = rates[0] if rates else {}
    quantity = rate.get("doseQuantity") or instruction.get("doseQuantity")
    return quantity if isinstance(quantity, dict) else None


def in_milligrams(quantity: Json, order: Order, units: Mapping[str, Unit]) -> float | None:
    """A dose or an amount to dispense in mg; volumes and devices by the ordered product."""
    per_device = number(order.product.get("dose_mg"))
    volume = number(order.product.get("volume_ml"))
    per_unit = {
        "mg": 1.0,
        "mL": per_device / volume if per_device and volume else None,
        "devices": per_device,
    }
    for word, factor in per_unit.items():
        found = measure(quantity, units[word], units)
        if found is not None:
            exact = found.exact and factor is not None and found.low > 0
            return found.low * factor if exact and factor else None
    return None
