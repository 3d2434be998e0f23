"""Payers' decisions by Da Vinci PAS on one patient's drug, for tests of how they are read."""

from typing import Any

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
DRUG = {"coding": [{"system": RXNORM, "code": "1876401"}]}
OTHER = {"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "68382002801"}]}
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
X12 = "https://codesystem.x12.org/005010/306"
Json = dict[str, Any]


def action(code: str, display: str | None = None, number: str | None = None) -> Json:
    """A review action, with the number of the authorization if it has one."""
    coding = {"system": X12, "code": code, **({"display": display} if display else {})}
    inner: list[Json] = [
        {
            "url": f"{PAS}/extension-reviewActionCode",
            "valueCodeableConcept": {"coding": [coding]},
        },
        *([{"url": "number", "valueString": number}] if number else []),
    ]
    return {"url": f"{PAS}/extension-reviewAction", "extension": inner}


def judged(code: str | None, number: str | None = None) -> Json:
    """The element of a line that carries a review action; empty without one."""
    if code is None:
        return {}
    category = {"coding": [{"code": "submitted"}]}
    return {"adjudication": [{"category": category, "extension": [action(code, number=number)]}]}


def line(
    code: str | None = None, product: Json | None = DRUG, number: str | None = None, **more: Any
) -> Json:
    """A line for a product; a detail is written the same."""
    named = {"productOrService": product} if product else {}
    return {**named, **judged(code, number), **more}


def decision(*lines: Json, **more: Any) -> Json:
    """A decision with these lines that the payer added."""
    return {
        "resourceType": "ClaimResponse",
        "id": "r1",
        "status": "active",
        "use": "preauthorization",
        "outcome": "complete",
        "patient": {"reference": "Patient/p1"},
        "created": "2026-08-12",
        "addItem": [*lines],
        **more,
    }


def decided(code: str, number: str | None, on: str, **more: Any) -> Json:
    """A decision of a day on a line of the drug."""
    return decision(line(code, number=number), **{"id": f"{code}-{on}", "created": on, **more})


def answered(*lines: Json, asked: list[Json], **more: Any) -> Json:
    """A decision that answers the lines of a request that came inside it."""
    request = {"resourceType": "Claim", "id": "c", "item": asked}
    whole = decision(**more) | {"contained": [request], "request": {"reference": "#c"}}
    return whole | {"item": [*lines]}
