"""The draft order of a case: an adult's starting dose unless a part is said otherwise."""

from datetime import date
from typing import Any

from support.cases import words
from support.cases.documents import only
from support.cases.resources import PATIENT, PRESCRIBER

Json = dict[str, Any]
STARTING: Json = {
    "drug": "dupilumab 300 mg syringe",
    "reason": "atopic dermatitis",
    "loading": "600 mg",
    "dose": "300 mg",
    "every": "14 days",
    "quantity": "3 syringes",
    "lasts": "28 days",
}
KNOWN = {*STARTING, "text", "refills", "pharmacy", "reason_in_words"}


def draft(raw: Json, as_of: date) -> Json:
    """A MedicationRequest; a part given as nothing is left out."""
    said = STARTING | only(raw, KNOWN, "order")
    return {
        "resourceType": "MedicationRequest",
        "id": "rx1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "authoredOn": as_of.isoformat(),
        "requester": {"reference": f"Practitioner/{PRESCRIBER}"},
        "medicationCodeableConcept": words.concept(said["drug"]),
        "dosageInstruction": _instructions(said),
        "dispenseRequest": _dispense(said),
        **_reason(said),
    }


def _reason(said: Json) -> Json:
    if said.get("reason_in_words"):
        return {"reasonCode": [{"text": said["reason_in_words"]}]}
    return {"reasonCode": [words.concept(said["reason"])]} if said["reason"] else {}


def _instructions(said: Json) -> list[Json]:
    if said.get("text"):
        return [{"text": said["text"]}]
    found: list[Json] = []
    if said["loading"]:
        found.append(_instruction(said["loading"], {"count": 1}))
    if said["dose"]:
        period, unit = words.span(said["every"])
        repeat = {"frequency": 1, "period": period, "periodUnit": unit}
        found.append(_instruction(said["dose"], repeat))
    return [{"sequence": index, **one} for index, one in enumerate(found, start=1)]


def _instruction(dose: str, repeat: Json) -> Json:
    return {
        "timing": {"repeat": repeat},
        "doseAndRate": [{"doseQuantity": words.quantity(dose)}],
    }


def _dispense(said: Json) -> Json:
    found: Json = {}
    if said["quantity"]:
        found["quantity"] = words.quantity(said["quantity"])
    if said["lasts"]:
        value, unit = words.span(said["lasts"])
        found["expectedSupplyDuration"] = {
            "value": value,
            "unit": "days" if unit == "d" else "weeks",
            "system": words.UCUM,
            "code": unit,
        }
    if "refills" in said:
        found["numberOfRepeatsAllowed"] = said["refills"]
    if said.get("pharmacy"):
        found["performer"] = {"display": said["pharmacy"]}
    return found
