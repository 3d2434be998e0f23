"""Every answer to every recorded request has the shape that the specification asks."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from conformance.sent import EXTENSION, RECORDED, Json, order, recorded, with_order
from werkzeug.test import TestResponse

Ask = Callable[[Json], Any]
Send = Callable[[Json], TestResponse]
CARD = {
    "uuid",
    "summary",
    "detail",
    "indicator",
    "source",
    "suggestions",
    "selectionBehavior",
    "extension",
}
ABSOLUTE = re.compile(r"https://[^\s?]+")


def values(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of an answer but those inside our extension."""
    yield name, value
    if isinstance(value, dict):
        for key, one in value.items():
            if key != EXTENSION:
                yield from values(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from values(one)


def unique(pairs: list[tuple[str, Any]]) -> Json:
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def refused(constant: str) -> None:
    pytest.fail(f"{constant} is no JSON")


@pytest.mark.conforms("RESP-01", "RESP-06")
@pytest.mark.parametrize("name", RECORDED)
def test_an_answer_is_strict_json(send: Send, name: str) -> None:
    answer = send(recorded(name))
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    text = answer.data.decode("utf-8", errors="strict")
    read = json.loads(text, object_pairs_hook=unique, parse_constant=refused)
    assert isinstance(read["cards"], list)


@pytest.mark.conforms("RESP-04", "RESP-05", "CARD-12", "SUG-04", "EXT-01")
@pytest.mark.parametrize("name", RECORDED)
def test_nothing_is_null_or_empty_and_resources_are_objects(ask: Ask, name: str) -> None:
    for key, value in values(ask(recorded(name))):
        assert value not in (None, "", {}), key
        assert value != [] or key == "cards", key
        if key == "resource":
            assert value["resourceType"]
        if key == "extension":
            assert set(value) == {EXTENSION}


@pytest.mark.conforms(
    "RESP-03", "RESP-07", "SUG-05", "LINK-01", "CARD-11", "SUG-03", "ACT-04", "ACT-07"
)
@pytest.mark.parametrize("name", RECORDED)
def test_no_member_but_those_of_the_specification(ask: Ask, name: str) -> None:
    answer = ask(recorded(name))
    assert set(answer) == {"cards"}
    for card in answer["cards"]:
        assert set(card) <= CARD
        assert set(card["source"]) <= {"label", "url", "topic"}
        for suggestion in card.get("suggestions", ()):
            assert set(suggestion) == {"label", "uuid", "actions"}
            (action,) = suggestion["actions"]
            assert set(action) == {"type", "description", "resource"}


@pytest.mark.conforms("CARD-01", "CARD-05", "CARD-06", "CARD-07", "LINK-04")
@pytest.mark.parametrize("name", RECORDED)
def test_a_card_has_an_id_and_a_source(ask: Ask, name: str) -> None:
    for card in ask(recorded(name))["cards"]:
        assert UUID(card["uuid"]).version == 4
        assert card["source"]["label"].strip()
        assert ABSOLUTE.fullmatch(card["source"].get("url", "https://none"))
        assert all(isinstance(card["source"]["topic"][one], str) for one in ("code", "system"))


@pytest.mark.conforms("CRD-11", "CRD-30")
def test_one_service_answers_for_every_payer_and_names_it(ask: Ask) -> None:
    labels = {}
    for name in ("p001-initial", "other-payer", "coverage-not-sent"):
        (card,) = ask(recorded(name))["cards"]
        labels[name] = card["source"]["label"]
    ours, other = "Blue Cross & Blue Shield of Mississippi", "Coverage criteria for dupilumab"
    assert labels == {"p001-initial": ours, "other-payer": other, "coverage-not-sent": other}


@pytest.fixture
def weekly() -> Json:
    return recorded("wrong-dose-weekly")


@pytest.mark.conforms(
    "CARD-10", "SUG-01", "SUG-02", "ACT-01", "ACT-02", "ACT-03", "ACT-05", "CRD-09"
)
def test_a_suggestion_is_one_update_of_the_order_that_was_sent(ask: Ask, weekly: Json) -> None:
    (card,) = ask(weekly)["cards"]
    assert card["selectionBehavior"] == "at-most-one"
    (suggestion,) = card["suggestions"]
    assert suggestion["label"].strip()
    assert UUID(suggestion["uuid"]) != UUID(card["uuid"])
    (action,) = suggestion["actions"]
    assert action["type"] == "update"
    assert action["description"].strip()
    sent, proposed = order(weekly), action["resource"]
    assert (proposed["resourceType"], proposed["id"]) == (sent["resourceType"], sent["id"])


KEPT: Json = {
    "extension": [{"url": "https://ehr.example.org/x", "valueString": "ours"}],
    "contained": [{"resourceType": "Organization", "id": "o", "name": "Clinic"}],
    "meta": {"versionId": "3"},
    "note": [{"text": "call first"}],
    "_authoredOn": {"id": "a"},
    "priority": "routine",
}
ROUTE = {"text": "subcutaneous"}


@pytest.mark.conforms("ACT-06")
def test_an_update_keeps_what_it_does_not_mean_to_change(ask: Ask, weekly: Json) -> None:
    sent = with_order(weekly, **KEPT)
    (card,) = ask(sent)["cards"]
    proposed = card["suggestions"][0]["actions"][0]["resource"]
    changed = {"dosageInstruction", "dispenseRequest"}
    kept = {name: value for name, value in order(sent).items() if name not in changed}
    assert {name: value for name, value in proposed.items() if name not in changed} == kept
    refills = order(sent)["dispenseRequest"]["numberOfRepeatsAllowed"]
    assert proposed["dispenseRequest"]["numberOfRepeatsAllowed"] == refills
    assert [one["route"] for one in proposed["dosageInstruction"]] == [ROUTE, ROUTE]
