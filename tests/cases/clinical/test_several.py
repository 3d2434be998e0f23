"""A loading dose and the doses after it drafted as two orders: one drug, told once."""

from copy import deepcopy
from datetime import date
from typing import Any

from support.cases.request import client, request
from support.cases.run import library

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)


def two_drafts(given: dict[str, Any]) -> Advice:
    body = request(given, DAY)
    entries = body["context"]["draftOrders"]["entry"]
    second = deepcopy(entries[0])
    second["resource"]["id"] = "second"
    entries.append(second)
    hook = parse_hook_request(body, frozenset(["order-sign"]))
    return advise(library(), hook, client(given, DAY), AsOf("day", DAY))


def test_a_replacement_removes_every_draft_of_the_drug_and_is_offered_once() -> None:
    cards = two_drafts({"allergies": [{"to": "dupilumab"}]}).cards
    topics = [one["source"]["topic"]["code"] for one in cards]
    assert topics[:3] == ["coverage-info", "coverage-info", "therapy-alternatives-opt"]
    update, delete = cards[2]["suggestions"][0]["actions"]
    assert (update["type"], update["resource"]["id"]) == ("update", "rx1")
    assert (delete["type"], delete["resourceId"]) == ("delete", "MedicationRequest/second")


def test_the_dose_of_one_of_two_drafts_is_not_put_right_alone() -> None:
    given = {"order": {"dose": "300 mg", "every": "7 days", "loading": "600 mg"}}
    for card in two_drafts(given).cards:
        labels = [one["label"] for one in card.get("suggestions", ())]
        assert not any("dose" in label.lower() for label in labels)
