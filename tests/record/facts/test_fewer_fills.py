"""With fewer fills of the drug on record no response to it is more met."""

from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.changed import DAY, Json, entries
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.library import load_library
from service.library.library import Library

RENEWALS = [
    *sorted(path for path in (ROOT / "fixtures").glob("*renewal*.json")),
    ROOT / "tests/cases/found/requests/guard-renewal-better-since-restart.json",
]
HOOKS = frozenset({"order-sign", "order-select"})
# Exacerbations off the drug do not count (O19), so that fills change which ones are compared.
BY_DAYS = {"copd.renewal.response", "copd.renewal.response.exacerbations"}
CLIENTS = ("claims_and_authorizations_held", "new_member")


@cache
def library(client: str) -> Library:
    return load_library(ROOT, ROOT / f"fixtures/clients/{client}.yaml")


def responses(asked: Json, client: str) -> dict[str, str]:
    """The truth of each criterion of the response, by its id."""
    request = parse_hook_request(deepcopy(asked), HOOKS)
    documents = library(client)
    advice = advise(documents, request, documents.client("local"), AsOf("day", DAY))
    return {
        one["id"]: one["truth"]
        for twin in advice.twins
        for one in every(twin["criteria"])
        if ".renewal.response" in one["id"]
    }


def every(criteria: list[Json]) -> list[Json]:
    return [one for each in criteria for one in (each, *every(each.get("children", [])))]


def with_fewer(asked: Json, *, newest_first: bool) -> list[Json]:
    """The request with all fills of the drug, then without one after the other."""
    drug = [
        entry
        for key in ("claims", "dispenses")
        for entry in entries(asked, key)
        if "dupilumab" in str(entry).lower()
    ]
    drug.sort(key=lambda entry: str(day_of(entry["resource"])), reverse=newest_first)
    found = [deepcopy(asked)]
    for gone in drug:
        for key in ("claims", "dispenses"):
            held = entries(asked, key)
            held[:] = [entry for entry in held if entry is not gone]
        found.append(deepcopy(asked))
    return found


def day_of(resource: Json) -> object:
    period = resource.get("billablePeriod")
    return period["start"] if period else resource.get("whenHandedOver")


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("path", RENEWALS, ids=lambda path: path.stem)
def test_no_response_is_met_with_fewer_fills_and_not_with_more(
    path: Path, client: str, newest_first: bool
) -> None:
    asked: Any = parse_body(path.read_bytes())
    answers = [responses(one, client) for one in with_fewer(asked, newest_first=newest_first)]
    for more, fewer in pairwise(answers):
        risen = {id_ for id_, truth in fewer.items() if truth == "met" and more[id_] != "met"}
        assert not risen - BY_DAYS


def test_fixtures_have_fills_to_remove() -> None:
    requests: list[Any] = [parse_body(path.read_bytes()) for path in RENEWALS]
    counts = [len(with_fewer(asked, newest_first=True)) for asked in requests]
    assert max(counts) > 10
    assert sum(count > 1 for count in counts) > 3
