"""Compares the ordered device with the age and the dose for which the label has it."""

from collections.abc import Iterable

from service.clinical.suggestions import DoseRemark
from service.facts.age import age_in_words, age_of, born, months_known
from service.facts.case import Case
from service.facts.fact import Device
from service.facts.order.dose_bands import fitting_bands
from service.facts.order.product_strength import (
    devices_for,
    ordered_device,
    ordered_strength,
    single_doses,
    undividable,
)
from service.fhir.elements import text
from service.fhir.values.quantity import number
from service.policy.finding import Remark, remark
from service.policy.operators import Regimen


def device_for(case: Case, asked: Regimen) -> str | None:
    """The ordered device, or another if it is not labelled at this age; None if none is ordered."""
    ordered = text(case.order.product.get("device"))
    if ordered is None or _too_young(case, asked, ordered) is None:
        return ordered
    allowed = _allowed(case, asked, number(case.order.product.get("dose_mg")))
    return allowed[0] if allowed else ordered


def device_remark(case: Case, asked: Regimen) -> DoseRemark | None:
    """A remark if the ordered device is not labelled at this age, or if none is ordered and age matters."""
    birth, ordered = born(case), text(case.order.product.get("device"))
    if birth is None:
        return None
    devices = case.knowledge.devices.get(asked.of, ())
    if ordered is None:
        later = [device.from_age for device in devices if _below(case, device.from_age)]
        allowed = _allowed(case, asked, None)
        if not later or not allowed:
            return None
        asked_for = {"from_age": age_of(min(later)), "instead": _either(allowed)}
        return DoseRemark("device_asked", asked_for, is_repaired=False)
    from_age = _too_young(case, asked, ordered)
    if from_age is None:
        return None
    allowed = _allowed(case, asked, number(case.order.product.get("dose_mg")))
    values: dict[str, str | Remark] = {
        "device": ordered,
        "from_age": age_of(from_age),
        "age": age_in_words(case, birth),
        "instead": _either(allowed),
    }
    return DoseRemark("device", values)


def strength_remark(case: Case, asked: Regimen) -> DoseRemark | None:
    """A remark if the ordered product cannot give a dose, or takes more devices than the labelled one."""
    strength, doses = ordered_strength(case), single_doses(case)
    if strength is None or not doses:
        return None
    parts = undividable(case, asked.of)
    labelled = sorted(_labelled_strengths(case, asked, doses[0]))
    if not parts and (not labelled or strength in labelled):
        return None
    dose = parts[0] if parts else doses[0]
    values: dict[str, str | Remark] = {
        "dose": f"{dose:g}",
        "strength": f"{strength:g}",
        "device": ordered_device(case) or "",
        "parts": "yes" if parts else "",
        "count": f"{devices_for(dose, strength):g}",
        "instead": f"{labelled[0]:g}" if len(labelled) == 1 else "",
    }
    return DoseRemark("strength", values)


def _labelled_strengths(case: Case, asked: Regimen, dose_mg: float) -> set[float]:
    """The mg of the devices with which the label gives a dose to this patient."""
    return {
        band.unit_mg
        for band in fitting_bands(case, asked).bands
        if band.unit_mg and dose_mg in (band.dose_mg, band.loading_mg)
    }


def _too_young(case: Case, asked: Regimen, device: str) -> int | None:
    """The age in months from which the device is labelled; None unless the patient is surely younger."""
    dose = number(case.order.product.get("dose_mg"))
    same = _of(case.knowledge.devices.get(asked.of, ()), dose)
    ages = [labelled.from_age for labelled in same if labelled.device == device]
    return min(ages) if ages and _below(case, min(ages)) else None


def _allowed(case: Case, asked: Regimen, dose: float | None) -> list[str]:
    """The devices that are labelled at this age, in the document's order."""
    devices = _of(case.knowledge.devices.get(asked.of, ()), dose)
    return list(
        dict.fromkeys(device.device for device in devices if not _below(case, device.from_age))
    )


def _of(devices: Iterable[Device], dose: float | None) -> list[Device]:
    return [device for device in devices if dose in (None, device.dose_mg)]


def _below(case: Case, months: int) -> bool:
    """Whether the patient is surely younger than so many months."""
    birth = born(case)
    return birth is not None and months_known(case, birth)[1] < months


def _either(devices: Iterable[str]) -> Remark:
    return remark("either", items=tuple(devices))
