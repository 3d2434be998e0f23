"""Whether the ordered product can give the ordered doses: a device for a single dose is not divided."""

from service.facts.case import Case
from service.facts.order.ordered_doses import doses_of_order, reading_of
from service.fhir.elements import text
from service.policy.finding import Remark, remark

# Of a device; a dose in mL is rounded.
ROUNDED = 0.05


def ordered_strength(case: Case) -> float | None:
    """The mg in one device of the ordered product; None if that is not known."""
    return reading_of(case).product.device_mg


def devices_for(dose_mg: float, strength: float) -> float:
    """How many devices of a strength give a dose; a whole number if it is one but for rounding."""
    count = dose_mg / strength
    whole = round(count)
    return float(whole) if whole and abs(count - whole) <= ROUNDED else float(f"{count:.3g}")


def single_doses(case: Case) -> tuple[float, ...]:
    """Every amount in mg that the order gives at one time, in any way to read it; the dose first."""
    readings = doses_of_order(case).readings
    each = (*(way.dose_mg for way in readings), *(way.loading_mg for way in readings))
    return tuple(dict.fromkeys(dose for dose in each if dose))


def undividable(case: Case, of: str) -> tuple[float, ...]:
    """The doses in mg that no whole number of the ordered devices gives.

    Empty where the strength is not known, or the device may give a part of what it contains.
    """
    strength = ordered_strength(case)
    if strength is None or not _is_single_dose(case, of, strength):
        return ()
    return tuple(
        dose for dose in single_doses(case) if not devices_for(dose, strength).is_integer()
    )


def _is_single_dose(case: Case, of: str, strength: float) -> bool:
    """Whether a device of that strength is for a single dose; of an unknown strength if all others are."""
    devices = case.knowledge.devices.get(of, ())
    same = [device for device in devices if device.dose_mg == strength] or devices
    return bool(same) and all(device.single_dose for device in same)


def not_from_device(case: Case, of: str) -> Remark | None:
    """Why the ordered product may not give an ordered dose; None if it can, or if it is not named."""
    if case.order.product.get("strengths_differ"):
        return remark("strengths_of_product_differ")
    doses, strength = undividable(case, of), ordered_strength(case)
    if not doses or strength is None:
        return None
    return remark(
        "dose_not_from_device", dose=doses[0], strength=strength, device=ordered_device(case)
    )


def ordered_device(case: Case) -> str | None:
    """The ordered device, as the product's code names it."""
    return text(case.order.product.get("device"))
