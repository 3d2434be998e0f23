"""One FHIR resource for each short entry of a case; another person's carry another subject."""

import re
from typing import Any

from service.cases.case_words import CaseContext, day
from service.cases.strict_yaml import only
from service.errors import CaseError
from service.json_object import Json

PATIENT, PRESCRIBER = "p1", "d1"
CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem/"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
REVIEWS = "https://codesystem.x12.org/005010/306"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
YES = {"yes": True, "no": False}


def yes(value: Any, where: str) -> bool:
    """True or false from yes or no."""
    if value not in YES:
        raise CaseError(f"{where}: yes or no, not '{value}'")
    return YES[value]


def subject(raw: Json) -> Json:
    """The patient of the request, unless the entry is said to be about somebody else."""
    return {"reference": f"Patient/{raw.get('patient', PATIENT)}"}


def _concept(raw: Json, key: str, where: str, at: CaseContext) -> Json:
    return at.words.concept(raw[key], coded=yes(raw.get("coded", "yes"), where))


def _without_none(resource: Json) -> Json:
    return {key: value for key, value in resource.items() if value is not None}


def _reasons(raw: Json, at: CaseContext) -> list[Json]:
    """Diagnoses by word, the first one first; what is in no table is said in words."""
    said = raw.get("for", [])
    listed = said if isinstance(said, list) else [said]
    return [at.words.concept(one, coded=at.words.is_code(one)) for one in listed]


def finding(raw: Json, id_: str, at: CaseContext) -> Json:
    """An Observation: `value: 10 %`, `value: yes`, `value: severe`, or `text: "10 %"`."""
    known = {"what", "value", "text", "on", "status", "patient", "site", "coded", "scale"}
    only(raw, known | {"method", "called"}, "findings")
    method = raw.get("scale", raw.get("method"))
    named = {"text": raw["called"]} if "called" in raw else {}
    when = raw.get("on", "today")
    resource = {
        "resourceType": "Observation",
        "id": id_,
        "status": raw.get("status", "final"),
        "subject": subject(raw),
        "code": _concept(raw, "what", "findings", at) | named,
        "effectiveDateTime": day(when, at.as_of) if when else None,
        "bodySite": {"text": raw["site"]} if "site" in raw else None,
        "method": {"text": method} if method else None,
    }
    return _without_none(resource) | _value(raw, at)


def _value(raw: Json, at: CaseContext) -> Json:
    if "text" in raw:
        return {"valueString": str(raw["text"])}
    value = raw.get("value")
    if value is None:
        return {}
    if value in YES:
        return {"valueBoolean": YES[value]}
    if re.match(r"^[<>=]*\s*-?\d", str(value)):
        return {"valueQuantity": at.words.quantity(value)}
    return {"valueCodeableConcept": {"text": str(value)}}


def diagnosis(raw: Json, id_: str, at: CaseContext) -> Json:
    """A Condition of the problem list."""
    known = {"is", "severity", "site", "status", "verified", "on", "coded", "patient"}
    only(raw, known | {"at_visit", "category"}, "diagnoses")
    severity = raw.get("severity")
    coded = at.words.is_code(severity or "")
    return _without_none(
        {
            "resourceType": "Condition",
            "id": id_,
            "clinicalStatus": {"coding": [{"code": raw.get("status", "active")}]},
            "verificationStatus": {"coding": [{"code": raw.get("verified", "confirmed")}]},
            "subject": subject(raw),
            "code": _concept(raw, "is", "diagnoses", at),
            "severity": at.words.concept(severity, coded=coded) if severity else None,
            "bodySite": [{"text": raw["site"]}] if "site" in raw else None,
            "recordedDate": day(raw["on"], at.as_of) if "on" in raw else None,
            "category": [{"coding": [{"code": raw["category"]}]}] if "category" in raw else None,
            "encounter": {"reference": f"Encounter/visits-{raw['at_visit']}"}
            if "at_visit" in raw
            else None,
        }
    )


def claim(raw: Json, id_: str, at: CaseContext) -> Json:
    """An ExplanationOfBenefit of one item; `days` is the days' supply that CARIN claims carry."""
    known = {
        "drug",
        "what",
        "days",
        "on",
        "status",
        "use",
        "denied",
        "quantity",
        "coded",
        "patient",
    }
    only(raw, known | {"for", "line_for", "type", "subtype", "place", "department"}, "claims")
    is_denied = yes(raw.get("denied", "no"), "claims")
    denied = {"system": f"{CARIN}C4BBPayerAdjudicationStatus", "code": "denied"}
    kind = {"coding": [{"system": CLAIM_TYPE, "code": raw.get("type")}]}
    diagnoses = [
        {"sequence": n, "diagnosisCodeableConcept": reason}
        for n, reason in enumerate(_reasons(raw, at), start=1)
    ]
    return _without_none(
        {
            "resourceType": "ExplanationOfBenefit",
            "id": id_,
            "status": raw.get("status", "active"),
            "type": kind if "type" in raw else None,
            "subType": _concept(raw, "subtype", "claims", at) if "subtype" in raw else None,
            "use": raw.get("use", "claim"),
            "outcome": "complete",
            "patient": subject(raw),
            "item": [_item(raw, at)],
            "diagnosis": diagnoses or None,
            "supportingInfo": [_days_supply(raw)] if "days" in raw else None,
            "adjudication": [{"reason": {"coding": [denied]}}] if is_denied else None,
        }
    )


