"""The recorded stories as requests: as they are, and within a record of the size that real patients have."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import yaml

from service.fhir.terminology.directory import Directory
from service.library.lookups.full_list_documents import read_products

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
EXPECTED = ROOT / "tests/cases/fixtures/expected.yaml"
AS_OF = date(2026, 11, 21)
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
NDC = "http://hl7.org/fhir/sid/ndc"
LOCAL = "urn:oid:1.2.840.114350.1.13.0.1.7.5"
# Substances, as FDA's directory names them, that no criterion and no advice is about.
OTHER_DRUGS = (
    "LISINOPRIL",
    "METFORMIN HYDROCHLORIDE",
    "ATORVASTATIN CALCIUM",
    "AMLODIPINE BESYLATE",
)
PRODUCTS = 200
LABS = (
    ("2345-7", "Glucose [Mass/volume] in Serum or Plasma", 98, "mg/dL"),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", 14, "g/dL"),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", 1, "mg/dL"),
    ("8310-5", "Body temperature", 37, "Cel"),
    ("8867-4", "Heart rate", 72, "/min"),
)
PROBLEMS = (("I10", "59621000", "Essential hypertension"), ("E11.9", "44054006", "Type 2 diabetes"))
NOTE = "Seen in clinic. Feels well, no new complaints; medications reviewed with the patient. "


@dataclass(frozen=True)
class Story:
    """One recorded request, and the clients file that it is told for."""

    name: str
    clients: str
    body: Json

    @property
    def resources(self) -> int:
        """How many resources the prefetch holds."""
        return sum(len(one) for one in _held(self.body["prefetch"]).values())


def stories() -> list[Story]:
    """Every recorded order-sign request that is told as of the same day."""
    told = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))["stories"]
    found = []
    for name, story in told.items():
        body = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
        if body["hook"] == "order-sign" and story["as_of"] == AS_OF:
            found.append(Story(name, story["client"], body))
    return found


def padded(story: Story, size: int) -> Json:
    """The story with results, problems, fills, visits and notes of the same patient up to `size` resources.

    The same story and size give the same request, byte for byte; what is added answers no criterion.
    """
    body = deepcopy(story.body)
    prefetch = body["prefetch"]
    random = Random(f"{story.name} {size}")
    patient = f"Patient/{body['context']['patientId']}"
    added: dict[str, list[Json]] = {}
    for n, (key, make) in zip(range(size - story.resources), _mixed(), strict=False):
        added.setdefault(key, []).append(make(random, f"rest-{n}", {"reference": patient}))
    for key, resources in added.items():
        _add(prefetch, key, resources)
    return body


def _held(prefetch: Json) -> dict[str, list[Json]]:
    return {
        key: list(value.get("entry") or ()) if value.get("resourceType") == "Bundle" else [value]
        for key, value in prefetch.items()
        if isinstance(value, dict)
    }


def _add(prefetch: Json, key: str, resources: list[Json]) -> None:
    """Into the bundle of a key; a key that failed or came in part is left as it is told."""
    bundle = prefetch.get(key)
    if bundle is None:
        if key in prefetch:
            bundle = prefetch[key] = {"resourceType": "Bundle", "type": "searchset"}
        else:
            return
    if bundle.get("resourceType") != "Bundle":
        return
    entries = bundle.setdefault("entry", [])
    entries += [
        {
            "fullUrl": f"https://ehr.example.org/fhir/{one['resourceType']}/{one['id']}",
            "resource": one,
            "search": {"mode": "match"},
        }
        for one in resources
    ]
    if not bundle.get("link"):
        bundle["total"] = len(entries)


def _mixed() -> Iterator[tuple[str, Callable[[Random, str, Json], Json]]]:
    """The kinds of resources in the share that they have in Synthea's and Blue Button's patients."""
    return cycle(
        (
            ("observations", _lab),
            ("observations", _pressure),
            ("claims", _claim),
            ("observations", _lab),
            ("medications", _order),
            ("observations", _lab),
            ("conditions", _problem),
            ("observations", _lab),
            ("claims", _claim),
            ("observations", _lab),
            ("dispenses", _dispense),
            ("observations", _lab),
        )
    )


def _lab(random: Random, id_: str, patient: Json) -> Json:
    code, display, value, unit = random.choice(LABS)
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "category": [
            _coded("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")
        ],
        "code": {
            "coding": [
                {"system": LOINC, "code": code, "display": display},
                {"system": LOCAL, "code": str(random.randint(10**5, 10**6)), "display": display},
            ],
            "text": display.partition(" [")[0],
        },
        "subject": patient,
        "effectiveDateTime": f"{_day(random, 1500)}T08:30:00-06:00",
        "valueQuantity": _quantity(round(value * random.uniform(0.8, 1.2), 2), unit),
        "interpretation": [
            _coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "N")
        ],
    }


def _pressure(random: Random, id_: str, patient: Json) -> Json:
    parts = (("8480-6", "Systolic blood pressure", 128), ("8462-4", "Diastolic blood pressure", 80))
    return {
        "resourceType": "Observation",
        "id": id_,
        "status": "final",
        "code": _coded(LOINC, "85354-9", "Blood pressure panel with all children optional"),
        "subject": patient,
        "effectiveDateTime": _day(random, 1500),
        "component": [
            {
                "code": _coded(LOINC, code, display),
                "valueQuantity": _quantity(value + random.randint(-9, 9), "mm[Hg]"),
            }
            for code, display, value in parts
        ],
        "note": [{"text": NOTE * random.randint(1, 4)}],
    }


def _problem(random: Random, id_: str, patient: Json) -> Json:
    icd, snomed, display = random.choice(PROBLEMS)
    return {
        "resourceType": "Condition",
        "id": id_,
        "clinicalStatus": _coded(
            "http://terminology.hl7.org/CodeSystem/condition-clinical", "active"
        ),
        "verificationStatus": _coded(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed"
        ),
        "code": {
            "coding": [
                {"system": ICD10, "code": icd, "display": display},
                {"system": SNOMED, "code": snomed, "display": display},
            ],
            "text": display,
        },
        "subject": patient,
        "onsetDateTime": _day(random, 3000),
        "note": [{"text": NOTE}],
    }


def _order(random: Random, id_: str, patient: Json) -> Json:
    product, name = random.choice(_products())
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": random.choice(["active", "completed"]),
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": NDC, "code": product, "display": name}],
            "text": name,
        },
        "subject": patient,
        "authoredOn": _day(random, 1000),
        "dosageInstruction": [
            {
                "text": "Take 1 tablet by mouth daily",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            }
        ],
    }


def _claim(random: Random, id_: str, patient: Json) -> Json:
    day = _day(random, 700)
    product, name = random.choice(_products())
    kinds = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBSupportingInfoType"
    money = "http://terminology.hl7.org/CodeSystem/adjudication"
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": id_,
        "status": "active",
        "type": _coded("http://terminology.hl7.org/CodeSystem/claim-type", "pharmacy"),
        "use": "claim",
        "patient": patient,
        "billablePeriod": {"start": day, "end": day},
        "created": day,
        "outcome": "complete",
        "supportingInfo": [
            {
                "sequence": 1,
                "category": _coded(kinds, "dayssupply"),
                "valueQuantity": {"value": 30},
            },
            {"sequence": 2, "category": _coded(kinds, "refillnum"), "valueQuantity": {"value": 1}},
        ],
        "item": [
            {
                "sequence": 1,
                "productOrService": _coded(NDC, product, name),
                "servicedDate": day,
                "quantity": {"value": 30},
                "adjudication": [
                    {"category": _coded(money, "submitted"), "amount": {"value": 12.4}},
                    {"category": _coded(money, "benefit"), "amount": {"value": 9.1}},
                ],
            }
        ],
    }


def _dispense(random: Random, id_: str, patient: Json) -> Json:
    product, name = random.choice(_products())
    return {
        "resourceType": "MedicationDispense",
        "id": id_,
        "status": "completed",
        "medicationCodeableConcept": _coded(NDC, product, name),
        "subject": patient,
        "whenHandedOver": _day(random, 700),
        "quantity": {"value": 30},
        "daysSupply": {"value": 30, "unit": "days"},
    }


_known: list[tuple[str, str]] = []


def _products() -> list[tuple[str, str]]:
    """Packages of other drugs as pharmacies write them, from the directory that ships."""
    if not _known:
        directory: Directory = read_products(ROOT)
        for number, line in directory.products():
            substance = line.partition("\t")[0]
            if substance in OTHER_DRUGS and len(_known) < PRODUCTS:
                _known.append((f"{number}01", substance.capitalize()))
    return _known


def _coded(system: str, code: str, display: str | None = None) -> Json:
    coding = {"system": system, "code": code, **({"display": display} if display else {})}
    return {"coding": [coding], **({"text": display} if display else {})}


def _quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def _day(random: Random, within: int) -> str:
    return (AS_OF - timedelta(days=random.randint(1, within))).isoformat()
