"""The same drug in another strength: the product that a labelled dose needs."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.facts.case import Case
from service.fhir.elements import codings
from service.fhir.terminology.terminology import Entry
from service.json_object import Json
from service.memo import per_value
from service.policy.truth import Truth


class Product(NamedTuple):
    """A product as a CodeableConcept for an order, with its attributes from the terminology."""

    concept: Json
    attributes: Mapping[str, object]


_OF_A_BRAND = re.compile(r"\s*\[[^\]]*\]")
_PACK = re.compile(r"^\{\s*\d+\s*\(([^()]*)\)\s*\}\s*pack$")
_SIZE = re.compile(r"^\d+ actuat ")


@per_value
def same_product(display: str) -> str:
    """The name without brand and package: drug, strength and form, equal for all packs of a product."""
    name = _OF_A_BRAND.sub("", display.lower())
    name = " ".join(name.split())
    if pack := _PACK.match(name):
        name = pack[1].strip()
    return _SIZE.sub("", name)


def in_strength(case: Case, dose_mg: float, device: object) -> Product | None:
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
        return Product({"coding": [coding], "text": entry.display}, entry.attributes)
    return None


def _is(entry: Entry, device: object, dose_mg: float) -> bool:
    attributes = entry.attributes
    return attributes.get("device") == device and attributes.get("dose_mg") == dose_mg


def _is_branded(name: str) -> bool:
    return "[" in name


def names(entries: Sequence[Entry], of: Sequence[str], ingredients: Sequence[str]) -> Truth:
    """Whether the entries name one of these ingredients, or of these classes where none are asked."""
    truths = {_names(entry, ingredients) for entry in entries if entry.value_set in of}
    if Truth.MET in truths:
        return Truth.MET
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.NOT_MET


def _names(entry: Entry, ingredients: Sequence[str]) -> Truth:
    """Unknown if the entry is a question, or if its ingredient is asked for and not known."""
    ingredient = entry.attributes.get("ingredient")
    if ingredients and ingredient is not None and ingredient not in ingredients:
        return Truth.NOT_MET
    fits = not ingredients or ingredient is not None
    return Truth.MET if fits and not entry.question else Truth.UNKNOWN
