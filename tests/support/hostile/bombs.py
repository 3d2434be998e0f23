"""Requests that are small to send and large to read: each grows with one number."""

from copy import deepcopy
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import orjson
from support.paths import ROOT

Json = dict[str, Any]
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


@lru_cache(maxsize=8)
def _bytes(name: str) -> bytes:
    return (ROOT / "fixtures" / f"{name}.json").read_bytes()


def recorded(name: str = "asthma-fully-met") -> Json:
    """One recorded request, read again at each call."""
    found: Json = orjson.loads(_bytes(name))
    return found


def draft(body: Json) -> Json:
    """Its first draft order."""
    order: Json = body["context"]["draftOrders"]["entry"][0]["resource"]
    return order


def first(body: Json, key: str, name: str = "resource") -> Json:
    """The first resource under a prefetch key."""
    found: Json = body["prefetch"][key]["entry"][0][name]
    return found


def bundle(*resources: Json) -> Json:
    """A search result."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": one} for one in resources],
    }


def copies(one: Json, n: int, **changes: Any) -> list[Json]:
    return [{**one, "id": f"x{i}", **changes} for i in range(n)]


def contained_reasons(n: int) -> Json:
    """So many contained resources, and as many references into them."""
    body = recorded()
    order = draft(body)
    del order["reasonCode"]
    order["contained"] = [{"resourceType": "Condition", "id": f"c{i}"} for i in range(n)]
    order["reasonReference"] = [{"reference": f"#c{i}"} for i in reversed(range(n))]
    return body


def one_huge_medication(n: int) -> Json:
    """So many orders that refer to one Medication of as many codings."""
    body = recorded()
    order = {k: v for k, v in draft(body).items() if k != "medicationCodeableConcept"}
    order |= {"status": "active", "medicationReference": {"reference": "Medication/m"}}
    codings = [{"system": ICD10, "code": f"Z{i}"} for i in range(n)]
    huge = {"resourceType": "Medication", "id": "m", "code": {"coding": codings}}
    body["prefetch"]["medications"] = bundle(huge, *copies(order, n))
    return body


def days(n: int, step: int = 1) -> list[str]:
    return [(date(2026, 11, 1) - timedelta(days=i * step)).isoformat() for i in range(n)]


def encounters(n: int) -> Json:
    """So many stays, each with its diagnosis, which names the stay."""
    body = recorded()
    subject = draft(body)["subject"]
    stay: Json = {"resourceType": "Encounter", "status": "finished", "class": {"code": "EMER"}}
    found = []
    for i, day in enumerate(days(n)):
        found.append(
            {
                **stay,
                "id": f"e{i}",
                "subject": subject,
                "period": {"start": day, "end": day},
                "reasonReference": [{"reference": f"Condition/d{i}"}],
                "diagnosis": [{"condition": {"reference": f"Condition/d{i}"}}],
            }
        )
    body["prefetch"]["encounters"] = bundle(*found)
    condition = first(body, "conditions")
    category = [{"coding": [{"code": "encounter-diagnosis"}]}]
    body["prefetch"]["conditions"] = bundle(
        *(
            {
                **condition,
                "id": f"d{i}",
                "category": category,
                "encounter": {"reference": f"Encounter/e{i}"},
            }
            for i in range(n)
        )
    )
    return body


def diagnoses_of_one_stay(n: int) -> Json:
    """One stay that so many diagnoses name, and so many procedures at it."""
    body = encounters(n)
    for entry in body["prefetch"]["conditions"]["entry"]:
        entry["resource"]["encounter"] = {"reference": "Encounter/e0"}
    for entry in body["prefetch"]["encounters"]["entry"]:
        entry["resource"]["id"] = "e0"
    return body


def results(n: int) -> Json:
    """So many results of one kind on one day."""
    body = recorded()
    one = first(body, "observations")
    body["prefetch"]["observations"] = bundle(*copies(one, n))
    return body


def nameless(n: int) -> Json:
    """So many resources without an id and as many references without a type."""
    body = recorded()
    order = {k: v for k, v in draft(body).items() if k not in ("id", "medicationCodeableConcept")}
    order |= {"status": "active"}
    body["prefetch"]["medications"] = bundle(
        *({**order, "note": i, "medicationReference": {"reference": f"m{i}"}} for i in range(n))
    )
    return body


def drafts(n: int) -> Json:
    """So many draft orders for the drug."""
    body = recorded()
    entries = body["context"]["draftOrders"]["entry"]
    entries[:] = [{"resource": one} for one in copies(entries[0]["resource"], n)]
    return body


def other_drafts(n: int) -> Json:
    """So many draft orders for anything else."""
    body = recorded()
    entries = body["context"]["draftOrders"]["entry"]
    other = {**entries[0]["resource"], "medicationCodeableConcept": {"text": "water"}}
    entries += [{"resource": one} for one in copies(other, n)]
    return body


def coverages(n: int) -> Json:
    """So many coverages, each with as many contained payers."""
    body = recorded()
    one = deepcopy(first(body, "coverage"))
    one["contained"] = [{"resourceType": "Organization", "id": f"o{i}"} for i in range(n)]
    one["payor"] = [{"reference": f"#o{i}"} for i in range(n)]
    body["prefetch"]["coverage"] = bundle(one)
    del draft(body)["insurance"]
    return body


def statements(n: int) -> Json:
    """One answered questionnaire of so many items."""
    body = recorded()
    response = {
        "resourceType": "QuestionnaireResponse",
        "id": "q",
        "status": "completed",
        "subject": draft(body)["subject"],
        "author": {"reference": "Practitioner/x"},
        "authored": "2026-11-20",
        "questionnaire": (
            "https://dupilumab-cds.github.io/fhir/Questionnaire/bcbsms-L.5.01.513-asthma-initial"
        ),
        "item": [
            {"linkId": "asthma.initial.age", "answer": [{"valueBoolean": i % 2 == 0}]}
            for i in range(n)
        ],
    }
    body["prefetch"]["answers"] = bundle(response)
    return body


def long_code(n: int) -> Json:
    """A code of so many thousand characters that begins like a real one."""
    body = recorded()
    coding = {"system": ICD10, "code": "L20" + "1" * n * 100}
    first(body, "conditions")["code"] = {"coding": [coding]}
    return body


def long_words(n: int) -> Json:
    """Words of so many thousand characters wherever the drug is named."""
    body = recorded()
    for key in ("claims", "medicationStatements", "medications"):
        for entry in body["prefetch"].get(key, {}).get("entry", []):
            entry["resource"]["medicationCodeableConcept"] = {"text": "dupilumab " * n * 10}
    return body


def answers_of_one_day(n: int) -> Json:
    """So many answered questionnaires."""
    body = statements(3)
    one = first(body, "answers")
    body["prefetch"]["answers"] = bundle(*copies(one, n))
    return body
