"""The draft order of a case: an adult's starting dose unless a part is said otherwise."""

from service.cases.case_words import UCUM, CaseContext, span
from service.cases.short_entries import PATIENT, PRESCRIBER
from service.cases.strict_yaml import only
from service.json_object import Json

KNOWN = {
    "drug",
    "reason",
    "loading",
    "dose",
    "every",
    "quantity",
    "lasts",
    "text",
    "refills",
    "pharmacy",
    "reason_in_words",
}


def draft(raw: Json, at: CaseContext) -> Json:
    """A MedicationRequest; a part given as nothing is left out."""
    said = at.words.usual_order | only(raw, KNOWN, "order")
    return {
        "resourceType": "MedicationRequest",
        "id": "rx1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "authoredOn": at.as_of.isoformat(),
        "requester": {"reference": f"Practitioner/{PRESCRIBER}"},
        "medicationCodeableConcept": at.words.concept(said["drug"]),
        "dosageInstruction": _instructions(said, at),
        "dispenseRequest": _dispense(said, at),
        **_reason(said, at),
    }


def _reason(said: Json, at: CaseContext) -> Json:
    if said.get("reason_in_words"):
        return {"reasonCode": [{"text": said["reason_in_words"]}]}
    return {"reasonCode": [at.words.concept(said["reason"])]} if said["reason"] else {}


def _instructions(said: Json, at: CaseContext) -> list[Json]:
    if said.get("text"):
        return [{"text": said["text"]}]
    found: list[Json] = []
    if said["loading"]:
        found.append(_instruction(said["loading"], {"count": 1}, at))
    if said["dose"]:
        period, unit = span(said["every"])
        repeat = {"frequency": 1, "period": period, "periodUnit": unit}
        found.append(_instruction(said["dose"], repeat, at))
    return [{"sequence": index, **one} for index, one in enumerate(found, start=1)]


def _instruction(dose: str, repeat: Json, at: CaseContext) -> Json:
    return {
        "timing": {"repeat": repeat},
        "doseAndRate": [{"doseQuantity": at.words.quantity(dose)}],
    }


def _dispense(said: Json, at: CaseContext) -> Json:
    found: Json = {}
    if said["quantity"]:
        found["quantity"] = at.words.quantity(said["quantity"])
    if said["lasts"]:
        value, unit = span(said["lasts"])
        found["expectedSupplyDuration"] = {
            "value": value,
            "unit": "days" if unit == "d" else "weeks",
            "system": UCUM,
            "code": unit,
        }
    if "refills" in said:
        found["numberOfRepeatsAllowed"] = said["refills"]
    if said.get("pharmacy"):
        found["performer"] = {"display": said["pharmacy"]}
    return found