def _item(raw: Json, at: CaseContext) -> Json:
    """The one item of a claim."""
    return _without_none(
        {
            "sequence": 1,
            "diagnosisSequence": [raw["line_for"]] if "line_for" in raw else None,
            "productOrService": _concept(raw, "what" if "what" in raw else "drug", "claims", at),
            "servicedDate": day(raw["on"], at.as_of),
            "locationCodeableConcept": _concept(raw, "place", "claims", at)
            if "place" in raw
            else None,
            "revenue": _concept(raw, "department", "claims", at) if "department" in raw else None,
            "quantity": at.words.quantity(raw["quantity"]) if "quantity" in raw else None,
        }
    )


def _days_supply(raw: Json) -> Json:
    coding = {"system": f"{CARIN}C4BBSupportingInfoType", "code": "dayssupply"}
    return {
        "sequence": 1,
        "category": {"coding": [coding]},
        "valueQuantity": {"value": raw["days"]},
    }


def dispense(raw: Json, id_: str, at: CaseContext) -> Json:
    """A MedicationDispense; `sample: yes` by code, `sample: in words` by text."""
    known = {"drug", "days", "on", "status", "sample", "reported_by", "coded", "patient"}
    only(raw, known | {"quantity", "puffs_a_day", "as_needed", "sig"}, "dispenses")
    kinds = {
        "yes": {"coding": [{"system": ACT, "code": "MS"}]},
        "in words": {"text": "Manufacturer sample"},
        "no": None,
    }
    return _without_none(
        {
            "resourceType": "MedicationDispense",
            "id": id_,
            "meta": {"source": raw["reported_by"]} if "reported_by" in raw else None,
            "status": raw.get("status", "completed"),
            "subject": subject(raw),
            "medicationCodeableConcept": _concept(raw, "drug", "dispenses", at),
            "whenHandedOver": day(raw["on"], at.as_of),
            "daysSupply": {"value": raw["days"]} if "days" in raw else None,
            "quantity": at.words.quantity(raw["quantity"]) if "quantity" in raw else None,
            "dosageInstruction": [raw["sig"]]
            if "sig" in raw
            else [_sig(raw)]
            if "puffs_a_day" in raw
            else None,
            "type": kinds[raw.get("sample", "no")],
        }
    )


def _sig(raw: Json) -> Json:
    timing = {"repeat": {"frequency": raw["puffs_a_day"], "period": 1, "periodUnit": "d"}}
    as_needed = yes(raw.get("as_needed", "no"), "dispenses")
    dose = {"doseQuantity": {"value": 1, "unit": "puff"}}
    return {"timing": timing, "doseAndRate": [dose], "asNeededBoolean": as_needed}


def _stopped_for(raw: Json, at: CaseContext) -> Json:
    return at.words.concept(raw["why"], coded=at.words.is_code(raw["why"]))


def listed(raw: Json, id_: str, at: CaseContext) -> Json:
    """A MedicationStatement: what the chart says the patient takes or took."""
    only(raw, {"drug", "from", "to", "status", "why", "coded", "patient", "sig"}, "chart")
    period = {
        "start": day(raw["from"], at.as_of) if "from" in raw else None,
        "end": day(raw["to"], at.as_of) if "to" in raw else None,
    }
    return _without_none(
        {
            "resourceType": "MedicationStatement",
            "id": id_,
            "status": raw.get("status", "active"),
            "subject": subject(raw),
            "medicationCodeableConcept": _concept(raw, "drug", "chart", at),
            "statusReason": [_stopped_for(raw, at)] if "why" in raw else None,
            "effectivePeriod": _without_none(period) or None,
            "dosage": [raw["sig"]] if "sig" in raw else None,
        }
    )


def ordered(raw: Json, id_: str, at: CaseContext) -> Json:
    """A MedicationRequest of the record, not the draft."""
    known = {"drug", "on", "status", "why", "for", "coded", "patient", "puffs_a_day", "sig"}
    only(raw, known, "orders")
    return _without_none(
        {
            "resourceType": "MedicationRequest",
            "id": id_,
            "status": raw.get("status", "active"),
            "statusReason": _stopped_for(raw, at) if "why" in raw else None,
            "intent": "order",
            "reasonCode": _reasons(raw, at) or None,
            "subject": subject(raw),
            "medicationCodeableConcept": _concept(raw, "drug", "orders", at),
            "authoredOn": day(raw["on"], at.as_of),
            "dosageInstruction": [raw["sig"]]
            if "sig" in raw
            else [_sig(raw)]
            if "puffs_a_day" in raw
            else None,
        }
    )


