"""Requests made of claims and decisions, and what is answered: for the tests of their life."""

import copy
import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from support.paths import ROOT

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.library import load_library
from service.library.library import Library

TODAY = date(2026, 11, 21)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CLOBETASOL = {
    "system": RXNORM,
    "code": "861495",
    "display": "clobetasol propionate 0.5 MG/ML Topical Cream",
}
ADALIMUMAB = {
    "system": RXNORM,
    "code": "1872980",
    "display": "0.4 ML adalimumab 100 MG/ML Auto-Injector [Humira]",
}
DUPILUMAB = {
    "system": RXNORM,
    "code": "1876401",
    "display": "2 ML dupilumab 150 MG/ML Prefilled Syringe",
}
METFORMIN = {
    "system": RXNORM,
    "code": "861007",
    "display": "metformin hydrochloride 500 MG Oral Tablet",
}
CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
X12 = "https://codesystem.x12.org/005010/306"
TRIAL = "ad.initial.trial.tcs_and_tci.tcs.supply"
NO_OTHER = "common.initial.no_concurrent_immunomodulator"
Json = dict[str, Any]


@lru_cache(maxsize=4)
def known(client: str) -> Library:
    """The documents of the checkout with one of the clients files."""
    return load_library(ROOT, ROOT / "fixtures" / "clients" / f"{client}.yaml")


@lru_cache(maxsize=16)
def _recorded(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def concept(*codings: Json) -> Json:
    """A CodeableConcept."""
    return {"coding": list(codings)}


def claim(id_: str, day: str, days: float | None, drug: Json = CLOBETASOL, **more: Any) -> Json:
    """A pharmacy's claim as CARIN Blue Button writes it; `item` completes its line, the rest the claim."""
    line = {
        "sequence": 1,
        "productOrService": concept(drug),
        "servicedDate": day,
        "quantity": {"value": 60},
        **more.pop("item", {}),
    }
    supply = {
        "sequence": 1,
        "category": concept({"code": "dayssupply"}),
        "valueQuantity": {"value": days},
    }
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": id_,
        "status": "active",
        "type": concept({"code": "pharmacy"}),
        "use": "claim",
        "patient": {"reference": "Patient/elm"},
        "outcome": "complete",
        "billablePeriod": {"start": day},
        "item": [{name: value for name, value in line.items() if value is not None}],
        **more,
        "supportingInfo": [
            *([supply] if days is not None else []),
            *more.get("supportingInfo", []),
        ],
    }


def dispense(id_: str, day: str, days: float | None, drug: Json = CLOBETASOL, **more: Any) -> Json:
    """A hand-over as a pharmacy records it."""
    return {
        "resourceType": "MedicationDispense",
        "id": id_,
        "status": "completed",
        "subject": {"reference": "Patient/elm"},
        "medicationCodeableConcept": concept(drug),
        "whenHandedOver": day,
        "quantity": {"value": 60},
        **({"daysSupply": {"value": days, "unit": "d"}} if days is not None else {}),
        **more,
    }


def related(relationship: str | None, **to: Json) -> list[Json]:
    """One related claim."""
    said = {"relationship": concept({"code": relationship})} if relationship else {}
    return [{**to, **said}]


def to(id_: str) -> Json:
    """A reference to another explanation of benefit."""
    return {"reference": f"ExplanationOfBenefit/{id_}"}


def twin(
    claims: Sequence[Json] = (),
    dispenses: Sequence[Json] = (),
    client: str = "claims_held",
    base: str = "guard-payment-type-paid",
    **more: Sequence[Json],
) -> Json:
    """The answer to the order of a patient with eczema, with these claims."""
    return answer(ordered(base), client, claims=claims, dispenses=dispenses, **more)


def answer(body: Json, client: str, **keys: Sequence[Json]) -> Json:
    """The twin of a request with these resources under its keys."""
    (found,) = whole_answer(body, client, **keys).twins
    return found


def whole_answer(body: Json, client: str, **keys: Sequence[Json]) -> Advice:
    """The cards and the twin of a request with these resources under its keys."""
    for key, resources in keys.items():
        entry = [{"resource": copy.deepcopy(one)} for one in resources]
        body["prefetch"][key] = {"resourceType": "Bundle", "type": "searchset", "entry": entry}
    hook, library = parse_hook_request(body, frozenset(["order-sign"])), known(client)
    return advise(library, hook, library.client("local"), AsOf("day", TODAY))


def ordered(base: str = "guard-payment-type-paid") -> Json:
    """The order of a patient with eczema, as a request."""
    body: Json = json.loads(_recorded(f"tests/cases/found/requests/{base}.json"))
    return body


def fixture(name: str) -> Json:
    """A recorded story."""
    story: Json = json.loads(_recorded(f"fixtures/{name}.json"))
    return story


def recorded(base: str, key: str) -> list[Json]:
    """The resources of one prefetch key of a recorded request."""
    body = json.loads(_recorded(f"tests/cases/found/requests/{base}.json"))
    return [one["resource"] for one in body["prefetch"][key]["entry"]]


def node(found: Json, id_: str) -> Json:
    """One criterion of an answer; empty where it has none of that id."""
    ahead = list(found["criteria"])
    for one in ahead:
        if one["id"] == id_:
            return dict(one)
        ahead += one.get("children", [])
    return {}


def truth(found: Json, id_: str) -> str | None:
    """How one criterion of an answer was judged."""
    return node(found, id_).get("truth")
