"""Which draft orders are for the drug, and which disease they name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.facts.case import Order
from service.fhir.elements import Json, codes, names, objects, spellings
from service.fhir.record import Record
from service.fhir.reference import key
from service.fhir.source import Source
from service.fhir.terminology import Entry
from service.policy.model import Policy

NOT_TO_JUDGE = frozenset({"entered-in-error", "cancelled"})
SUFFIX = ".condition"
LONGEST_LABEL = 200


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
    found = [
        _draft(record, order, source, drug, drug_names)
        for order in orders
        if order.get("resourceType") == source.type and _to_judge(record, order, source)
    ]
    return [draft for draft in found if draft is not None]


def _to_judge(record: Record, order: Json, source: Source) -> bool:
    prohibited = order.get("doNotPerform") is True or codes(order.get("status")) & NOT_TO_JUDGE
    return not prohibited and record.is_own(source, order)


def _draft(
    record: Record, order: Json, source: Source, drug: str, drug_names: frozenset[str]
) -> Draft | None:
    entries = [one for one in record.entries_of(source, order, order) if one.value_set == drug]
    reference = key(order) or source.type
    label = _label(record, order, source)
    coded = [one for one in entries if not one.question]
    if coded:
        best = max(coded, key=_detail)
        return Draft(order, reference, best.attributes, clear=True, label=label)
    if entries or _named(record, order, source, drug_names):
        return Draft(order, reference, {}, clear=False, label=label)
    return None


def _detail(entry: Entry) -> int:
    """A product says more than an ingredient."""
    return len(entry.attributes)


def _concepts(record: Record, order: Json) -> list[object]:
    target = record.resolve(order.get("medicationReference"), order)
    return [
        order.get("medicationCodeableConcept"),
        order.get("medicationReference"),
        target.get("code") if target else None,
    ]


def _label(record: Record, order: Json, source: Source) -> str:
    for concept in (*_concepts(record, order), *record.referred_concepts(source, order)):
        if found := names(concept):
            return found[0][:LONGEST_LABEL]
        for one in objects(concept):
            if isinstance(one.get("display"), str):
                return str(one["display"])[:LONGEST_LABEL]
    return "order"


def _named(record: Record, order: Json, source: Source, drug_names: frozenset[str]) -> bool:
    """Whether words of the order, or of what it refers to, name the drug although no code of ours does."""
    concepts = [*_concepts(record, order), *record.referred_concepts(source, order)]
    said = (
        word
        for concept in concepts
        for one in objects(concept)
        for word in [*names(one), str(one.get("display") or "")]
    )
    words = " ".join(one for word in said for one in spellings(word)).lower()
    return any(re.search(rf"\b{re.escape(name)}\b", words) for name in drug_names)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the order's reason says: the policy's indications, or that it lies outside."""

    live: tuple[str, ...]
    from_order: bool
    outside: bool


def indications_asked(record: Record, order: Json, policy: Policy, diagnoses: Source) -> Asked:
    """The ordered indication, else every active diagnosis that the policy names."""
    concepts = list(reasons_given(record, order))
    entries = [one for concept in concepts for one in record.entries_of_concept(concept)]
    named = {one.value_set for one in entries}
    if live := _indications(policy, {one.value_set for one in entries if not one.question}):
        return Asked(live, from_order=True, outside=False)
    active = _active(record, policy, diagnoses)
    if perhaps := _indications(policy, named):
        # A code that may mean the disease: the problem list says whether it does, else the card asks.
        likely = tuple(one for one in active if one in perhaps)
        return Asked(likely, from_order=False, outside=False)
    if any(_says_disease(record, concept, named) for concept in concepts):
        return Asked((), from_order=True, outside=True)
    return Asked(active, from_order=False, outside=False)


def reasons_given(record: Record, order: Json) -> Iterable[object]:
    """Every concept that the prescriber gave on the order as its reason."""
    yield from objects(order.get("reasonCode"))
    for reference in objects(order.get("reasonReference")):
        target = record.resolve(reference, order)
        if target is not None and target.get("resourceType") == "Condition" and stands(target):
            yield target.get("code")


def stands(condition: Json) -> bool:
    """Whether a diagnosis is neither refuted nor entered in error."""
    return not codes(condition.get("verificationStatus")) & {"entered-in-error", "refuted"}


def _says_disease(record: Record, concept: object, named: set[str]) -> bool:
    """A code of a system we know, or a name we know, says a disease; other words are a question."""
    return record.is_coded(concept) or any(name.endswith(SUFFIX) for name in named)


def _indications(policy: Policy, named: set[str]) -> tuple[str, ...]:
    return tuple(id_ for id_, about in policy.indications.items() if named & set(about.conditions))


def _active(record: Record, policy: Policy, diagnoses: Source) -> tuple[str, ...]:
    return tuple(active_diagnoses(record, policy, diagnoses))


def active_diagnoses(record: Record, policy: Policy, diagnoses: Source) -> dict[str, Json]:
    """Indications that an active diagnosis names, each with the first one; a question names none."""
    found: dict[str, Json] = {}
    for id_, about in policy.indications.items():
        for hit in record.hits(*about.conditions):
            named = {one.value_set for one in hit.entries if not one.question}
            counts = hit.standing == "counts" and hit.source.key == diagnoses.key
            if counts and named & set(about.conditions):
                found.setdefault(id_, hit.resource)
    return found


def as_order(draft: Draft, asked: Asked) -> Order:
    """The draft with the indication it is judged for."""
    return Order(
        draft.reference, draft.resource, draft.product, asked.live, asked.from_order, draft.label
    )
