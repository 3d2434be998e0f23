"""A request that meets the policy, changed in one thing, and what its answer says."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from support.paths import ROOT

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.facts.client import Client
from service.library import load_library
from service.library.library import Library

DAY = date(2026, 11, 21)
BSA = "ad.initial.severity.bsa10"
STEROID = "ad.initial.trial.tcs_and_tci.tcs.supply"
OTHER_DRUG = "common.initial.no_concurrent_immunomodulator"
Json = dict[str, Any]
Change = Callable[[Json], None]


@cache
def library() -> Library:
    """The documents of the checkout for a client that holds all claims."""
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


@cache
def _plain() -> str:
    path = ROOT / "tests/cases/found/requests/guard-deceased-false.json"
    return path.read_text(encoding="utf-8")


def request() -> Json:
    """The request that meets the policy; the caller may change it."""
    found: Json = json.loads(_plain())
    del found["prefetch"]["patient"]["deceasedBoolean"]
    return found


def entries(asked: Json, key: str) -> list[Json]:
    """The entries of one key."""
    value = asked["prefetch"][key] or {"resourceType": "Bundle", "type": "searchset", "entry": []}
    asked["prefetch"][key] = value
    value.pop("total", None)
    found: list[Json] = value.setdefault("entry", [])
    return found


def first(asked: Json, key: str) -> Json:
    """The first resource of one key."""
    found: Json = entries(asked, key)[0]["resource"]
    return found


def again(asked: Json, key: str, **changes: object) -> Json:
    """Another version of the first resource of a key, put behind it."""
    found = {**deepcopy(first(asked, key)), **changes}
    entries(asked, key).append({"resource": found})
    return found


def order(asked: Json) -> Json:
    """The draft order."""
    found: Json = asked["context"]["draftOrders"]["entry"][0]["resource"]
    return found


def answer(asked: Json, day: AsOf | None = None, client: Client | None = None) -> Advice:
    """What is answered."""
    parsed = parse_hook_request(parse_body(json.dumps(asked).encode()), frozenset({"order-sign"}))
    documents = library()
    who = client or documents.client("local")
    return advise(documents, parsed, who, day or AsOf("day", DAY))


def twin(asked: Json, day: AsOf | None = None, client: Client | None = None) -> Json:
    """The twin of the one order."""
    (found,) = answer(asked, day, client).twins
    return found


def criterion(found: Mapping[str, Any], id_: str) -> Mapping[str, Any]:
    """One criterion of a twin."""
    return next(one for one in _nodes(found["criteria"]) if one["id"] == id_)


def truth(asked: Json, id_: str, day: AsOf | None = None, client: Client | None = None) -> str:
    """How one criterion stands."""
    return str(criterion(twin(asked, day, client), id_)["truth"])


def aside(found: Mapping[str, Any], key: str) -> Mapping[str, int]:
    """What was set aside of a key, by the reason."""
    (data,) = (one for one in found["data"] if one["key"] == key)
    return {one["why"]: one["count"] for one in data.get("setAside", ())}


def _nodes(criteria: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for one in criteria:
        yield one
        yield from _nodes(one.get("children", ()))
