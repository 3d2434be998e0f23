"""Every answer to every recorded request has the shape that the specification asks."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from support.card_rules import invalid
from support.sent import EXTENSION, RECORDED, Json, order, recorded, with_order

Ask = Callable[[Json], Any]
Replayed = Callable[[str], Any]
CARD = {"uuid", "summary", "detail", "indicator", "source", "suggestions", "selectionBehavior"}
CARD |= {"overrideReasons", "links", "extension"}
SUGGESTION = {"label", "uuid", "isRecommended", "actions"}
ACTION = {"type", "description", "resource", "resourceId"}
NOT_SENT = {"systemActions", "isRecommended", "links"}
UPDATE, REPLACE, CREATE = ["update"], ["delete", "create"], ["create"]
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
def test_an_answer_is_strict_json(replayed: Replayed, name: str) -> None:
    answer = replayed(name)
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    text = answer.data.decode("utf-8", errors="strict")
    read = json.loads(text, object_pairs_hook=unique, parse_constant=refused)
    assert isinstance(read["cards"], list)


@pytest.mark.conforms("RESP-04", "RESP-05", "CARD-12", "SUG-04", "EXT-01")
@pytest.mark.parametrize("name", RECORDED)
def test_answer_holds_no_null_and_nothing_empty(replayed: Replayed, name: str) -> None:
    for key, value in values(replayed(name).json):
        assert value not in (None, "", {}), key
        assert value != [] or key == "cards", key
        if key == "resource":
            assert value["resourceType"]
        if key == "extension":
            assert set(value) == {EXTENSION}


@pytest.mark.conforms("RESP-07", "SUG-05")
@pytest.mark.parametrize("name", RECORDED)
def test_no_member_but_those_of_the_specification(replayed: Replayed, name: str) -> None:
    answer = replayed(name).json
    assert set(answer) <= {"cards", "systemActions"}
    for card in answer["cards"]:
        assert set(card) <= CARD
        assert set(card["source"]) <= {"label", "url", "icon", "topic"}
        for suggestion in card.get("suggestions", ()):
            assert set(suggestion) <= SUGGESTION
            assert all(set(action) <= ACTION for action in suggestion["actions"])


@pytest.mark.conforms("RESP-03", "SUG-03", "LINK-01")
def test_what_the_checklist_calls_unused_is_not_sent(replayed: Replayed) -> None:
    """Where this fails a member is sent now: its line of the checklist is not `unused` any more."""
    for name in RECORDED:
        answer = replayed(name).json
        assert not NOT_SENT & {member for member, _ in values(answer)}


@pytest.mark.conforms("ACT-01")
def test_the_recordings_bring_everything_that_is_sent(replayed: Replayed) -> None:
    """Where this fails, what is said below of a kind of suggestion is said of nothing."""
    cards = [card for name in RECORDED for card in replayed(name).json["cards"]]
    suggestions = [one for card in cards for one in card.get("suggestions", ())]
    found = [kinds(one) for one in suggestions]
    assert all(one in found for one in (UPDATE, CREATE))
    assert all(card["overrideReasons"] for card in cards)


def kinds(suggestion: Json) -> list[str]:
    """What each action of a suggestion does, in their order."""
    return [one["type"] for one in suggestion["actions"]]


@pytest.mark.conforms("CARD-10", "CARD-11", "SUG-01", "SUG-03")
@pytest.mark.parametrize("name", RECORDED)
def test_choices_are_said_in_full(replayed: Replayed, name: str) -> None:
    for card in replayed(name).json["cards"]:
        suggestions = card.get("suggestions", [])
        behavior = card.get("selectionBehavior")
        assert behavior in {"at-most-one", "any"} if suggestions else behavior is None
        assert all(one["label"].strip() for one in suggestions)
        recommended = [one for one in suggestions if one.get("isRecommended") is True]
        assert len(recommended) <= 1 or behavior == "any"
        for reason in card.get("overrideReasons", ()):
            assert set(reason) == {"code", "system", "display"}
            assert all(part.strip() for part in reason.values())


@pytest.mark.conforms(
    "ACT-01", "ACT-02", "ACT-03", "ACT-04", "ACT-05", "ACT-07", "ACT-08", "CRD-15"
)
@pytest.mark.parametrize("name", RECORDED)
def test_actions_are_about_orders_that_were_sent_or_whole_new_ones(
    replayed: Replayed, name: str
) -> None:
    body = recorded(name)
    for card in replayed(name).json["cards"]:
        for suggestion in card.get("suggestions", ()):
            found = kinds(suggestion)
            assert found in (UPDATE, REPLACE) or set(found) == set(CREATE)
            assert "links" not in card
            for action in suggestion["actions"]:
                assert action["description"].strip()
                check(action, body)


def check(action: Json, body: Json) -> None:
    """One action against the request that it answers."""
    sent = [one["resource"] for one in body["context"]["draftOrders"]["entry"]]
    known = {f"{one['resourceType']}/{one['id']}" for one in sent}
    match action:
        case {"type": "delete", "resourceId": target}:
            assert target in known
            assert "resource" not in action
        case {"type": "update", "resource": {"resourceType": kind, "id": id_}}:
            assert f"{kind}/{id_}" in known
            assert "resourceId" not in action
        case {"type": "create", "resource": new}:
            assert "resourceId" not in action
            assert "id" not in new
            assert list(invalid(new)) == []
            assert (new["status"], new["intent"]) == ("draft", "order")
            assert new["subject"] == {"reference": f"Patient/{body['context']['patientId']}"}
            drugs = {"medicationCodeableConcept", "medicationReference"} & set(new)
            assert len(drugs) == (new["resourceType"] == "MedicationRequest")
        case _:
            pytest.fail(f"{action['type']}: no such action")


@pytest.mark.conforms("CARD-01", "CARD-05", "CARD-06", "CARD-07", "SUG-02", "LINK-04", "CRD-09")
@pytest.mark.parametrize("name", RECORDED)
def test_cards_and_suggestions_have_ids_and_cards_a_source(replayed: Replayed, name: str) -> None:
    cards = replayed(name).json["cards"]
    named = [*cards, *(one for card in cards for one in card.get("suggestions", ()))]
    assert len({UUID(one["uuid"]) for one in named}) == len(named)
    for card in cards:
        assert card["source"]["label"].strip()
        assert ABSOLUTE.fullmatch(card["source"].get("url", "https://none"))
        assert all(isinstance(card["source"]["topic"][one], str) for one in ("code", "system"))


@pytest.mark.conforms("CRD-11", "CRD-30")
def test_one_service_answers_for_every_payer_and_names_it(ask: Ask) -> None:
    labels = {}
    for name in ("p001-initial", "other-payer", "coverage-not-sent"):
        card = ask(recorded(name))["cards"][0]
        labels[name] = card["source"]["label"]
    ours, other = "Blue Cross & Blue Shield of Mississippi", "Coverage criteria for dupilumab"
    assert labels == {"p001-initial": ours, "other-payer": other, "coverage-not-sent": other}


@pytest.fixture
def weekly() -> Json:
    return recorded("wrong-dose-weekly")


@pytest.mark.conforms("ACT-01", "ACT-05", "CARD-10")
def test_a_wrong_dose_brings_one_update_of_the_order_that_was_sent(ask: Ask, weekly: Json) -> None:
    card = ask(weekly)["cards"][0]
    assert card["selectionBehavior"] == "at-most-one"
    ((action,),) = (one["actions"] for one in card["suggestions"])
    assert (action["type"], action["resource"]["id"]) == ("update", order(weekly)["id"])


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
    card = ask(sent)["cards"][0]
    proposed = card["suggestions"][0]["actions"][0]["resource"]
    changed = {"dosageInstruction", "dispenseRequest"}
    kept = {name: value for name, value in order(sent).items() if name not in changed}
    assert {name: value for name, value in proposed.items() if name not in changed} == kept
    refills = order(sent)["dispenseRequest"]["numberOfRepeatsAllowed"]
    assert proposed["dispenseRequest"]["numberOfRepeatsAllowed"] == refills
    assert [one["route"] for one in proposed["dosageInstruction"]] == [ROUTE, ROUTE]
