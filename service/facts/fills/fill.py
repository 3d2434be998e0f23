"""One fill and the record it was found in: its product, and whether it was surely handed over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.fhir.hit import Hit
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure
from service.memo import per_value
from service.policy.finding import Remark
from service.policy.truth import Truth

PHARMACY = ("claim", "dispense", "outside_pharmacy")
ADMINISTRATION = "MedicationAdministration"
ORDER = "MedicationRequest"


@dataclass(frozen=True, slots=True)
class Fill:
    """One hand-over of a drug: its day, the days' supply when known, which drug."""

    start: DayRange
    days: int | None
    ingredient: str
    doubtful: bool = False
    interval: int = 0  # the longest labelled days between two doses, where that is long
    product: str = ""
    most_days: int = 0  # the larger days' supply if two records of one hand-over differ
    one_dose: bool = False  # its days' supply counts the day of a dose, not how long the dose lasts

    def at_most(self, unknown_days: int) -> int:
        """The most days that it may last; a days' supply that counts one day a dose is not used."""
        days = None if self.one_dose else self.days
        return max(days or unknown_days, self.interval, self.most_days)


HANDED_OVER = ("dispense", "outside_pharmacy")
NO_HANDOVER = ("record", "chart")


@dataclass(frozen=True, slots=True)
class FoundFill:
    """One fill with the hit it was read from and the kind of evidence it is."""

    hit: Hit
    kind: str
    fill: Fill
    question: bool
    display: str
    value_set: str
    product: Mapping[str, object]
    dose: Measure | None = None  # micrograms a day
    doubt: Remark | None = None  # why it may be no hand-over although its own status counts


def as_doubtful(handover: FoundFill, doubt: Remark) -> FoundFill:
    """The same record, which may be no hand-over for this reason."""
    return replace(handover, fill=replace(handover.fill, doubtful=True), doubt=doubt)


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


def ingredient_of(entry: Entry) -> str:
    """The drug that a code or a name stands for; the name itself where the ingredient is not known."""
    return str(entry.attributes.get("ingredient", entry.display))


def names_drug(entries: Sequence[Entry], of: Sequence[str], ingredients: Sequence[str]) -> Truth:
    """Whether the entries name one of these ingredients, or of these classes where none are asked."""
    truths = {_names_ingredient(entry, ingredients) for entry in entries if entry.value_set in of}
    if Truth.MET in truths:
        return Truth.MET
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.NOT_MET


def _names_ingredient(entry: Entry, ingredients: Sequence[str]) -> Truth:
    """Unknown if the entry is a question, or if its ingredient is asked for and not known."""
    ingredient = entry.attributes.get("ingredient")
    if ingredients and ingredient is not None and ingredient not in ingredients:
        return Truth.NOT_MET
    fits = not ingredients or ingredient is not None
    return Truth.MET if fits and not entry.question else Truth.UNKNOWN


def was_given(handover: FoundFill) -> bool:
    """Whether it was handed over or administered; a list entry or an order is neither."""
    return handover.kind in PHARMACY or handover.hit.source.type == ADMINISTRATION


def is_ordered(hit: Hit) -> bool:
    """Whether it is an order: it shows that a drug was ordered, not that it was taken (line 168)."""
    return hit.source.type == ORDER
