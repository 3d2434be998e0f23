"""A plain yes or no of the prescriber, however a questionnaire sends it; anything else stays a question."""

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
BASE = json.loads((ROOT / "fixtures/initial-fully-met.json").read_text())
LOCAL = "urn:oid:1.2.3.4.5"
SCT = "http://snomed.info/sct"
YES = [
    {"valueString": "Yes"},
    {"valueString": " yes. "},
    {"valueString": "Y"},
    {"valueInteger": 1},
    {"valueDecimal": 1.0},
    {"valueCoding": {"system": LOCAL, "code": "7", "display": "Yes"}},
    {"valueCoding": {"display": "yes"}},
    {"valueCoding": {"system": SCT, "code": "373066001"}},
]
NO = [
    {"valueString": "No"},
    {"valueInteger": 0},
    {"valueCoding": {"system": LOCAL, "code": "8", "display": "No"}},
]
NEITHER: list[dict[str, Any]] = [
    {"valueString": "Yes, but not since May"},
    {"valueString": "none"},
    {"valueString": "positive"},
    {"valueInteger": 2},
    {"valueString": 1},
    {"valueInteger": "1"},
    {"valueInteger": [1]},
    {"valueDate": "2026-01-01"},
    {"valueCoding": {"system": LOCAL, "code": "7", "display": "Unsure"}},
    {"valueCoding": {"system": SCT, "code": "373066001", "display": "No"}},
]


@pytest.fixture(scope="module")
def library() -> Any:
    return load_library(ROOT, ROOT / "fixtures/clients/claims_held.yaml")


def truths(library: Any, value: Any) -> list[str]:
    """The truth of each criterion once every statement has this value; all met with a plain yes."""
    body = copy.deepcopy(BASE)
    for entry in body["prefetch"]["answers"]["entry"]:
        for item in entry["resource"]["item"]:
            item["answer"] = [value]
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    twin = advise(library, hook, library.client("local"), AsOf("day", DAY)).twins[0]
    return [one["truth"] for one in _nodes(twin["criteria"])]


def _nodes(criteria: Any) -> Any:
    for one in criteria:
        yield one
        yield from _nodes(one.get("children", ()))


@pytest.mark.parametrize("value", YES)
def test_a_plain_yes(library: Any, value: Any) -> None:
    assert truths(library, value) == truths(library, {"valueBoolean": True})


@pytest.mark.parametrize("value", NO)
def test_a_plain_no(library: Any, value: Any) -> None:
    assert truths(library, value) == truths(library, {"valueBoolean": False})


@pytest.mark.parametrize("value", NEITHER)
def test_answer_that_is_no_plain_yes_or_no_is_a_question(library: Any, value: Any) -> None:
    found = truths(library, value)
    assert found not in (
        truths(library, {"valueBoolean": True}),
        truths(library, {"valueBoolean": False}),
    )
