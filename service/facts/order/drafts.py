"""Which draft orders are for the drug."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.facts.case import Order
from service.facts.indications import OrderIndications
from service.fhir.draft_orders import is_withdrawn
from service.fhir.elements import (
    cited,
    names,
    objects,
    spellings,
    type_and_id,
)
from service.fhir.record import Record
from service.fhir.sources.source import Source
from service.fhir.terminology.drugs import alike
from service.fhir.terminology.terminology import Entry
from service.fhir.values.quantity import number
from service.json_object import Json

LONGEST_LABEL = 200
MILLIGRAMS = re.compile(r"(\d+(?:\.\d+)?)\s*mg\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft order that names the drug; `clear` when a code does, not words alone."""

    resource: Json
    reference: str
    product: Mapping[str, object]
    clear: bool
    label: str


def drafts_of(
    record: Record, orders: Iterable[Json], source: Source, drug: str, drug_names: frozenset[str]
) -> list[Draft]:
    """This patient's draft orders for the drug, in the order they came."""
    drafts = [
        _draft(record, order, source, drug, drug_names)
        for order in orders
        if order.get("resourceType") == source.type and _to_judge(record, order, source)
    ]
    return [draft for draft in drafts if draft is not None]


def _to_judge(record: Record, order: Json, source: Source) -> bool:
    return not is_withdrawn(order) and record.is_own(source, order)


def _draft(
    record: Record, order: Json, source: Source, drug: str, drug_names: frozenset[str]
) -> Draft | None:
    entries = [
        entry for entry in record.entries_of(source, order, order) if entry.value_set == drug
    ]
    reference = cited(type_and_id(order)) or source.type
    label = _label(record, order, source)
    coded = [entry for entry in entries if not entry.question]
    if coded:
        written = [name for concept in _concepts(record, order) for name in names(concept)]
        return Draft(order, reference, _product(coded, written), clear=True, label=label)
    if (
        entries
        or _named(record, order, source, drug_names)
        or coded_elsewhere(record, order, source, drug)
    ):
        return Draft(order, reference, {}, clear=False, label=label)
    return None


def _product(coded: Iterable[Entry], written: Iterable[str]) -> Mapping[str, object]:
    """What all codes of the product say of it, but those of an ingredient.

    `strengths_differ` if codes, or a name beside them, state several strengths.
    """
    detailed = [entry.attributes for entry in coded]
    most = max(map(len, detailed))
    first, *others = [attributes for attributes in detailed if len(attributes) == most]
    product = {
        key: value
        for key, value in first.items()
        if all(other.get(key) == value for other in others)
    }
    another = any(_states_another_strength(name, product) for name in written)
    if another or ("dose_mg" in first and "dose_mg" not in product):
        return {"strengths_differ": True}
    return product


def _states_another_strength(name: str, product: Mapping[str, object]) -> bool:
    """Whether a name states milligrams, in the whole or in a millilitre, and none is the product's."""
    dose, volume = number(product.get("dose_mg")), number(product.get("volume_ml"))
    stated = [float(figure) for figure in MILLIGRAMS.findall(name)]
    if dose is None or not stated:
        return False
    right = (dose, dose / volume) if volume else (dose,)
    return not any(alike(figure, each) for figure in stated for each in right)


def _concepts(record: Record, order: Json) -> list[object]:
    target = record.resolve(order.get("medicationReference"), order)
    return [
        order.get("medicationCodeableConcept"),
        order.get("medicationReference"),
        target.get("code") if target else None,
        *_of_other_versions(record, order),
    ]


def _of_other_versions(record: Record, order: Json) -> list[object]:
    """The concepts in `medication` of an order of R5 or DSTU2."""
    medication = order.get("medication")
    parts = [each.get(key) for each in objects(medication) for key in ("concept", "reference")]
    linked = [record.resolve(part, order) for part in parts]
    return [medication, *parts, *(resource.get("code") for resource in linked if resource)]


def _label(record: Record, order: Json, source: Source) -> str:
    for concept in (*_concepts(record, order), *record.referred_concepts(source, order)):
        if called := names(concept):
            return called[0][:LONGEST_LABEL]
        for coding in objects(concept):
            if isinstance(coding.get("display"), str):
                return str(coding["display"])[:LONGEST_LABEL]
    return "order"


def _named(record: Record, order: Json, source: Source, drug_names: frozenset[str]) -> bool:
    """Whether words of the order, or of what it refers to, name the drug although no code of ours does."""
    concepts = [*_concepts(record, order), *record.referred_concepts(source, order)]
    written = (
        word
        for concept in concepts
        for element in objects(concept)
        for word in [*names(element), str(element.get("display") or "")]
    )
    words = " ".join(spelling for word in written for spelling in spellings(word)).lower()
    # a name may contain a hyphen from a line break
    words = f"{words} {words.replace('-', '')}" if "-" in words else words
    return any(re.search(rf"\b{re.escape(name)}\b", words) for name in drug_names)


def coded_elsewhere(record: Record, order: Json, source: Source, drug: str) -> bool:
    """Whether a code of an order without a system that we know is one of the drug's."""
    concepts = [*_concepts(record, order), *record.referred_concepts(source, order)]
    return any(
        entry.value_set == drug for concept in concepts for entry in record.stray_entries(concept)
    )


def as_order(draft: Draft, asked: OrderIndications) -> Order:
    """The draft with the indication it is judged for."""
    return Order(
        draft.reference, draft.resource, draft.product, asked.live, asked.from_order, draft.label
    )
