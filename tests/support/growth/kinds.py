"""Kinds of resources that a request may hold many of: each adds so many of one kind to a recorded story.

The days are spread over years, so that supplies make many runs, and the values differ: nothing is left
out as the copy of another.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
Kind = Callable[[Json, int], None]

TODAY = date(2026, 11, 20)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
QUESTIONNAIRE = "https://dupilumab-cds.github.io/fhir/Questionnaire/"
NOTE = "Seen in clinic. Feels well, no new complaints; medications reviewed with the patient. "


def day(n: int, step: int) -> str:
    """The n-th day back from today, one each `step` days."""
    return (TODAY - timedelta(days=n * step)).isoformat()


def add(body: Json, key: str, *resources: Json) -> None:
    """Adds resources to the bundle of a prefetch key."""
    bundle = body["prefetch"].get(key)
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        bundle = body["prefetch"][key] = {"resourceType": "Bundle", "type": "searchset"}
    entries = bundle.setdefault("entry", [])
    entries += [
        {
            "fullUrl": f"https://ehr.example.org/fhir/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
            "search": {"mode": "match"},
        }
        for resource in resources
    ]
    bundle["total"] = len(entries)


def held(body: Json, key: str, type_: str) -> list[Json]:
    """The resources of a type that a story holds under a key."""
    bundle = body["prefetch"].get(key) or {}
    entries = bundle.get("entry") or []
    return [e["resource"] for e in entries if e["resource"]["resourceType"] == type_]


def patient(body: Json) -> Json:
    """A reference to the patient."""
    return {"reference": f"Patient/{body['context']['patientId']}"}


def draft(body: Json) -> Json:
    """The first draft order."""
    order: Json = body["context"]["draftOrders"]["entry"][0]["resource"]
    return order


def on(day_: str, value: Any) -> Any:
    """The value with each of its days replaced by one day."""
    if isinstance(value, dict):
        return {key: on(day_, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [on(day_, inner) for inner in value]
    return DAY.sub(day_, value) if isinstance(value, str) and DAY.match(value) else value


def copies(models: list[Json], n: int, step: int, tag: str) -> Iterator[Json]:
    """So many copies of some resources in turn, each with an id, a day and a value of its own."""
    for i in range(n if models else 0):
        copy = on(day(i, step), deepcopy(models[i % len(models)]))
        copy["id"] = f"{tag}-{i}"
        quantity = copy.get("valueQuantity")
        if isinstance(quantity, dict) and isinstance(quantity.get("value"), int | float):
            quantity["value"] = round(quantity["value"] * (0.9 + 0.01 * (i % 20)), 3)
        yield copy


def _named(key: str, type_: str, step: int) -> Kind:
    """Copies of what the story holds under a key."""

    def grow(body: Json, n: int) -> None:
        add(body, key, *copies(held(body, key, type_), n, step, f"{key}{step}"))

    return grow


def drug_claims(body: Json) -> list[Json]:
    """The story's claims of pharmacies."""
    return [
        claim
        for claim in held(body, "claims", "ExplanationOfBenefit")
        if "dayssupply" in str(claim)
    ]


def _lines(body: Json) -> list[Json]:
    """A line of each drug that the story's pharmacies claim, else of the drug that is ordered."""
    lines = {
        str(claim["item"][0]["productOrService"]): claim["item"][0] for claim in drug_claims(body)
    }
    ordered = draft(body).get("medicationCodeableConcept")
    return list(lines.values()) or [{"productOrService": ordered or {"text": "prednisone 20 MG"}}]


def results(body: Json, n: int) -> None:
    """Results of each kind that the story holds, five days apart."""
    add(body, "observations", *copies(held(body, "observations", "Observation"), n, 5, "result"))


def results_of_one_kind(body: Json, n: int) -> None:
    """Results of the first kind that the story holds, five days apart."""
    add(body, "observations", *copies(held(body, "observations", "Observation")[:1], n, 5, "same"))


def results_of_one_day(body: Json, n: int) -> None:
    """Results of each kind on one day, as a monitor sends them."""
    for result in copies(held(body, "observations", "Observation"), n, 0, "oneday"):
        add(body, "observations", result)