def procedure(raw: Json, id_: str, at: CaseContext) -> Json:
    """A Procedure of the record."""
    only(raw, {"what", "on", "status", "at_visit", "for", "patient"}, "procedures")
    visit = {"reference": f"Encounter/visits-{raw.get('at_visit')}"}
    return {
        **({"encounter": visit} if "at_visit" in raw else {}),
        **({"reasonCode": _reasons(raw, at)} if "for" in raw else {}),
        "resourceType": "Procedure",
        "id": id_,
        "status": raw.get("status", "completed"),
        "subject": subject(raw),
        "code": at.words.concept(raw["what"]),
        "performedDateTime": day(raw["on"], at.as_of),
    }


def visit(raw: Json, id_: str, at: CaseContext) -> Json:
    """An Encounter: its class by word, `named` is its type in words, `for` its reasons in order."""
    known = {"class", "named", "type", "on", "to", "status", "for", "ranked", "patient", "bare"}
    only(raw, known, "visits")
    period = {
        "start": day(raw["on"], at.as_of) if raw.get("on") else None,
        "end": day(raw["to"], at.as_of) if "to" in raw else None,
    }
    ranks = raw.get("ranked", [])
    found = {
        "resourceType": "Encounter",
        "id": id_,
        "status": raw.get("status", "finished"),
        "class": _class(raw, at) if raw.get("class", "outpatient") else None,
        "type": [{"text": raw["named"]}]
        if "named" in raw
        else [at.words.concept(raw["type"])]
        if "type" in raw
        else None,
        "subject": subject(raw),
        "period": _without_none(period) or None,
        "reasonCode": _reasons(raw, at) or None if not ranks else None,
        "contained": [
            {"resourceType": "Condition", "id": f"c{rank}", "code": one}
            for rank, one in zip(ranks, _reasons(raw, at), strict=False)
        ]
        or None,
        "diagnosis": [{"condition": {"reference": f"#c{rank}"}, "rank": rank} for rank in ranks]
        or None,
    }
    return _without_none(found)


def _class(raw: Json, at: CaseContext) -> Json:
    coding = at.words.coding(raw.get("class", "outpatient"))
    return {"code": coding["code"]} if yes(raw.get("bare", "no"), "visits") else coding


def allergy(raw: Json, id_: str, at: CaseContext) -> Json:
    """An AllergyIntolerance."""
    only(raw, {"to", "verified", "status", "coded", "patient"}, "allergies")
    coded = at.words.is_code(raw["to"]) and yes(raw.get("coded", "yes"), "allergies")
    return {
        "resourceType": "AllergyIntolerance",
        "id": id_,
        "clinicalStatus": {"coding": [{"code": raw.get("status", "active")}]},
        "verificationStatus": {"coding": [{"code": raw.get("verified", "confirmed")}]},
        "patient": subject(raw),
        "code": at.words.concept(raw["to"], coded=coded),
    }


def approval(raw: Json, id_: str, at: CaseContext) -> Json:
    """A ClaimResponse to a preauthorization; `by: null` leaves the insurer out."""
    known = {"by", "drug", "on", "denied", "status", "patient", "action", "number"}
    only(raw, known, "approvals")
    denied = yes(raw.get("denied", "no"), "approvals")
    code = "denied" if denied else "submitted"
    usual = at.words.usual_approval
    insurer = raw.get("by", usual.get("by"))
    number = raw.get("number", None if denied or "action" in raw else f"PA-{id_}")
    return _without_none(
        {
            "resourceType": "ClaimResponse",
            "id": id_,
            "status": raw.get("status", "active"),
            "use": "preauthorization",
            "outcome": "complete",
            "patient": subject(raw),
            "insurer": at.words.organization(insurer) if insurer else None,
            "created": day(raw.get("on", "11 months ago"), at.as_of),
            "preAuthRef": number,
            "addItem": [
                {
                    "productOrService": at.words.concept(
                        str(raw.get("drug") or usual.get("drug") or "")
                    ),
                    "adjudication": [
                        {
                            "category": {"coding": [{"code": "submitted"}]},
                            "extension": [_review(raw["action"])] if "action" in raw else [],
                        }
                    ]
                    if not denied
                    else [{"reason": {"coding": [{"code": code}]}}],
                }
            ],
        }
    )


def _review(code: str) -> Json:
    """A review action as Da Vinci PAS writes it, without a display."""
    said = {"coding": [{"system": REVIEWS, "code": code}]}
    action = {"url": f"{PAS}extension-reviewActionCode", "valueCodeableConcept": said}
    return {"url": f"{PAS}extension-reviewAction", "extension": [action]}
