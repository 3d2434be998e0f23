"""Gaps on the coverage card: what is suggested, what is not, and that accepting it helps."""

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from support.card_rules import invalid
from support.cases.request import client, request
from support.cases.run import library
from support.cases.words import quantity
from support.paths import ROOT

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
Json = dict[str, Any]
ASTHMA: Json = {
    "order": {"reason": "asthma"},
    "diagnoses": [{"is": "asthma"}],
    "prescriber": "pulmonology",
}
STEROID = {
    "drug": "fluticasone 220 inhaler",
    "quantity": "120 puffs",
    "days": 30,
    "on": "20 days ago",
}
UNCOUNTED: Json = {
    **ASTHMA,
    "diagnoses": [{"is": "asthma"}, {"is": "eosinophilic asthma"}],
    "claims_held": "2015-01-01",
    "authorizations_held": "2015-01-01",
    "claims": [
        {**STEROID, "quantity": "720 puffs", "days": 180, "on": "170 days ago"},
        {"drug": "montelukast", "days": 180, "on": "170 days ago"},
        {"drug": "prednisone", "days": 5, "on": "150 days ago"},
        {"drug": "prednisone", "days": 5, "on": "60 days ago"},
    ],
    "statements": {
        "yes": ["asthma.initial.will_continue_controller", "common.initial.dsp_pharmacy"]
    },
}
EOSINOPHILS, FENO = "711-2", "96269-6"


def replied(given: Json, sent: Json) -> Advice:
    hook = parse_hook_request(deepcopy(sent), frozenset({"order-sign"}))
    return advise(library(), hook, client(given, DAY), AsOf("day", DAY))


def suggestions(advice: Advice) -> list[tuple[str, Json]]:
    """What the coverage card suggests: about what, and its one action."""
    (told,) = (one for one in advice.shown_cards if one.kind == "coverage")
    found = told.card.get("suggestions", [])
    return [(told.about[one["uuid"]], one["actions"][0]) for one in found]


def codes_of(given: Json) -> list[str]:
    """The codes that are ordered or asked to be recorded."""
    found = suggestions(replied(given, request(given, DAY)))
    return [
        one["resource"]["code"]["coding"][0]["code"] for about, one in found if "test:" in about
    ]


def accepted(sent: Json, action: Json) -> Json:
    """The request after an action was applied, as the EHR sends it again."""
    after = deepcopy(sent)
    entries = after["context"]["draftOrders"]["entry"]
    resource = action["resource"]
    if action["type"] == "update":
        (entry,) = (one for one in entries if one["resource"]["id"] == resource["id"])
        entry["resource"] = resource
    else:
        entries.append({"resource": resource | {"id": "new"}})
    return after


def test_asthma_without_tests_gets_those_of_the_usual_routes_once_each() -> None:
    """The usual route to uncontrolled asthma is by exacerbations: FEV1 is told as another way."""
    assert codes_of(ASTHMA) == [EOSINOPHILS, FENO]


def test_a_count_that_is_there_is_not_ordered_again() -> None:
    counted = {"what": "blood eosinophils", "value": "300 cells/uL", "on": "20 days ago"}
    held = {"claims_held": "2015-01-01", "claims": [STEROID], "findings": [counted]}
    assert EOSINOPHILS in codes_of(ASTHMA)
    assert EOSINOPHILS not in codes_of({**ASTHMA, **held})


def test_nothing_is_ordered_that_may_stand_in_what_was_not_sent() -> None:
    assert codes_of({**ASTHMA, "not_sent": "observations"}) == []


@pytest.mark.parametrize(
    "trace",
    [
        {"dispenses": [{"drug": "dupilumab", "days": 28, "on": "100 days ago"}]},
        {"orders": [{"drug": "dupilumab", "on": "100 days ago"}]},
        {"not_sent": ["medicationStatements", "medications", "dispenses", "claims"]},
    ],
    ids=["dispensed", "ordered", "no list of drugs came"],
)
def test_test_needed_before_the_first_dose_is_not_ordered_after_it(trace: Json) -> None:
    assert EOSINOPHILS not in codes_of({**ASTHMA, **trace})


