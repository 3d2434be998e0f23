"""What a coverage card tells first: an authorization that runs, the disease, the dose, who has died."""

import json
from datetime import date
from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library
from support.paths import ROOT

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.library import load_library

DAY = date(2026, 11, 20)
HOOKS = frozenset({"order-sign"})
Json = dict[str, Any]
APPROVED: Json = {
    "authorizations_held": "yes",
    "claims_held": "yes",
    "approvals": [{"by": "BCBSMS"}],
}


def told(given: Json, sent: Json | None = None) -> Advice:
    read = parse_hook_request(sent or request(given, DAY), HOOKS)
    return advise(library(), read, client(given, DAY), AsOf("day", DAY))


def authorized(changes: Json, given: Json | None = None) -> Json:
    """The coverage card of an order with one authorization, changed."""
    given = APPROVED | (given or {})
    sent = request(given, DAY)
    sent["prefetch"]["authorizations"]["entry"][0]["resource"] |= changes
    return dict(told(given, sent).cards[0])


@pytest.mark.parametrize(
    ("start", "end", "until"),
    [
        ("2026-09-01", "2027-08-31", "Aug 31, 2027"),
        ("2025-11-21", "2026-11-20", "Nov 20"),
        ("2025-11-20", "2026-11-19", None),
        ("2026-11-20", "2027-11-19", "Nov 19, 2027"),
        ("2026-01-01", "2027", None),  # no exact end
    ],
)
def test_an_authorization_that_runs_is_told_first(start: str, end: str, until: str | None) -> None:
    card = authorized({"preAuthPeriod": {"start": start, "end": end}, "preAuthRef": "PA-7"})
    first = f"**Authorized by BCBSMS until {until}** (PA-7). This looks ahead to the renewal."
    assert card["detail"].startswith(first) is (until is not None)
    said = f"dupilumab is authorized until {until}; the renewal"
    assert (said in card["summary"]) is (until is not None)
    assert len(card["summary"]) < 140


@pytest.mark.parametrize(
    ("end", "line"),
    [
        ("2027-11-20", "Authorized by BCBSMS from Nov 21 until Nov 20, 2027** (PA-7)."),
        (None, ", from Nov 21; no last day is stated** (PA-7)."),
    ],
)
def test_an_authorization_that_begins_later_is_told_with_its_days(
    end: str | None, line: str
) -> None:
    period = {"start": "2026-11-21", **({"end": end} if end else {})}
    detail = authorized({"preAuthPeriod": period, "preAuthRef": "PA-7"})["detail"]
    assert line in detail
    assert "No clear decision" not in detail


@pytest.mark.parametrize(
    "changes",
    [
        {"insurer": {"display": "Another payer"}},
        {"status": "cancelled"},
        {"disposition": "Denied"},
        {"addItem": [{"productOrService": {"text": "adalimumab"}}]},
    ],
    ids=["another payer's", "cancelled", "denied", "another drug's"],
)
def test_unclear_authorization_is_not_shown(changes: Json) -> None:
    period = {"preAuthPeriod": {"start": "2026-09-01", "end": "2027-08-31"}}
    assert "Authorized by" not in authorized(period | changes)["detail"]


def test_the_number_of_an_authorization_is_text_of_a_chart() -> None:
    period = {"start": "2026-09-01", "end": "2027-08-31"}
    card = authorized({"preAuthPeriod": period, "preAuthRef": "<b>*1*</b>"})
    assert "<b>" not in card["detail"]
    assert "*1*" not in card["detail"].replace("\\*", "")


SETTLES = "Answer: No other immunomodulator, or does it stop first?"
CLASSES = {
    "adalimumab": 28,
    "ustekinumab": 84,
    "omalizumab": 28,
    "tezepelumab": 28,
    "deucravacitinib": 30,
    "apremilast": 30,
}


