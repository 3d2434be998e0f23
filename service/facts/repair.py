"""The order as the label has it: proposed where dose or quantity do not fit or are not stated."""

from dataclasses import dataclass

from service.facts.bands import fitting_bands
from service.facts.case import Case
from service.facts.dosing import Doses
from service.facts.model import Band
from service.facts.product import in_strength
from service.facts.regimen import CYCLE_DAYS, in_words
from service.fhir.elements import Json, objects, text
from service.fhir.quantity import number
from service.policy.operators import Regimen

UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Repair:
    """The whole corrected order and what was put right."""

    resource: Json
    regimen: str


def repaired(case: Case, asked: Regimen) -> Repair | None:
    """The draft with the labelled regimen; None where the label names no single one for it."""
    fitting = fitting_bands(case, asked)
    strength = number(case.order.product.get("dose_mg"))
    sure = [one for one in fitting.bands if not (one.only_with or one.general)]
    rows = [one for one in sure if strength in (None, one.unit_mg)] or sure
    one_disease = len(fitting.choices) == 1
    if not (fitting.certain and one_disease and len(rows) == 1):
        return None
    band = rows[0]
    if not (band.dose_mg and band.interval_days and text(case.order.resource.get("id"))):
        return None
    loading = band.loading_mg if asked.phase == "initial" else None
    doses = Doses(band.dose_mg, band.interval_days, loading)
    resource = dict(case.order.resource)  # its own elements are replaced whole, never changed
    if band.unit_mg and strength not in (None, band.unit_mg):
        product = in_strength(case, band.unit_mg)
        if product is None:
            return None
        resource["medicationCodeableConcept"] = product.concept
    route = _route(case.order.resource)
    resource["dosageInstruction"] = [one | route for one in _instructions(doses)]
    _set_quantity(resource, case, band, asked.phase)
    return Repair(resource, in_words(doses))


def _instructions(doses: Doses) -> list[Json]:
    days = int(doses.interval_days or 0)
    repeats = [({"frequency": 1, "period": days, "periodUnit": "d"}, doses.dose_mg)]
    words = [f"{doses.dose_mg:g} mg every {days} days"]
    if doses.loading_mg:
        repeats.insert(0, ({"count": 1}, doses.loading_mg))
        words.insert(0, f"Loading dose: {doses.loading_mg:g} mg once")
    return [
        {
            "sequence": index + 1,
            "text": words[index],
            "timing": {"repeat": repeat},
            "doseAndRate": [
                {"doseQuantity": {"value": dose, "unit": "mg", "system": UCUM, "code": "mg"}}
            ],
        }
        for index, (repeat, dose) in enumerate(repeats)
    ]


def _route(resource: Json) -> Json:
    """The route that the draft states, where its instructions agree on one."""
    routes = [one.get("route") for one in objects(resource.get("dosageInstruction"))]
    agreed = routes and all(one == routes[0] for one in routes)
    return {"route": routes[0]} if agreed and routes[0] else {}


def _set_quantity(resource: Json, case: Case, band: Band, phase: str) -> None:
    """The units of the first 28 days where the product is known; a wrong amount never stays."""
    request = resource.get("dispenseRequest")
    request = dict(request) if isinstance(request, dict) else {}
    request.pop("quantity", None)
    request.pop("expectedSupplyDuration", None)
    if device := text(case.order.product.get("device")):
        units = band.units_first_28_days if phase == "initial" else band.units_per_28_days
        request["quantity"] = {"value": int(units), "unit": device}
        request["expectedSupplyDuration"] = {
            "value": CYCLE_DAYS,
            "unit": "days",
            "system": UCUM,
            "code": "d",
        }
    resource.pop("dispenseRequest", None)
    if request:
        resource["dispenseRequest"] = request