def test_a_value_of_today_tells_the_response_of_one_who_may_be_on_the_drug() -> None:
    dispensed = {"dispenses": [{"drug": "dupilumab", "days": 28, "on": "100 days ago"}]}
    assert "Record the body surface area affected" in recorded(dispensed)


def recorded(given: Json) -> list[str]:
    """What is to be entered in the chart, as the twin has it."""
    found: list[str] = replied(given, request(given, DAY)).twins[0].get("toRecord", [])
    return found


def labels(given: Json) -> list[str]:
    (card,) = (
        one.card
        for one in replied(given, request(given, DAY)).shown_cards
        if one.kind == "coverage"
    )
    return [one["label"] for one in card.get("suggestions", [])]


def test_a_missing_body_surface_is_entered_in_the_chart_for_no_order_can_do_that() -> None:
    assert "Record the body surface area affected" in recorded({})
    assert labels({}) == []


def test_a_body_surface_that_is_known_is_not_asked_for() -> None:
    known = {"what": "affected body surface", "value": "12 %", "on": "5 days ago"}
    assert "Record the body surface area affected" not in recorded({"findings": [known]})


def test_a_test_that_is_drafted_already_is_not_suggested_again() -> None:
    sent = request(ASTHMA, DAY)
    first = suggestions(replied(ASTHMA, sent))
    for _, action in first:
        assert list(invalid(action["resource"])) == []
        again = suggestions(replied(ASTHMA, accepted(sent, action)))
        assert action["resource"]["code"] not in [one["resource"]["code"] for _, one in again]


def test_the_result_of_the_ordered_count_closes_its_gap() -> None:
    given = UNCOUNTED
    sent = request(given, DAY)
    actions = [one["resource"]["code"] for _, one in suggestions(replied(given, sent))]
    (code,) = (one for one in actions if one["coding"][0]["code"] == EOSINOPHILS)
    assert replied(given, sent).twins[0]["outcome"] == "unknown"
    result = {
        "resourceType": "Observation",
        "id": "result",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": code,
        "effectiveDateTime": DAY.isoformat(),
        "valueQuantity": quantity("300 cells/uL"),
    }
    sent["prefetch"]["observations"]["entry"].append({"resource": result})
    after = replied(given, sent)
    assert after.twins[0]["outcome"] == "met"
    assert EOSINOPHILS not in [
        one["resource"]["code"]["coding"][0]["code"] for _, one in suggestions(after)
    ]


URTICARIA = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L50.1"}
MISSING: Json = {"order": {"reason": None}}


def reason(given: Json, changes: Json | None = None) -> tuple[Json, list[tuple[str, Json]]]:
    """The request, and the suggestions that name a reason."""
    sent = request(given, DAY)
    sent["context"]["draftOrders"]["entry"][0]["resource"] |= changes or {}
    found = suggestions(replied(given, sent))
    return sent, [one for one in found if "reason" in one[0]]


def test_a_reason_that_is_missing_is_added_and_everything_else_stays() -> None:
    changes = {
        "extension": [{"url": "https://ehr.example/x", "valueString": "kept"}],
        "note": [{"text": "kept"}],
        "contained": [{"resourceType": "Medication", "id": "m"}],
    }
    sent, found = reason(MISSING, changes)
    ((about, action),) = found
    draft = sent["context"]["draftOrders"]["entry"][0]["resource"]
    assert (about, action["type"]) == ("add_reason:ad", "update")
    same = {name: value for name, value in action["resource"].items() if "reason" not in name}
    assert same == {name: value for name, value in draft.items() if "reason" not in name}
    assert action["resource"]["reasonReference"] == [{"reference": "Condition/diagnoses-1"}]
    assert list(invalid(action["resource"])) == []


