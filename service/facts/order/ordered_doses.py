"""The doses of the ordered product, known by its code, else by the strength of its ingredient."""

from service.facts.case import Case
from service.facts.order.doses import Product, Reading, Said, coded_product, doses
from service.fhir.elements import first_object, objects
from service.fhir.values.quantity import measure
from service.fhir.values.timing import SAME
from service.json_object import Json

STRENGTHS = ("strength", "strengthRatio")  # R4, R5


def reading_of(case: Case) -> Reading:
    """What the doses of the ordered drug are read with."""
    found: Reading = case.once(
        "reading of doses",
        lambda: Reading(_product(case), case.knowledge.units, case.knowledge.timings),
    )
    return found


def doses_of_order(case: Case) -> Said:
    """The doses of the ordered drug, read once."""
    found: Said = case.once("doses", lambda: doses(case.order.resource, reading_of(case)))
    return found


def _product(case: Case) -> Product:
    coded = coded_product(case.order.product)
    medication = case.record.resolve(
        case.order.resource.get("medicationReference"), case.order.resource
    )
    said = _by_ingredient(case, medication) if medication else Product()
    regimens = case.knowledge.regimens
    of_drug = [regimens[case.drug]] if case.drug in regimens else regimens.values()
    rows = (one for bands in of_drug for one in bands)
    may_hold = {one.unit_mg for one in rows if one.unit_mg}
    return Product(
        _agreed(coded.device_mg, said.device_mg),
        _agreed(coded.ml_mg, said.ml_mg),
        tuple(sorted(may_hold)),
    )


def _agreed(coded: float | None, said: float | None) -> float | None:
    """The one of two figures that is there, or both where they agree; nothing where they differ."""
    if coded is None or said is None:
        return said if coded is None else coded
    return coded if abs(coded - said) <= SAME * coded else None


def _by_ingredient(case: Case, medication: Json) -> Product:
    """The strength of the one ingredient, in one device or one mL, and how many mL a device holds."""
    active = [
        one for one in objects(medication.get("ingredient")) if one.get("isActive") is not False
    ]
    if len(active) != 1:
        return Product()
    strength = next((active[0][key] for key in STRENGTHS if key in active[0]), None)
    per_device = _ratio(case, strength, "mg", "devices")
    per_ml = _ratio(case, strength, "mg", "mL")
    held = _ratio(case, medication.get("amount"), "mL", "devices")
    if per_device is None and per_ml is not None and held is not None:
        per_device = per_ml * held
    return Product(per_device, per_ml)


def _ratio(case: Case, ratio: object, above: str, below: str) -> float | None:
    """So much of one unit in one of another; None where it is not exact or of other units."""
    units, said = case.knowledge.units, first_object(ratio)
    top = measure(first_object(said.get("numerator")), units[above], units)
    bottom = measure(first_object(said.get("denominator")), units[below], units)
    if top is None or bottom is None or not (top.exact and bottom.exact):
        return None
    return top.low / bottom.low if top.low > 0 and bottom.low > 0 else None
