"""Prefetch as it comes: missing, null, empty, failed, in pages, of somebody else, garbage."""

from collections.abc import Callable
from typing import Any

import pytest
from support.sent import Json, decided, recorded, twins
from werkzeug.test import TestResponse

Ask = Callable[[Json], Any]
Send = Callable[[Json], TestResponse]
FAILED = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
EMPTY = {"resourceType": "Bundle", "type": "searchset"}


@pytest.fixture
def body() -> Json:
    return recorded("p001-claims")


def state(answer: Json, key: str) -> str:
    (twin,) = twins(answer)
    (found,) = (one["state"] for one in twin["data"] if one["key"] == key)
    return str(found)


KEYS = sorted(set(recorded("p001-claims")["prefetch"]) - {"patient"})


@pytest.mark.conforms("PRE-01", "CRD-19")
@pytest.mark.parametrize("key", KEYS)
def test_missing_key_is_named_on_the_card(ask: Ask, body: Json, key: str) -> None:
    del body["prefetch"][key]
    assert state(ask(body), key) == "not_supplied"


@pytest.mark.conforms("PRE-03", "HTTP-13", "HAB-06")
@pytest.mark.parametrize("prefetch", [{}, None, [], "absent"], ids=str)
def test_without_even_the_patient_the_answer_is_412(send: Send, body: Json, prefetch: Any) -> None:
    body["prefetch"] = prefetch
    if prefetch == "absent":
        del body["prefetch"]
    answer = send(body)
    assert answer.status_code == 412
    assert "prefetch.patient" in answer.get_json()["issue"][0]["diagnostics"]


@pytest.mark.conforms("PRE-04", "PRE-10", "HAB-04")
def test_all_keys_may_be_null(ask: Ask, body: Json) -> None:
    body["prefetch"] = dict.fromkeys(body["prefetch"])
    answer = ask(body)
    assert state(answer, "claims") == "empty"
    assert twins(answer)[0]["outcome"] not in {"met", "not_met"}


@pytest.mark.conforms("PRE-05")
@pytest.mark.parametrize("key", [key for key in KEYS if key != "practitioner"])
def test_an_empty_bundle_means_the_same_as_null(ask: Ask, body: Json, key: str) -> None:
    body["prefetch"][key] = None
    null = decided(ask(body))
    body["prefetch"][key] = EMPTY
    assert decided(ask(body)) == null


BROKEN: dict[str, tuple[object, str]] = {
    "an outcome": (FAILED, "failed"),
    "an outcome among the entries": ({**EMPTY, "entry": [{"resource": FAILED}]}, "failed"),
    "an outcome marked as a match": (
        {**EMPTY, "entry": [{"search": {"mode": "match"}, "resource": FAILED}]},
        "failed",
    ),
    "a first page": ({**EMPTY, "link": [{"relation": "next", "url": "x"}]}, "incomplete"),
    "another type": ({"resourceType": "Observation", "id": "o"}, "invalid"),
    "text": ("no", "invalid"),
    "DSTU2's wrapper": ({"response": {"status": "200"}, "resource": EMPTY}, "invalid"),
    "an order of DSTU2": (
        {**EMPTY, "entry": [{"resource": {"resourceType": "MedicationOrder", "id": "m"}}]},
        "invalid",
    ),
}


@pytest.mark.conforms("PRE-06", "PRE-07", "PRE-08", "HAB-15", "HAB-16", "HAB-20")
@pytest.mark.parametrize(("value", "told"), BROKEN.values(), ids=BROKEN)
def test_broken_key_is_named_on_the_card(ask: Ask, body: Json, value: object, told: str) -> None:
    body["prefetch"]["medications"] = value
    answer = ask(body)
    assert state(answer, "medications") == told
    assert "**Not available here:** " in answer["cards"][0]["detail"]


@pytest.mark.conforms("PRE-09")
def test_data_of_somebody_else_are_no_evidence(ask: Ask, body: Json) -> None:
    body["prefetch"]["claims"] = None
    without = twins(ask(body))[0]["criteria"]
    foreign = recorded("p001-claims")
    for entry in foreign["prefetch"]["claims"]["entry"]:
        entry["resource"]["patient"] = {"reference": "Patient/somebody-else"}
    answer = ask(foreign)
    assert state(answer, "claims") == "foreign"
    assert _met(twins(answer)[0]["criteria"]) <= _met(without)


def _met(nodes: list[Json]) -> set[str]:
    own = {one["id"] for one in nodes if one["truth"] == "met"}
    return own.union(*(_met(one.get("children", [])) for one in nodes))
