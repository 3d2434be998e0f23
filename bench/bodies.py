"""Synthetic order-sign requests of any size: the same seed gives the same patient, byte for byte."""

from datetime import date, timedelta
from random import Random
from typing import Any

import orjson

Json = dict[str, Any]
AS_OF = date(2026, 11, 20)
PATIENT = {"reference": "Patient/bench"}
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
DRUG = (RXNORM, "1876376", "dupilumab")
CONDITIONS = [
    (ICD10, "L20.9", "Atopic dermatitis, unspecified"),
    (ICD10, "I10", "Essential hypertension"),
    (SNOMED, "44054006", "Type 2 diabetes mellitus"),
    (ICD10, "M54.50", "Low back pain"),
]
OBSERVATIONS = [
    (LOINC, "26449-9", "Eosinophils [#/volume] in Blood", 320, "10*3/uL"),
    (LOINC, "29463-7", "Body weight", 78, "kg"),
    (LOINC, "8480-6", "Systolic blood pressure", 128, "mm[Hg]"),
    (LOINC, "2345-7", "Glucose [Mass/volume] in Serum or Plasma", 98, "mg/dL"),
    (LOINC, "718-7", "Hemoglobin [Mass/volume] in Blood", 14, "g/dL"),
    (LOINC, "2160-0", "Creatinine [Mass/volume] in Serum or Plasma", 1, "mg/dL"),
]
MEDICATIONS = [
    (RXNORM, "106243", "hydrocortisone topical cream"),
    (RXNORM, "860975", "metformin 500 MG"),
    (RXNORM, "314076", "lisinopril 10 MG"),
]
SHARES = (
    ("Observation", 60),
    ("Condition", 10),
    ("MedicationRequest", 15),
    ("ExplanationOfBenefit", 15),
)


def body(size: int) -> bytes:
    """An order-sign request with `size` resources in its prefetch."""
    random = Random(size)
    rest = max(size - 2, 0)
    counts = {kind: rest * share // 100 for kind, share in SHARES}
    counts["Observation"] += rest - sum(counts.values())
    prefetch = {
        key: _bundle([make(random, n) for n in range(counts[kind])]) for key, kind, make in KEYS
    }
    return orjson.dumps(
        _request({"patient": _patient(), "coverage": _bundle([_coverage()]), **prefetch})
    )


def _request(prefetch: Json) -> Json:
    return {
        "hook": "order-sign",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {
            "userId": "Practitioner/bench",
            "patientId": "bench",
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": _order()}]},
        },
        "prefetch": prefetch,
    }


def _order() -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": "order",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": _concept(*DRUG),
        "subject": PATIENT,
        "authoredOn": AS_OF.isoformat(),
        "reasonCode": [_concept(*CONDITIONS[0])],
        "dosageInstruction": [{"text": "600 mg once, then 300 mg every two weeks"}],
        "dispenseRequest": {
            "quantity": {"value": 2},
            "expectedSupplyDuration": {"value": 28, "code": "d"},
        },
    }


def _patient() -> Json:
    return {"resourceType": "Patient", "id": "bench", "birthDate": "1988-02-14", "gender": "female"}


def _coverage() -> Json:
    return {
        "resourceType": "Coverage",
        "id": "coverage",
        "status": "active",
        "beneficiary": PATIENT,
        "payor": [{"display": "Blue Cross & Blue Shield of Mississippi"}],
        "period": {"start": "2024-01-01"},
    }


def _condition(random: Random, n: int) -> Json:
    system, code, display = CONDITIONS[0] if n == 0 else random.choice(CONDITIONS[1:])
    return {
        "resourceType": "Condition",
        "id": f"condition-{n}",
        "clinicalStatus": _concept(
            "http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"
        ),
        "code": _concept(system, code, display),
        "subject": PATIENT,
        "onsetDateTime": _day(random, 3000),
    }


def _observation(random: Random, n: int) -> Json:
    system, code, display, value, unit = random.choice(OBSERVATIONS)
    category = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "id": f"observation-{n}",
        "status": "final",
        "category": [_concept(category, "laboratory", "Laboratory")],
        "code": _concept(system, code, display),
        "subject": PATIENT,
        "effectiveDateTime": _day(random, 1500),
        "valueQuantity": {
            "value": round(value * random.uniform(0.8, 1.2), 2),
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    }


def _medication_request(random: Random, n: int) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": f"medication-request-{n}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": _concept(*random.choice(MEDICATIONS)),
        "subject": PATIENT,
        "authoredOn": _day(random, 1000),
    }


def _claim(random: Random, n: int) -> Json:
    day = _day(random, 700)
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": f"claim-{n}",
        "status": "active",
        "type": _concept(
            "http://terminology.hl7.org/CodeSystem/claim-type", "pharmacy", "Pharmacy"
        ),
        "use": "claim",
        "patient": PATIENT,
        "created": day,
        "outcome": "complete",
        "item": [
            {
                "sequence": 1,
                "productOrService": _concept(
                    NDC, f"0000{random.randint(10**6, 10**7 - 1)}", "a drug"
                ),
                "servicedDate": day,
                "quantity": {"value": 30},
            }
        ],
    }


KEYS = (
    ("observations", "Observation", _observation),
    ("conditions", "Condition", _condition),
    ("medications", "MedicationRequest", _medication_request),
    ("claims", "ExplanationOfBenefit", _claim),
)


def _concept(system: str, code: str, display: str) -> Json:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _bundle(resources: list[Json]) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [
            {
                "fullUrl": f"https://ehr.example.org/fhir/{one['resourceType']}/{one['id']}",
                "resource": one,
            }
            for one in resources
        ],
    }


def _day(random: Random, within: int) -> str:
    return (AS_OF - timedelta(days=random.randint(0, within))).isoformat()
