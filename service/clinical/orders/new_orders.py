"""New orders for this patient: valid R4, for the same patient, by the same prescriber, as drafts."""

from collections.abc import Iterable

from service.clinical.model import Amount, Coding, Instruction, Ordered
from service.clinical.orders.carried_over import frame, kept
from service.facts.case import Case
from service.json_object import Json

UCUM = "http://unitsofmeasure.org"


def medication_order(case: Case, ordered: Ordered, indication: str) -> Json:
    """A draft MedicationRequest with product, dosage and quantity, for one disease."""
    order: Json = {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": _concept(ordered.code),
        **kept(case, indication),
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
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "order",
        "code": _concept(code),
        **frame(case),
        "authoredOn": case.day.isoformat(),
    }


def service_orders(case: Case, codes: Iterable[Coding]) -> tuple[Json, ...]:
    """One order per code."""
    return tuple(service_order(case, one) for one in dict.fromkeys(codes))


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