@pytest.mark.parametrize("drug", CLASSES)
def test_the_question_that_settles_another_drug_in_use_stands_with_its_last_day(drug: str) -> None:
    given = {"claims_held": "yes", "claims": [{"drug": drug, "days": 30, "on": "10 days ago"}]}
    advice = told(given)
    assert advice.twins[0]["outcome"] == "not_met"
    said = advice.cards[0]["detail"]
    assert said.startswith(f"**To do**\n- {SETTLES}\n")
    assert "No other immunomodulator at the same time: supply until " in said
    asked = "common.initial.no_concurrent_immunomodulator"
    after = told({**given, "statements": {"yes": [asked]}})
    assert after.twins[0]["outcome"] != "not_met"
    refused = told({**given, "statements": {"no": [asked]}})
    assert refused.twins[0]["outcome"] == "not_met"
    assert SETTLES not in refused.cards[0]["detail"]


def test_nothing_that_the_prescriber_cannot_settle_is_asked() -> None:
    said = told({"allergies": [{"to": "dupilumab"}], "claims_held": "yes"}).cards[0]["detail"]
    assert "**Not met**" in said
    assert "Answer:" not in said


def test_patient_who_died_meets_nothing_and_is_asked_nothing() -> None:
    sent = request({}, DAY)
    sent["prefetch"]["patient"]["deceasedBoolean"] = True
    advice = told({}, sent)
    said = advice.cards[0]["detail"]
    assert "the patient has died" in said
    assert len(advice.cards) == 1
    assert all(f"**{head}**" not in said for head in ("Met", "Please answer", "Other ways"))
    assert "The ordered dose" not in said
    assert "suggestions" not in advice.cards[0]


def story(name: str, held: str) -> list[Json]:
    known = load_library(ROOT, ROOT / f"fixtures/clients/{held}.yaml")
    sent = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
    read = parse_hook_request(sent, HOOKS)
    return list(advise(known, read, known.client("local"), AsOf("day", date(2026, 11, 21))).cards)


def test_exact_values_are_not_called_inexact_where_a_list_is_missing() -> None:
    said = story("claims-failed", "claims_held")[0]["detail"]
    assert "not exact" not in said
    assert "(0 of 28 days; not sent by the EHR)" in said


def test_of_several_replacements_only_one_can_be_taken_and_the_tests_are_free_beside_it() -> None:
    cards = story("renewal-worse", "claims_and_authorizations_held")
    found = [
        [{act["type"] for act in one["actions"]} for one in card.get("suggestions", ())]
        for card in cards
    ]
    (several,) = (n for n, types in enumerate(found) if sum("update" in one for one in types) > 1)
    assert cards[several]["selectionBehavior"] == "at-most-one"
    assert all("create" not in one for one in found[several])
    assert [{"create"}] in found


DERMATITIS = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L20.9"}]}


def two_diseases(name: str) -> Json:
    """The coverage card of an order for asthma that names atopic dermatitis too."""
    sent = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
    draft = sent["context"]["draftOrders"]["entry"][0]["resource"]
    draft["reasonCode"] = [*draft["reasonCode"], DERMATITIS]
    return dict(told({"claims_held": "yes"}, sent).cards[0])


def test_disease_that_is_not_established_is_not_named() -> None:
    card = two_diseases("asthma-fully-met")
    assert card["summary"].endswith("met for dupilumab (asthma)")
    assert card["detail"].startswith("Met for asthma alone. Atopic dermatitis has no part in this")


def test_order_for_one_disease_names_no_other() -> None:
    assert "has no part" not in story("asthma-fully-met", "claims_held")[0]["detail"]


def test_failed_disease_is_not_asked_about() -> None:
    given: Json = {"diagnoses": [{"is": "mild asthma"}, {"is": "atopic dermatitis"}]}
    given |= {"claims_held": "yes", "order": {"reason": None}}
    advice = told(given)
    assert advice.twins[0]["indications"] == {"ad": "unknown", "asthma": "not_met"}
    assert "dupilumab (atopic dermatitis) still needs" in advice.cards[0]["summary"]
