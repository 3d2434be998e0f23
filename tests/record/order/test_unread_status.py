"""A status that is missing, or none of its list, is a question: never "not in use", never "it counts"."""

import json
from copy import deepcopy
from typing import Any

import pytest
from support.changed import (
    BSA,
    OTHER_DRUG,
    STEROID,
    Json,
    aside,
    criterion,
    entries,
    first,
    request,
    truth,
    twin,
)
from support.paths import ROOT

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
# etanercept, and one that no list holds
ETANERCEPT = {"system": RXNORM, "code": "214555"}
UNKNOWN = {"system": "https://pharmacy.example.org/formulary", "code": "zz-19"}
WRONG = ["Current", "ON HOLD", "Active ", "not recorded", "prior", 7, ["?"], {"a": 1}]


def listed(type_: str, drug: Json, **more: Any) -> Json:
    intent = {"intent": "order"} if type_ == "MedicationRequest" else {}
    return {
        "resourceType": type_,
        "id": "listed",
        "subject": {"reference": "Patient/elm"},
        "medicationCodeableConcept": {"coding": [drug]},
        **intent,
        **more,
    }


LISTS = [("medicationStatements", "MedicationStatement"), ("medications", "MedicationRequest")]


@pytest.mark.parametrize("drug", [ETANERCEPT, UNKNOWN], ids=["known", "unread"])
@pytest.mark.parametrize("status", [*WRONG, None, "unknown"])
@pytest.mark.parametrize(("key", "type_"), LISTS)
def test_a_list_entry_whose_status_nobody_knows_is_a_question(
    key: str, type_: str, status: object, drug: Json
) -> None:
    asked = request()
    assert truth(asked, OTHER_DRUG) == "met"
    more = {"authoredOn": "2025-02-03"} if type_ == "MedicationRequest" else {}
    sent = {} if status is None else {"status": status}
    entries(asked, key).append({"resource": listed(type_, drug, **sent, **more)})
    assert truth(asked, OTHER_DRUG) == "unknown"


@pytest.mark.parametrize("status", ["completed", "Stopped", "entered-in-error", "STOPPED "])
@pytest.mark.parametrize(("key", "type_"), LISTS)
def test_list_entry_that_has_ended_is_no_therapy(key: str, type_: str, status: str) -> None:
    asked = request()
    one = listed(type_, ETANERCEPT, status=status, authoredOn="2025-02-03")
    entries(asked, key).append({"resource": one})
    assert truth(asked, OTHER_DRUG) == "met"


@pytest.mark.parametrize(
    ("status", "end", "expected"),
    [
        ("active", "2024-03-01", "unknown"),
        ("active", "2027-03-01", "unknown"),
        ("completed", "2024-03-01", "met"),
        ("unknown", "2024-03-01", "met"),
    ],
)
def test_list_entry_that_is_active_and_ended_is_a_question(
    status: str, end: str, expected: str
) -> None:
    asked = request()
    period = {"start": "2023-05-01", "end": end}
    one = listed("MedicationStatement", ETANERCEPT, status=status, effectivePeriod=period)
    entries(asked, "medicationStatements").append({"resource": one})
    assert truth(asked, OTHER_DRUG) == expected


@pytest.mark.parametrize("status", [None, "", "F", "resulted", "unknown", ["x"]])
def test_a_newer_result_whose_status_nobody_knows_is_looked_at(status: object) -> None:
    asked = request()
    newer = {**deepcopy(first(asked, "observations")), "id": "newer", "status": status}
    newer["effectiveDateTime"] = "2026-11-20"
    entries(asked, "observations").append({"resource": newer})
    found = twin(asked)
    assert criterion(found, BSA)["truth"] == "unknown"
    assert aside(found, "observations") == {"status": 1}


@pytest.mark.parametrize("status", ["preliminary", "registered", "cancelled", "Entered-In-Error"])
def test_preliminary_result_does_not_replace_a_final_one(status: str) -> None:
    asked = request()
    newer = {**deepcopy(first(asked, "observations")), "id": "newer", "status": status}
    newer["effectiveDateTime"] = "2026-11-20"
    entries(asked, "observations").append({"resource": newer})
    assert truth(asked, BSA) == "met"


def test_older_result_of_unknown_status_changes_nothing() -> None:
    asked = request()
    older = {**deepcopy(first(asked, "observations")), "id": "older", "status": "resulted"}
    older["effectiveDateTime"] = "2021-01-05"
    entries(asked, "observations").append({"resource": older})
    assert truth(asked, BSA) == "met"


@pytest.mark.parametrize("status", [None, "settled"])
def test_a_claim_without_a_status_that_is_known_is_no_proof(status: object) -> None:
    asked = request()
    for entry in entries(asked, "claims"):
        entry["resource"]["status"] = status
    assert truth(asked, STEROID) == "unknown"


def test_answers_without_a_subject_do_not_count() -> None:
    asked = request()
    assert twin(asked)["outcome"] == "met"
    for entry in entries(asked, "answers"):
        entry["resource"].pop("subject", None)
    assert twin(asked)["outcome"] == "unknown"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(None, "unknown"), ("final", "unknown"), ("Amended", "met"), ("in-progress", "met")],
)
def test_newer_answers_of_unknown_status_make_the_older_ones_unknown(
    status: str | None, expected: str
) -> None:
    asked = request()
    newer = {**deepcopy(first(asked, "answers")), "id": "newer", "status": status}
    newer["authored"] = "2026-11-21"
    entries(asked, "answers").append({"resource": newer})
    assert twin(asked)["outcome"] == expected


def test_a_decision_without_a_status_approves_nothing() -> None:
    asked = json.loads((ROOT / "fixtures/asthma-renewal.json").read_text(encoding="utf-8"))
    plain = twin(asked)
    for entry in asked["prefetch"]["authorizations"]["entry"]:
        entry["resource"].pop("status", None)
    changed = twin(asked)
    assert (plain["path"], plain["outcome"]) == ("renewal", "met")
    assert changed["outcome"] == "unknown"
    assert aside(changed, "authorizations") == {"status": 1}