def test_the_reason_that_was_accepted_is_the_one_that_is_judged() -> None:
    two = {
        **MISSING,
        "diagnoses": [{"is": "atopic dermatitis", "severity": "severe"}, {"is": "asthma"}],
    }
    sent, found = reason(two)
    assert [about for about, _ in found] == ["add_reason:ad", "add_reason:asthma"]
    for name, action in found:
        after = replied(two, accepted(sent, action))
        assert list(after.twins[0]["indications"]) == [name.removeprefix("add_reason:")]
        assert not [one for one in suggestions(after) if "reason" in one[0]]


GIVEN_REASONS: dict[str, Json] = {
    "a disease that the policy does not name": {"reasonCode": [{"coding": [URTICARIA]}]},
    "words that name no disease of the policy": {"reasonCode": [{"text": "itchy for years"}]},
    "words that name another disease": {"reasonCode": [{"text": "chronic hives"}]},
    "a code that nobody knows": {"reasonCode": [{"coding": [{"system": "urn:x", "code": "7"}]}]},
    "a diagnosis that was not sent": {"reasonReference": [{"reference": "Condition/elsewhere"}]},
    "a diagnosis by its name alone": {"reasonReference": [{"display": "chronic hives"}]},
}


@pytest.mark.parametrize("given", GIVEN_REASONS.values(), ids=GIVEN_REASONS)
@pytest.mark.parametrize("disease", ["atopic dermatitis", "asthma", "COPD", "prurigo nodularis"])
def test_a_reason_that_the_order_gives_is_never_put_aside(given: Json, disease: str) -> None:
    assert reason({**MISSING, "diagnoses": [{"is": disease}]}, given)[1] == []


def test_a_diagnosis_that_the_words_of_the_order_point_at_is_offered() -> None:
    given = {
        "reasonCode": [{"coding": [{"system": "urn:x", "code": "7"}], "text": "Eczema, severe"}]
    }
    two = {**MISSING, "diagnoses": [{"is": "atopic dermatitis"}, {"is": "asthma"}]}
    assert [about for about, _ in reason(two, given)[1]] == ["add_reason:ad"]


def test_without_a_diagnosis_no_reason_is_named() -> None:
    assert reason({**MISSING, "diagnoses": []})[1] == []


def test_a_refuted_diagnosis_is_no_reason() -> None:
    given = {**MISSING, "diagnoses": [{"is": "atopic dermatitis", "verified": "refuted"}]}
    assert reason(given)[1] == []


def test_of_several_reasons_one_is_chosen() -> None:
    two = {**MISSING, "diagnoses": [{"is": "atopic dermatitis"}, {"is": "asthma"}]}
    (card,) = (
        one.card for one in replied(two, request(two, DAY)).shown_cards if one.kind == "coverage"
    )
    assert card["selectionBehavior"] == "at-most-one"


def test_a_wrong_dose_and_a_missing_reason_are_put_right_by_one_suggestion() -> None:
    given = {"order": {"reason": None, "dose": "301 mg"}}
    sent = request(given, DAY)
    ((about, action),) = suggestions(replied(given, sent))
    assert about == "repair+add_reason:ad"
    assert action["type"] == "update"
    after = replied(given, accepted(sent, action))
    assert not [one for one in suggestions(after) if one[1]["type"] == "update"]
    assert list(after.twins[0]["indications"]) == ["ad"]


def test_where_another_program_decides_no_gap_is_closed() -> None:
    sent = request(MISSING, DAY)
    assert suggestions(replied(MISSING, sent))
    story = json.loads((ROOT / "fixtures/state-health-plan.json").read_text(encoding="utf-8"))
    assert not any("suggestions" in one.card for one in replied({}, story).shown_cards)


def test_the_label_says_the_dose_that_is_ordered() -> None:
    given = {"findings": [{"what": "affected body surface", "value": "1 %", "on": "5 days ago"}]}
    given["findings"].append({"what": "palms or soles", "value": "no", "on": "5 days ago"})
    told = [
        one for one in replied(given, request(given, DAY)).shown_cards if one.kind == "alternatives"
    ]
    labels_ = [one["label"] for one in told[0].card["suggestions"]]
    (said,) = (one for one in labels_ if "methotrexate" in one and "tests" not in one)
    assert "7.5 mg" in said
    assert "25 mg" not in said
