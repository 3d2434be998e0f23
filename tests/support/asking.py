"""A request that is met, changed in one place, and what comes of it."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from support.paths import ROOT

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.library import load_library
from service.library.library import Library

REQUESTS = ROOT / "tests/cases/found/requests"
Json = dict[str, Any]
BCBSMS = {"display": "Blue Cross & Blue Shield of Mississippi"}
SNOMED = "http://snomed.info/sct"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
NUCC = "http://nucc.org/provider-taxonomy"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


@lru_cache(maxsize=4)
def library(client: str = "claims_held") -> Library:
    """The documents of the checkout."""
    return load_library(ROOT, ROOT / "fixtures" / "clients" / f"{client}.yaml")


def sent(name: str = "guard-drug-policy.json") -> Json:
    """One of the requests that were found; the first of them meets all."""
    found: Json = orjson.loads((REQUESTS / name).read_bytes())
    return found


def answered(body: Json, documents: Library | None = None) -> Advice:
    """The answer to a request."""
    known = documents or library()
    hook = parse_hook_request(body, frozenset({"order-sign"}))
    return advise(known, hook, known.client("local"), AsOf("day", date(2026, 11, 21)))


def twin(body: Json, documents: Library | None = None) -> Json:
    """The twin of its only order."""
    (one,) = answered(body, documents).twins
    return one


def order(body: Json) -> Json:
    """The draft."""
    found: Json = body["context"]["draftOrders"]["entry"][0]["resource"]
    return found


def bundle(resources: Sequence[Json]) -> Json:
    """A search set."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [{"resource": one} for one in resources],
    }


def changed(change: Callable[[Json], object], name: str = "guard-drug-policy.json") -> Json:
    """A request with something put right or wrong in it."""
    body = deepcopy(sent(name))
    change(body)
    return body


def truths(found: Json) -> dict[str, str]:
    """Every criterion of a twin with its truth."""
    waiting, known = list(found["criteria"]), {}
    while waiting:
        one = waiting.pop()
        known[one["id"]] = one["truth"]
        waiting += one.get("children", [])
    return known
