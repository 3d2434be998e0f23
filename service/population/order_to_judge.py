"""Which order of a patient is judged: the active or latest one for a drug, or one that is given for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from service.errors import PopulationError
from service.facts.client import Client
from service.facts.indications import active_diagnoses, indications_of_order
from service.facts.order.drafts import Draft, drafts_of
from service.fhir.elements import codes, literal_reference, reference_parts
from service.fhir.record import Record
from service.fhir.values.days import parse_day
from service.json_object import Json
from service.library.library import Library
from service.memo import per_document
from service.population.patients_of_part import PatientResources, SharedResources
from service.population.rejected_lines import patient_of

HOOK = "order-sign"
ORDERS, DIAGNOSES = "MedicationRequest", "Condition"


@dataclass(frozen=True, slots=True)
class OrderOfDrug:
    """An order to judge and the drug that it is for."""

    drug: str
    resource: Json


def own_orders(
    library: Library, client: Client, patient: PatientResources, shared: SharedResources
) -> Iterator[OrderOfDrug]:
    """For each drug that is judged: of the active orders the one written last, else of all orders."""
    orders = [
        (order, *_told_apart(order, shared))
        for order in resources_in(patient.entries.get(ORDERS, ""))
    ]
    for drug in library.drugs.get(HOOK, ()):
        drafts = [
            draft
            for order, asked, medications in orders
            if _is_for_drug(library, client.id, drug, asked)
            for draft in _drafts(library, client, drug, order, medications)
        ]
        usable = [draft for draft in drafts if _is_order(library, draft)]
        if usable:
            yield OrderOfDrug(drug, max(usable, key=lambda draft: _rank(library, draft)).resource)


def _told_apart(order: Json, shared: SharedResources) -> tuple[bytes, list[Json]]:
    """What says which drug an order is for, as JSON: the order without its patient, and its Medications."""
    reference = literal_reference(order.get("medicationReference"))
    name = "/".join(filter(None, reference_parts(reference))) if reference else ""
    medications = [orjson.loads(line) for line in shared.among(frozenset({name}))]
    about = {name: value for name, value in order.items() if name not in _OF_THE_PATIENT}
    return orjson.dumps([about, medications]), medications


# Elements of an order that do not say which drug it is for.
_OF_THE_PATIENT = frozenset(
    {
        "id",
        "meta",
        "text",
        "subject",
        "patient",
        "encounter",
        "authoredOn",
        "requester",
        "insurance",
    }
)
MOST_ORDERS = 50_000  # of which a process remembers whether they are for a drug


# the orders of a membership are for the same few thousand products
@per_document(most=MOST_ORDERS)
def _is_for_drug(library: Library, client: str, drug: str, asked: bytes) -> bool:
    """Whether an order is for the drug, whoever its patient is."""
    order, medications = orjson.loads(asked)
    return bool(_drafts(library, library.client(client), drug, order, medications))


def _drafts(
    library: Library, client: Client, drug: str, order: Json, medications: list[Json]
) -> list[Draft]:
    """The order as a draft for the drug; empty if it is for another."""
    patient = patient_of(order) or "nobody"
    record = Record(patient, None, library.terminology, client.aliases)
    record.referable.add([(None, medication) for medication in medications])
    record.load({}, library.sources)
    source = library.source_of(ORDERS)
    return drafts_of(record, [order], source, drug, library.drug_names[drug])


def _is_order(library: Library, draft: Draft) -> bool:
    """Whether it orders the drug: a draft does, a proposal does not."""
    source, order = library.source_of(ORDERS), draft.resource
    return "draft" in codes(order.get("status")) or source.standing(order, order) != "never"


def _rank(library: Library, draft: Draft) -> tuple[bool, int, bool, str]:
    order = draft.resource
    active = not codes(order.get("status")).isdisjoint(library.source_of(ORDERS).active)
    written = parse_day(order.get("authoredOn"))
    return active, written.last if written else 0, draft.clear, str(order.get("id"))


def resources_in(entries: str) -> list[Json]:
    """The resources in entries of a Bundle; raises JSONDecodeError for what is no strict JSON."""
    return [entry["resource"] for entry in orjson.loads(f"[{entries}]")]


@dataclass(frozen=True, slots=True)
class OrderForAll:
    """One order that is judged for every patient who has a disease that it is for.

    `diseases` are those of the drug's label that its reason names; empty means all patients.
    """

    drug: str
    resource: Json
    diseases: frozenset[str]

    def order_of(self, library: Library, client: Client, patient: PatientResources) -> Json | None:
        """The order for this patient; None for one who has no active diagnosis of the disease."""
        if self.diseases and not self.diseases & self._diagnosed(library, client, patient):
            return None
        whose = {"reference": f"Patient/{patient.id}"}
        return {**self.resource, "id": "order-for-all", "subject": whose}

    def _diagnosed(
        self, library: Library, client: Client, patient: PatientResources
    ) -> frozenset[str]:
        source = library.source_of(DIAGNOSES)
        resources = resources_in(patient.entries.get(DIAGNOSES, ""))
        record = Record(patient.id, None, library.terminology, client.aliases)
        entries = [{"resource": resource} for resource in resources]
        bundle = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
        record.load({source.key: bundle}, library.sources)
        label = library.knowledge.labels[self.drug]
        return frozenset(active_diagnoses(record, label, source))


def order_for_all(library: Library, client: Client, content: bytes) -> OrderForAll:
    """The order of a file, a MedicationRequest; raises PopulationError if it cannot be judged."""
    order = _medication_request(content)
    order = {name: value for name, value in order.items() if name not in ("insurance", "encounter")}
    order.setdefault("status", "draft")
    order.setdefault("intent", "order")
    record = Record("nobody", None, library.terminology, client.aliases)
    record.load({}, library.sources)
    source, order["subject"] = library.source_of(ORDERS), {"reference": "Patient/nobody"}
    for drug in library.drugs.get(HOOK, ()):
        if drafts_of(record, [order], source, drug, library.drug_names[drug]):
            return OrderForAll(drug, order, _diseases(library, record, order, drug))
    raise PopulationError("the order is for no drug that these documents judge")


def _medication_request(content: bytes) -> Json:
    try:
        order: Any = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise PopulationError(f"the order is no JSON: {error}") from None
    if not isinstance(order, dict) or order.get("resourceType") != ORDERS:
        raise PopulationError("the order is no FHIR MedicationRequest")
    return order


def _diseases(library: Library, record: Record, order: Json, drug: str) -> frozenset[str]:
    """The diseases that the order's reason names; raises PopulationError if it names none of the label's."""
    if not order.get("reasonCode"):
        return frozenset()
    label = library.knowledge.labels.get(drug)
    if label is not None:
        source, pointing = library.source_of(DIAGNOSES), library.knowledge.pointing
        named = indications_of_order(record, order, label, source, pointing)
        if named.from_order and named.live:
            return frozenset(named.live)
    raise PopulationError(
        "the reason of the order names no disease of the drug's label; leave out reasonCode to"
        " judge it for every patient"
    )