def undated_results(body: Json, n: int) -> None:
    """Results of which nobody says when they were taken."""
    for result in copies(held(body, "observations", "Observation"), n, 5, "undated"):
        result.pop("effectiveDateTime", None)
        add(body, "observations", result)


def weights_of_a_child(body: Json, n: int) -> None:
    """Weights of three months of a child, of whom no two values may differ by much."""
    for entry in body["prefetch"].values():
        if entry and entry.get("resourceType") == "Patient":
            entry["birthDate"] = "2018-05-01"
    for i in range(n):
        weight = {
            "resourceType": "Observation",
            "id": f"weight-{i}",
            "status": "final",
            "subject": patient(body),
            "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
            "effectiveDateTime": day(i % 90, 1),
            "valueQuantity": {"value": 30 + i % 7 / 10, "unit": "kg"},
        }
        add(body, "observations", weight)


def panels(body: Json, n: int) -> None:
    """Panels that hold each result of the story as a component."""
    models = held(body, "observations", "Observation")
    parts = [
        {name: value for name, value in model.items() if name == "code" or name.startswith("value")}
        for model in models
    ]
    panel = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Panel"},
        "subject": patient(body),
        "effectiveDateTime": day(0, 1),
        "component": parts,
    }
    add(body, "observations", *copies([panel], n, 7, "panel"))


def components(body: Json, n: int) -> None:
    """One panel of so many components."""
    models = held(body, "observations", "Observation")
    names_ = ("code", "valueQuantity", "valueInteger", "valueCodeableConcept")
    parts = [
        {name: model[name] for name in names_ if name in model}
        for model in copies(models, n, 0, "c")
    ]
    panel = {
        "resourceType": "Observation",
        "id": "one-panel",
        "status": "final",
        "code": {"text": "Panel"},
        "subject": patient(body),
        "effectiveDateTime": day(3, 1),
        "component": parts,
    }
    add(body, "observations", panel)


def notes(body: Json, n: int) -> None:
    """Results with long notes."""
    for result in copies(held(body, "observations", "Observation"), n, 9, "noted"):
        result["note"] = [{"text": NOTE * 10}]
        add(body, "observations", result)


def fills(body: Json, n: int) -> None:
    """Claims of each drug that pharmacies claimed, so far apart that each supply ends before the next."""
    add(body, "claims", *copies(drug_claims(body), n, 45, "fill"))


def early_fills(body: Json, n: int) -> None:
    """Claims of the same drugs, two days apart."""
    add(body, "claims", *copies(drug_claims(body), n, 2, "early"))


def fills_of_a_month(body: Json, n: int) -> None:
    """Claims that tell only the month."""
    for claim in copies(drug_claims(body), n, 31, "month"):
        month = claim["item"][0].get("servicedDate", day(0, 1))[:7]
        claim["item"][0]["servicedDate"] = month
        claim.pop("billablePeriod", None)
        add(body, "claims", claim)


def undated_fills(body: Json, n: int) -> None:
    """Claims without any day."""
    for claim in copies(drug_claims(body), n, 45, "undatedfill"):
        claim["item"][0].pop("servicedDate", None)
        claim.pop("billablePeriod", None)
        add(body, "claims", claim)


def reversals(body: Json, n: int) -> None:
    """Claims that take back others."""
    for claim in copies(drug_claims(body), n, 45, "reversal"):
        claim["item"][0]["quantity"] = {"value": -60}
        claim["related"] = [
            {"claim": {"reference": f"ExplanationOfBenefit/fill-{claim['id'][9:]}"}}
        ]
        add(body, "claims", claim)


def adjusted_claims(body: Json, n: int) -> None:
    """A chain of claims, each of which replaces the one before."""
    for i, claim in enumerate(copies(drug_claims(body), n, 45, "adjusted")):
        code = {"coding": [{"code": "prior"}]}
        claim["related"] = [
            {"claim": {"reference": f"ExplanationOfBenefit/adjusted-{i - 1}"}, "relationship": code}
        ]
        add(body, "claims", claim)


def claim_lines(body: Json, n: int) -> None:
    """One claim of so many lines."""
    models = drug_claims(body)
    if models:
        claim = deepcopy(models[0])
        claim["id"] = "one-claim"
        lines = _lines(body)
        claim["item"] = [
            {**deepcopy(lines[i % len(lines)]), "sequence": i, "servicedDate": day(i, 30)}
            for i in range(n)
        ]
        add(body, "claims", claim)


