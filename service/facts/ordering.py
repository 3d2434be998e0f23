"""New orders for this patient: valid R4, for the same patient, by the same prescriber, as drafts."""

from collections.abc import Iterable

from service.facts.case import Case
from service.fhir.elements import Json
from service.policy.clinical import Amount, Coding, Instruction, Ordered

UCUM = "http://unitsofmeasure.org"
# What a new order takes over from the draft: about whom, by whom, during which visit, for which disease.
KEPT = ("subject", "encounter", "requester", "reasonCode", "reasonReference", "insurance")


def medication_order(case: Case, ordered: Ordered) -> Json:
    """A draft MedicationRequest with product, dosage and quantity."""
    order: Json = {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": _concept(ordered.code),
        **_kept(case),
        "authoredOn": case.day.isoformat(),
    }
    if ordered.instructions:
        order["dosageInstruction"] = [
            _instruction(one, n) for n, one in enumerate(ordered.instructions, 1)
        ]
    if request := _dispensed(ordered):
        order["dispenseRequest"] = request
    return order


def service_order(case: Case, code: Coding) -> Json:
    """A draft ServiceRequest: a test or a procedure."""
    kept = _kept(case)
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "code": _concept(code),
        **{name: kept[name] for name in ("subject", "encounter", "requester") if name in kept},
        "authoredOn": case.day.isoformat(),
    }


def service_orders(case: Case, codes: Iterable[Coding]) -> tuple[Json, ...]:
    """One order per code."""
    return tuple(service_order(case, one) for one in dict.fromkeys(codes))


def _kept(case: Case) -> Json:
    """Elements of the draft as they came; the subject is always this patient."""
    draft = case.order.resource
    kept = {name: draft[name] for name in KEPT if draft.get(name)}
    return {**kept, "subject": {"reference": f"Patient/{case.record.patient_id}"}}


def _concept(code: Coding) -> Json:
    return {
        "coding": [{"system": code.system, "code": code.code, "display": code.display}],
        "text": code.display,
    }


def _instruction(one: Instruction, sequence: int) -> Json:
    said: Json = {"sequence": sequence, "text": one.text}
    if one.once:
        said["timing"] = {"repeat": {"count": 1}}
    elif one.every:
        period, unit = one.every
        said["timing"] = {"repeat": {"frequency": 1, "period": period, "periodUnit": unit}}
    if one.amount:
        said["doseAndRate"] = [{"doseQuantity": _measured(one.amount)}]
    return said


def _measured(amount: Amount) -> Json:
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
