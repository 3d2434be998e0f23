"""The corrected order, proposed if dose, device or quantity are not as labelled or not stated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from service.clinical.devices import device_for
from service.clinical.orders.kept_parts import with_kept_parts, without_dose_in_words
from service.clinical.stages import Beginning, Begins
from service.facts.case import Case
from service.facts.fact import Band
from service.facts.order.dispensed_amounts import CYCLE_DAYS
from service.facts.order.dose_bands import Fitting, fitting_bands, rows_by_record
from service.facts.order.doses import Doses
from service.facts.order.ordered_doses import doses_of_order, doses_of_other_drafts
from service.facts.order.regimen import in_words
from service.fhir.elements import codings, objects, text
from service.fhir.terminology.terminology import Entry
from service.fhir.values.quantity import number
from service.json_object import Json
from service.policy.finding import Remark, remark
from service.policy.operators import Regimen


class DraftProduct(NamedTuple):
    """A product as a CodeableConcept for an order, with its attributes from the terminology."""

    concept: Json
    attributes: Mapping[str, object]


def in_strength(case: Case, dose_mg: float, device: object) -> DraftProduct | None:
    """The product of this strength (mg) in this device, in a code system of the draft; None if unknown."""
    drafted = case.order.resource.get("medicationCodeableConcept")
    systems = {system for system, code, _ in codings(drafted) if code}
    branded = _is_branded(case.order.label)
    products = [
        (system, entry)
        for system, entry in case.record.products(case.drug)
        if system in systems and device is not None and _is(entry, device, dose_mg)
    ]
    products.sort(key=lambda product: (_is_branded(product[1].display) != branded, product[1].code))
    for system, entry in products[:1]:
        coding = {"system": system, "code": entry.code, "display": entry.display}
        return DraftProduct({"coding": [coding], "text": entry.display}, entry.attributes)
    return None


def _is(entry: Entry, device: object, dose_mg: float) -> bool:
    attributes = entry.attributes
    return attributes.get("device") == device and attributes.get("dose_mg") == dose_mg


def _is_branded(name: str) -> bool:
    return "[" in name


UCUM = "http://unitsofmeasure.org"
# What of a dispense request follows from the dose.
AMOUNTS = ("quantity", "expectedSupplyDuration", "initialFill", "dispenseInterval")


@dataclass(frozen=True, slots=True)
class Repair:
    """The whole corrected order and its regimen in words; `device` is None if it is the ordered one."""

    resource: Json
    regimen: str | Remark
    device: str | Remark | None = None


def corrected_order(case: Case, asked: Regimen, beginning: Beginning) -> Repair | None:
    """The draft with the labelled regimen; None if the label has no single regimen for it."""
    if not text(case.order.resource.get("id")):
        return None
    device = device_for(case, asked)
    band = _one_row(case, fitting_bands(case, asked))
    if band is None:
        return _in_device(case, device)
    product = _product(case, band.unit_mg, device)
    if product is None:
        return None
    ordered = Doses(band.dose_mg, band.interval_days, _loading(case, band, beginning))
    # a shallow copy: elements are replaced, never changed
    resource = without_dose_in_words(case.order.resource)
    if product.concept:
        resource["medicationCodeableConcept"] = product.concept
    drafted = objects(case.order.resource.get("dosageInstruction"))
    resource["dosageInstruction"] = with_kept_parts(
        _instructions(ordered), drafted, case.knowledge.timings
    )
    units = band.units_first_28_days if ordered.loading_mg else band.units_per_28_days
    _set_quantity(resource, text(product.attributes.get("device")), units)
    return Repair(resource, in_words(ordered), _changed(case, product, device))


def _one_row(case: Case, fitting: Fitting) -> Band | None:
    """The only row that fits; for several diseases it must be labelled for each. None if not exactly one."""
    ordered = {doses.dose_mg for doses in doses_of_order(case).readings}
    strength = number(case.order.product.get("dose_mg"))
    rows: list[Band] = []
    for choice in fitting.choices:
        fits, _ = rows_by_record(case, choice)
        sure = [band for band in fits if not band.general]
        sure = [band for band in sure if {band.dose_mg} == ordered] or sure
        sure = [band for band in sure if strength in (None, band.unit_mg)] or sure
        if choice is not fitting.choices[0]:
            same = {_says(band) for band in sure}
            rows = [band for band in rows if _says(band) in same]
        else:
            rows = sure
    band = rows[0] if len(rows) == 1 and fitting.certain else None
    return band if band and band.dose_mg and band.interval_days else None


def _says(band: Band) -> tuple[float | None, ...]:
    return band.loading_mg, band.dose_mg, band.interval_days, band.unit_mg


def _loading(case: Case, band: Band, beginning: Beginning) -> float | None:
    """The loading dose in mg if the order starts the drug; if that is unknown, only if one is ordered."""
    if beginning.is_start:
        has_loading = any(doses.loading_mg for doses in doses_of_other_drafts(case))
        return None if has_loading else band.loading_mg
    ordered = doses_of_order(case).readings
    loading_ordered = beginning.begins is Begins.UNKNOWN and any(
        doses.loading_mg for doses in ordered
    )
    return band.loading_mg if loading_ordered else None


def _product(case: Case, unit_mg: float | None, device: str | None) -> DraftProduct | None:
    """The ordered product, or the one in the right strength and device; None if there is none."""
    strength = number(case.order.product.get("dose_mg"))
    if strength in (None, unit_mg) and _another(case, device) is None:
        return DraftProduct({}, case.order.product)
    return in_strength(case, unit_mg or 0.0, device or case.order.product.get("device"))


def _another(case: Case, device: str | None) -> str | None:
    return device if device != case.order.product.get("device") else None


def _changed(case: Case, product: DraftProduct, device: str | None) -> str | Remark | None:
    """What the product becomes: another strength, or else another device; None if it stays as ordered."""
    if not product.concept:
        return None
    strength = number(case.order.product.get("dose_mg"))
    becomes = number(product.attributes.get("dose_mg"))
    if strength is None or becomes is None or strength == becomes:
        return _another(case, device)
    named = text(product.attributes.get("device"))
    return remark("strength_and_device", strength=becomes, device=named)


def _in_device(case: Case, device: str | None) -> Repair | None:
    """The draft with only its device changed to one labelled at this age; None if that is not possible."""
    strength = number(case.order.product.get("dose_mg"))
    if device is None or strength is None or _another(case, device) is None:
        return None
    product = in_strength(case, strength, device)
    if product is None:
        return None
    resource = without_dose_in_words(case.order.resource)
    resource["medicationCodeableConcept"] = product.concept
    request = resource.get("dispenseRequest")
    quantity = request.get("quantity") if isinstance(request, dict) else None
    if isinstance(request, dict) and isinstance(quantity, dict):
        count = {"value": quantity["value"]} if "value" in quantity else {}
        resource["dispenseRequest"] = {**request, "quantity": {**count, "unit": device}}
    return Repair(resource, product.concept["text"], device)


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


def _set_quantity(resource: Json, device: str | None, units: float) -> None:
    """Sets the units for 28 days if the product is known; otherwise the draft's quantity is removed."""
    request = resource.get("dispenseRequest")
    request = dict(request) if isinstance(request, dict) else {}
    for name in AMOUNTS:
        request.pop(name, None)
    if device:
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