def visit_claims(body: Json, n: int) -> None:
    """Claims of doctors and hospitals that the story holds, ten days apart."""
    models = [c for c in held(body, "claims", "ExplanationOfBenefit") if "dayssupply" not in str(c)]
    emergency = {
        "resourceType": "ExplanationOfBenefit",
        "status": "active",
        "type": {"coding": [{"code": "professional"}]},
        "use": "claim",
        "outcome": "complete",
        "patient": patient(body),
        "diagnosis": [
            {"sequence": 1, "diagnosisCodeableConcept": draft(body).get("reasonCode", [{}])[0]}
        ],
        "item": [
            {
                "sequence": 1,
                "diagnosisSequence": [1],
                "productOrService": {
                    "coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "99284"}]
                },
                "servicedDate": day(0, 1),
            }
        ],
    }
    add(body, "claims", *copies([*models, emergency], n, 10, "visit"))


def dispenses(body: Json, n: int) -> None:
    """Hand-overs of the drugs that pharmacies claimed, thirty days apart."""
    add(body, "dispenses", *copies(_dispenses(body), n, 30, "dispense"))


def dispenses_by_reference(body: Json, n: int) -> None:
    """Hand-overs, each with a Medication of its own."""
    for i, dispense in enumerate(copies(_dispenses(body), n, 30, "bymed")):
        code = dispense.pop("medicationCodeableConcept")
        dispense["medicationReference"] = {"reference": f"Medication/med-{i}"}
        add(
            body,
            "dispenses",
            dispense,
            {"resourceType": "Medication", "id": f"med-{i}", "code": code},
        )


def dispenses_of_one_medication(body: Json, n: int) -> None:
    """Hand-overs that refer to a Medication that they contain."""
    for dispense in copies(_dispenses(body), n, 30, "inside"):
        code = dispense.pop("medicationCodeableConcept")
        dispense["contained"] = [{"resourceType": "Medication", "id": "m", "code": code}]
        dispense["medicationReference"] = {"reference": "#m"}
        add(body, "dispenses", dispense)


def _dispenses(body: Json) -> list[Json]:
    return [
        {
            "resourceType": "MedicationDispense",
            "status": "completed",
            "subject": patient(body),
            "medicationCodeableConcept": line["productOrService"],
            "whenHandedOver": day(0, 1),
            "daysSupply": {"value": 20, "unit": "days"},
        }
        for line in _lines(body)
    ]


def statements(body: Json, n: int) -> None:
    """Entries of a medication list, of the drugs that pharmacies claimed."""
    models = held(body, "medicationStatements", "MedicationStatement") + [
        {
            "resourceType": "MedicationStatement",
            "status": "active",
            "subject": patient(body),
            "medicationCodeableConcept": line["productOrService"],
            "effectivePeriod": {"start": day(0, 1)},
        }
        for line in _lines(body)
    ]
    add(body, "medicationStatements", *copies(models, n, 17, "statement"))


def orders(body: Json, n: int) -> None:
    """Earlier orders, of the drugs that pharmacies claimed and of the ordered one."""
    models = [
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "subject": patient(body),
            "medicationCodeableConcept": line["productOrService"],
            "authoredOn": day(0, 1),
            "reasonCode": draft(body).get("reasonCode", []),
        }
        for line in _lines(body)
    ]
    add(body, "medications", *copies(models, n, 17, "order"))


def unread_drugs(body: Json, n: int) -> None:
    """Hand-overs of drugs that no list holds."""
    model = {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "subject": patient(body),
        "medicationCodeableConcept": {"coding": [{"system": "urn:oid:1.2.3", "code": "77"}]},
        "whenHandedOver": day(0, 1),
    }
    add(body, "dispenses", *copies([model], n, 11, "unread"))


def problems(body: Json, n: int) -> None:
    """Entries of the problem list, of the diseases that the story has."""
    add(body, "conditions", *copies(held(body, "conditions", "Condition"), n, 13, "problem"))


