"""New orders for this patient: valid R4, for the same patient, by the same prescriber, as drafts."""

import re
from collections.abc import Iterable, Iterator

from service.clinical.therapies_and_pathways import Coding, Instruction, Ordered, OrderedAmount
from service.facts.case import Case
from service.facts.indications import SUFFIX, diagnosis_stands, reasons_given
from service.fhir.elements import (
    cited,
    codings,
    literal_reference,
    objects,
    reference_parts,
    server_of,
)
from service.json_object import Json
from service.memo import per_case

ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
CODE = re.compile(r"\S+( \S+)*")
# Of each element of a draft no more is carried over: a new order is no larger than some kB.
MOST_CARRIED = 5
LONGEST_CODE = 300  # characters of system and code together
MAKERS = ("Practitioner", "PractitionerRole", "Organization")
PAYS = ("Coverage", "ClaimResponse")


@per_case
def carried_over(case: Case, indication: str) -> Json:
    """What a new order takes over from the draft: patient, visit, prescriber, coverage, and its disease."""
    elements: Json = {
        **patient_visit_and_prescriber(case),
        "reasonCode": _reasons(case, indication),
        "reasonReference": _first(_diagnoses(case, indication)),
        "insurance": _first(_known(case, "insurance", PAYS)),
    }
    return {name: value for name, value in elements.items() if value}


def _first(elements: Iterable[Json]) -> list[Json]:
    """The first of some elements, each once."""
    once: list[Json] = []
    for element in elements:
        if element not in once:
            once.append(element)
        if len(once) == MOST_CARRIED:
            break
    return once


@per_case
def patient_visit_and_prescriber(case: Case) -> Json:
    """Patient, visit and prescriber of a new order; the subject is always this patient."""
    draft = case.order.resource
    elements: Json = {"subject": {"reference": f"Patient/{case.record.patient_id}"}}
    if encounter := _reference(case, draft.get("encounter"), ("Encounter",)):
        elements["encounter"] = encounter
    if requester := _reference(case, draft.get("requester"), MAKERS):
        elements["requester"] = requester
    return elements


def coded_concept(concept: object, called: str | None = None) -> Json | None:
    """A concept with its codes and our name for it, without the chart's words; None without codes."""
    known_codes = _first(
        {"system": system, "code": code}
        for system, code, _ in codings(concept)
        if system and code and len(system) + len(code) <= LONGEST_CODE
        if CODE.fullmatch(code) and ":" in system and " " not in system
    )
    named = {"text": called} if called else {}
    return {"coding": known_codes, **named} if known_codes else None


def is_id(value: object) -> bool:
    """Whether it is a FHIR id, which a reference may contain."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _reasons(case: Case, indication: str) -> list[Json]:
    reasons = reasons_given(case.record, case.order.resource)
    concepts = (
        coded_concept(reason, _called(case, reason))
        for reason in reasons
        if _is_for(case, reason, indication)
    )
    return _first(filter(None, concepts))


def _called(case: Case, concept: object) -> str | None:
    """The name of the concept in our terminology; None if no code of it is known."""
    entries = case.record.entries_of_concept(concept)
    return next((entry.display for entry in entries if not entry.by_name), None)


def _diagnoses(case: Case, indication: str) -> Iterator[Json]:
    draft = case.order.resource
    for reference in objects(draft.get("reasonReference")):
        target = case.record.resolve(reference, draft)
        if target and diagnosis_stands(target) and _is_for(case, target.get("code"), indication):
            yield from filter(None, [_reference(case, reference, ("Condition",))])


def _is_for(case: Case, concept: object, indication: str) -> bool:
    """Whether the concept names this disease, or no disease of our value sets."""
    entries = case.record.entries_of_concept(concept)
    named = {entry.value_set for entry in entries if entry.value_set.endswith(SUFFIX)}
    return not named or f"{indication}{SUFFIX}" in named


def _known(case: Case, name: str, types: tuple[str, ...]) -> Iterator[Json]:
    draft = case.order.resource
    for reference in objects(draft.get(name)):
        if case.record.resolve(reference, draft) and (own := _reference(case, reference, types)):
            yield own


def _reference(case: Case, element: object, types: tuple[str, ...]) -> Json | None:
    """A reference by type and id; None if it is of another type, another server or another patient."""
    url = literal_reference(element) if isinstance(element, dict) else None
    if url is None:
        return None
    type_, id_ = reference_parts(url)
    where, server, record = server_of(url), case.record.server, case.record
    foreign = where is not None and server is not None and where != server.rstrip("/")
    if type_ not in types or not is_id(id_) or foreign:
        return None
    draft = case.order.resource
    if record.referable.resolve(element, draft) and not record.resolve(element, draft):
        return None
    own = cited(f"{where}/{type_}/{id_}" if where and server is None else f"{type_}/{id_}")
    return {"reference": own} if own else None


UCUM = "http://unitsofmeasure.org"


def medication_order(case: Case, ordered: Ordered, indication: str) -> Json:
    """A draft MedicationRequest with product, dosage and quantity, for one disease."""
    order: Json = {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": _concept(ordered.code),
        **carried_over(case, indication),
        "authoredOn": case.day.isoformat(),
    }
    if ordered.instructions:
        order["dosageInstruction"] = [
            _instruction(instruction, n) for n, instruction in enumerate(ordered.instructions, 1)
        ]
    if request := _dispensed(ordered):
        order["dispenseRequest"] = request
    return order


def service_order(case: Case, code: Coding) -> Json:
    """A draft ServiceRequest: a test or a procedure."""
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "code": _concept(code),
        **patient_visit_and_prescriber(case),
        "authoredOn": case.day.isoformat(),
    }


def service_orders(case: Case, codes: Iterable[Coding]) -> tuple[Json, ...]:
    """One order per code."""
    return tuple(service_order(case, code) for code in dict.fromkeys(codes))


def _concept(code: Coding) -> Json:
    return {
        "coding": [{"system": code.system, "code": code.code, "display": code.display}],
        "text": code.display,
    }


def _instruction(instruction: Instruction, sequence: int) -> Json:
    line: Json = {"sequence": sequence, "text": instruction.text}
    if instruction.once:
        line["timing"] = {"repeat": {"count": 1}}
    elif instruction.every:
        period, unit = instruction.every
        line["timing"] = {"repeat": {"frequency": 1, "period": period, "periodUnit": unit}}
    if instruction.amount:
        line["doseAndRate"] = [{"doseQuantity": _measured(instruction.amount)}]
    return line


def _measured(amount: OrderedAmount) -> Json:
    return {
        "value": _plain(amount.value),
        "unit": amount.unit,
        "system": UCUM,
        "code": amount.unit,
    }


def _dispensed(ordered: Ordered) -> Json:
    request: Json = {}
    if ordered.quantity:
        amount = ordered.quantity
        request["quantity"] = {"value": _plain(amount.value), "unit": amount.unit}
    if ordered.days:
        days = {"value": ordered.days, "unit": "days", "system": UCUM, "code": "d"}
        request["expectedSupplyDuration"] = days
    return request


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() else value
