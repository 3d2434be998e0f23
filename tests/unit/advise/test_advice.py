"""One request answered: which drafts are judged, on which day, and which cards are shown."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from support.cases.run import library
from support.visits import DAY, ORDERS, Json, body_of, order_in

from service.advise.advice import MOST_CARDS, MOST_DRAFTS, Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.errors import RequestError
from service.facts.client import Client

HOOKS = frozenset({"order-sign", "order-select"})
DAY_OF = AsOf("day", DAY)
HELD: dict[str, bool | date] = {"record": True, "claims": True}


def advised(body: Json, as_of: AsOf = DAY_OF, **client: Any) -> Advice:
    who = Client("local", HELD, **client)
    return advise(library(), parse_hook_request(body, HOOKS), who, as_of)


def drafted(body: Json, *ids: str, **changes: object) -> Json:
    """The request with copies of its order under these ids behind it."""
    entries = body["context"]["draftOrders"]["entry"]
    entries += [{"resource": {**deepcopy(order_in(body)), "id": id_, **changes}} for id_ in ids]
    return body


def judged(found: Advice) -> list[str]:
    return [twin["order"] for twin in found.twins]


def test_draft_for_the_drug_is_judged_and_another_order_is_not() -> None:
    body = body_of({})
    test = {"resourceType": "ServiceRequest", "id": "lab", "subject": {"reference": "Patient/p1"}}
    other = {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "860975"}]
    }
    drafted(body, "rx2", medicationCodeableConcept=other)
    body["context"]["draftOrders"]["entry"].append({"resource": test})
    assert judged(advised(body)) == ["MedicationRequest/rx1"]


def test_request_without_an_order_of_a_drug_is_not_answered() -> None:
    body = body_of({})
    order_in(body)["resourceType"] = "ServiceRequest"
    assert advised(body) == Advice()


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (f"{ORDERS}/rx2", ["MedicationRequest/rx2"]),
        ("rx2", ["MedicationRequest/rx2"]),
        ("Observation/rx2", []),
        (f"{ORDERS}/rx3", []),
    ],
)
def test_selected_draft_alone_is_judged(selection: str, expected: list[str]) -> None:
    body = drafted(body_of({}, "order-select"), "rx2")
    body["context"]["selections"] = [selection]
    assert judged(advised(body)) == expected


def test_selection_may_name_the_url_of_the_entry() -> None:
    body = body_of({}, "order-select")
    entry = body["context"]["draftOrders"]["entry"][0]
    entry["fullUrl"] = "urn:uuid:0b8e4a63-7c58-4b6e-8a3c-6ad8d8f0a111"
    body["context"]["selections"] = [entry["fullUrl"]]
    assert judged(advised(body)) == ["MedicationRequest/rx1"]


@pytest.mark.parametrize(("count", "accepted"), [(MOST_DRAFTS, True), (MOST_DRAFTS + 1, False)])
def test_more_drafts_for_one_drug_than_the_limit_are_refused(count: int, accepted: bool) -> None:
    body = drafted(body_of({"coverage": None}), *(f"rx{n}" for n in range(2, count + 1)))
    if accepted:
        found = advised(body)
        assert len(found.twins) == count
        assert len(found.cards) == MOST_CARDS
    else:
        with pytest.raises(RequestError) as refused:
            advised(body)
        assert refused.value.status == 413


def test_order_cannot_be_judged_without_the_patient() -> None:
    body = body_of({})
    del body["prefetch"]["patient"]
    with pytest.raises(RequestError) as refused:
        advised(body)
    assert refused.value.status == 412
    other = {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "860975"}]
    }
    order_in(body)["medicationCodeableConcept"] = other
    assert advised(body).orders == ()


def test_coverage_of_each_order_is_shown_before_all_else() -> None:
    body = drafted(body_of({"allergies": [{"to": "dupilumab"}]}), "rx2")
    assert [card.kind for card in advised(body).shown_cards] == [
        "coverage",
        "coverage",
        "alternatives",
        "tests",
    ]


ALL_KNOWN: Json = {
    "findings": [{"what": "affected body surface", "value": "10 %"}],
    "claims": [
        {"drug": "triamcinolone cream", "days": 60, "on": "99 days ago"},
        {"drug": "tacrolimus ointment", "days": 42, "on": "81 days ago"},
    ],
}


@pytest.mark.parametrize(
    ("given", "changes", "cards"),
    [
        (ALL_KNOWN, {}, 0),
        ({}, {}, 1),
        ({"coverage": "Aetna"}, {}, 1),
        ({"order": {"reason": None}, "diagnoses": []}, {}, 0),
    ],
    ids=["a statement is open", "data are open", "no policy", "the reason is missing"],
)
def test_what_is_asked_when_signing_is_not_shown_when_the_order_is_only_selected(
    given: Json, changes: Json, cards: int
) -> None:
    selected = advised(body_of(given, "order-select", **changes))
    assert len(selected.orders) == 1
    assert len(selected.shown_cards) == cards
    assert advised(body_of(given, **changes)).shown_cards


def test_day_is_that_of_the_client_s_time_zone() -> None:
    late = AsOf("day", DAY, datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
    days = {
        hours: advised(body_of({}), late, zone=timezone(timedelta(hours=hours))).twins[0]["asOf"]
        for hours in (0, 2)
    }
    assert days == {0: "2026-11-20", 2: "2026-11-21"}


def test_decision_is_a_row_for_each_order() -> None:
    found = advised(drafted(body_of({}), "rx2"))
    assert [row["order"] for row in found.decisions] == judged(found)
    assert found.record is not None
