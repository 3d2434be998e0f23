"""A score with the end of its scale behind it, as '7/10', is that score; of another scale it is none."""

import copy
import json
from datetime import date
from typing import Any

import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.library import load_library

DAY = date(2026, 11, 21)
BASE = json.loads((ROOT / "fixtures/pn-fully-met.json").read_text())


@pytest.fixture(scope="module")
def library() -> Any:
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


def with_itch(library: Any, change: dict[str, Any]) -> Any:
    body = copy.deepcopy(BASE)
    for entry in body["prefetch"]["observations"]["entry"]:
        one = entry["resource"]
        if "WI_NRS" in json.dumps(one["code"]):
            for key in [key for key in one if key.startswith("value")]:
                del one[key]
            one.update(change)
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    return advise(library, hook, library.client("local"), AsOf("day", DAY)).twins


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ({"valueString": "9/10"}, "met"),
        ({"valueString": "9 / 10"}, "met"),
        ({"valueQuantity": {"value": 9, "unit": "/10"}}, "met"),
        ({"valueString": "3/10"}, "not_met"),
        ({"valueString": "9/100"}, "unknown"),
        ({"valueString": "9/10/2026"}, "unknown"),
        ({"valueQuantity": {"value": 9, "unit": "/100"}}, "unknown"),
    ],
)
def test_a_score_and_the_end_of_its_scale(
    library: Any, value: dict[str, Any], outcome: str
) -> None:
    (twin,) = with_itch(library, value)
    assert twin["outcome"] == outcome


@pytest.mark.parametrize(
    "concept",
    [
        {"text": "Dupi-lumab"},
        {"coding": [{"system": "http://snomed.info/sct", "code": "733487000"}]},
    ],
)
def test_a_draft_by_another_spelling_or_by_snomed_is_ours(library: Any, concept: Any) -> None:
    body = copy.deepcopy(BASE)
    body["context"]["draftOrders"]["entry"][0]["resource"]["medicationCodeableConcept"] = concept
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    assert advise(library, hook, library.client("local"), AsOf("day", DAY)).twins