def other_problems(body: Json, n: int) -> None:
    """Entries of the problem list, each of another disease."""
    for i in range(n):
        condition = {
            "resourceType": "Condition",
            "id": f"other-{i}",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "confirmed"}]},
            "code": {"coding": [{"system": ICD10, "code": f"S{i:03}"}], "text": f"Injury {i}"},
            "subject": patient(body),
            "onsetDateTime": day(i, 13),
        }
        add(body, "conditions", condition)


def stays(body: Json, n: int) -> None:
    """Stays in an emergency department, each with its diagnosis, which names the stay."""
    for i in range(n):
        encounter = {
            "resourceType": "Encounter",
            "id": f"stay-{i}",
            "status": "finished",
            "class": {"code": "EMER"},
            "subject": patient(body),
            "period": {"start": day(i, 20), "end": day(i, 20)},
            "reasonReference": [{"reference": f"Condition/stayed-{i}"}],
        }
        add(body, "encounters", encounter)
        for condition in copies(held(body, "conditions", "Condition")[:1], 1, 1, "x"):
            condition |= {
                "id": f"stayed-{i}",
                "category": [{"coding": [{"code": "encounter-diagnosis"}]}],
                "encounter": {"reference": f"Encounter/stay-{i}"},
            }
            add(body, "conditions", on(day(i, 20), condition))


def visits(body: Json, n: int) -> None:
    """Visits whose reason is coded."""
    encounter = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"code": "EMER"},
        "subject": patient(body),
        "period": {"start": day(0, 1), "end": day(0, 1)},
        "reasonCode": draft(body).get("reasonCode", []),
    }
    add(body, "encounters", *copies([encounter], n, 15, "encounter"))


def procedures(body: Json, n: int) -> None:
    """Procedures: light treatment, surgery of the nose."""
    models = [
        {
            "resourceType": "Procedure",
            "status": "completed",
            "subject": patient(body),
            "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": code}]},
            "performedDateTime": day(0, 1),
        }
        for code in ("96910", "31267", "99284")
    ]
    add(body, "procedures", *copies(models, n, 4, "procedure"))


def allergies(body: Json, n: int) -> None:
    """Allergies to the drugs that pharmacies claimed, with reactions in words."""
    models = [
        {
            "resourceType": "AllergyIntolerance",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "confirmed"}]},
            "code": line["productOrService"],
            "patient": patient(body),
            "recordedDate": day(0, 1),
            "reaction": [{"manifestation": [{"text": "rash"}]}],
        }
        for line in _lines(body)
    ]
    add(body, "allergies", *copies(models, n, 19, "allergy"))


def authorizations(body: Json, n: int) -> None:
    """Decisions on earlier authorizations of the drug."""
    models = held(body, "authorizations", "ClaimResponse") or [
        {
            "resourceType": "ClaimResponse",
            "status": "active",
            "use": "preauthorization",
            "patient": patient(body),
            "created": day(0, 1),
            "insurer": {"display": "Blue Cross & Blue Shield of Mississippi"},
            "outcome": "complete",
            "disposition": "Approved for 12 months",
            "preAuthPeriod": {"start": day(0, 1), "end": day(0, 1)},
            "addItem": [
                {
                    "productOrService": draft(body).get(
                        "medicationCodeableConcept", {"text": "dupilumab"}
                    )
                }
            ],
        }
    ]
    add(body, "authorizations", *copies(models, n, 180, "authorization"))


def coverages(body: Json, n: int) -> None:
    """Coverages of the same payer, of years past and present."""
    add(body, "coverage", *copies(held(body, "coverage", "Coverage"), n, 30, "coverage"))


def roles(body: Json, n: int) -> None:
    """Roles of the prescriber."""
    add(
        body,
        "practitionerRoles",
        *copies(held(body, "practitionerRoles", "PractitionerRole"), n, 0, "role"),
    )


def answers(body: Json, n: int) -> None:
    """Answered questionnaires."""
    add(body, "answers", *copies(_responses(body), n, 3, "answer"))


def answer_items(body: Json, n: int) -> None:
    """One answered questionnaire of so many items, one within the other."""
    for response in copies(_responses(body), 1, 1, "items"):
        linked = [item["linkId"] for item in response["item"]]
        inner: list[Json] = []
        for i in range(n):
            link = linked[i % len(linked)] if i < len(linked) else f"other.{i}"
            inner = [{"linkId": link, "answer": [{"valueBoolean": True}], "item": inner}]
            if i % 10 == 9:
                response["item"] += inner
                inner = []
        response["item"] += inner
        add(body, "answers", response)


def _responses(body: Json) -> list[Json]:
    return held(body, "answers", "QuestionnaireResponse") or [
        {
            "resourceType": "QuestionnaireResponse",
            "status": "completed",
            "questionnaire": f"{QUESTIONNAIRE}bcbsms-L.5.01.513-ad-initial",
            "subject": patient(body),
            "authored": day(0, 1),
            "author": {"reference": "Practitioner/x"},
            "item": [{"linkId": "ad.initial.x", "answer": [{"valueBoolean": True}]}],
        }
    ]


def drafts(body: Json, n: int) -> None:
    """Draft orders for the drug; no more than twenty may come."""
    entries = body["context"]["draftOrders"]["entry"]
    copied = [{**deepcopy(draft(body)), "id": f"draft-{i}"} for i in range(n)]
    entries += [{"resource": order} for order in copied]


def other_drafts(body: Json, n: int) -> None:
    """Draft orders for other drugs."""
    entries = body["context"]["draftOrders"]["entry"]
    for i in range(n):
        line = _lines(body)[i % len(_lines(body))]
        order = {**deepcopy(draft(body)), "id": f"otherdraft-{i}"}
        order.pop("medicationReference", None)
        entries.append(
            {"resource": order | {"medicationCodeableConcept": line["productOrService"]}}
        )


def contained(body: Json, n: int) -> None:
    """Resources within the draft order, and references to them as its reason."""
    order = draft(body)
    order["contained"] = [
        *order.get("contained", []),
        *(
            {"resourceType": "Condition", "id": f"in-{i}", "code": {"text": f"Disease {i}"}}
            for i in range(n)
        ),
    ]
    order["reasonReference"] = [{"reference": f"#in-{i}"} for i in range(n)]


def reasons(body: Json, n: int) -> None:
    """Reasons of the draft order."""
    order = draft(body)
    order["reasonCode"] = [
        *order.get("reasonCode", []),
        *(
            {"coding": [{"system": ICD10, "code": f"S{i:03}"}], "text": f"Injury {i}"}
            for i in range(n)
        ),
    ]


def codings(body: Json, n: int) -> None:
    """Codings beside the code of each resource that is there already, shared out among them."""
    resources = [
        resource
        for key in ("observations", "conditions")
        for type_ in ("Observation", "Condition")
        for resource in held(body, key, type_)
    ]
    for i in range(n):
        coding = {"system": "urn:oid:1.2.3", "code": f"local-{i}", "display": f"Local {i}"}
        resources[i % len(resources)]["code"].setdefault("coding", []).append(coding)


def chains(body: Json, n: int) -> None:
    """Orders for a visit, whose reason is a diagnosis, which names the visit: references in a chain."""
    for i in range(n):
        chain = [
            {
                "resourceType": "MedicationRequest",
                "id": f"chain-{i}",
                "status": "completed",
                "intent": "order",
                "subject": patient(body),
                "medicationCodeableConcept": _lines(body)[0]["productOrService"],
                "authoredOn": day(i, 40),
                "reasonReference": [{"reference": f"Condition/chained-{i}"}],
                "encounter": {"reference": f"Encounter/chained-{i}"},
            }
        ]
        add(body, "medications", *chain)
        for condition in copies(held(body, "conditions", "Condition")[:1], 1, 1, "x"):
            condition |= {
                "id": f"chained-{i}",
                "encounter": {"reference": f"Encounter/chained-{i}"},
            }
            add(body, "conditions", condition)
        for claim in copies(drug_claims(body)[:1], 1, 1, "x"):
            claim |= {
                "id": f"chained-{i}",
                "prescription": {"reference": f"MedicationRequest/chain-{i}"},
            }
            add(body, "claims", on(day(i, 40), claim))


NOT_KINDS = (day, add, held, patient, draft, on, copies, drug_claims)
KINDS: dict[str, Kind] = {
    name.replace("_", " "): kind
    for name, kind in list(globals().items())
    if getattr(kind, "__module__", "") == __name__
    and not name.startswith("_")
    and list(kind.__annotations__) == ["body", "n", "return"]
}
