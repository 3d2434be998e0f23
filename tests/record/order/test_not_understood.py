"""What is not understood is no evidence and no silence, and is told with the reason."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from support.changed import (
    BSA,
    OTHER_DRUG,
    STEROID,
    Json,
    again,
    answer,
    aside,
    criterion,
    entries,
    first,
    order,
    request,
    truth,
    twin,
)

UNKNOWN_ONE = [{"url": "https://ehr.example.org/not-what-it-seems", "valueBoolean": True}]
RULES = "https://ehr.example.org/rules"


def modified(resource: Json) -> None:
    resource["modifierExtension"] = UNKNOWN_ONE


def ruled(resource: Json) -> None:
    resource["implicitRules"] = RULES


BESIDE_THE_WHOLE: dict[str, tuple[Callable[[Json], None], str]] = {
    "a modifier extension": (modified, "modifierExtension"),
    "rules": (ruled, "implicitRules"),
}


@pytest.mark.parametrize(("change", "why"), BESIDE_THE_WHOLE.values(), ids=BESIDE_THE_WHOLE)
@pytest.mark.parametrize(
    ("key", "id_", "expected"),
    [("observations", BSA, "unknown"), ("claims", STEROID, "unknown")],
)
def test_entry_with_an_unknown_modifier_is_a_question(
    change: Callable[[Json], None], why: str, key: str, id_: str, expected: str
) -> None:
    asked = request()
    change(first(asked, key))
    told = twin(asked)
    assert truth(asked, id_) == expected
    assert aside(told, key) == {why: 1}
    assert "not used" in str(criterion(told, id_))
    assert "Not used:" in answer(asked).cards[0]["detail"]


INSIDE: dict[str, tuple[str, Callable[[Json], Json], str]] = {
    "a line of a claim": ("claims", lambda one: one["item"][0], STEROID),
    "an adjudication": (
        "claims",
        lambda one: one["item"][0].setdefault("adjudication", [{}])[0],
        STEROID,
    ),
    "days' supply": ("claims", lambda one: one["supportingInfo"][0], STEROID),
    "a component": ("observations", lambda one: one.setdefault("component", [{}])[0], BSA),
}


@pytest.mark.parametrize(("key", "part", "id_"), INSIDE.values(), ids=INSIDE)
def test_entry_with_an_unknown_modifier_in_a_part_is_a_question(
    key: str, part: Callable[[Json], Json], id_: str
) -> None:
    asked = request()
    modified(part(first(asked, key)))
    assert truth(asked, id_) == "unknown"


def test_another_line_of_the_claim_stands() -> None:
    asked = request()
    claim = first(asked, "claims")
    another = {**deepcopy(claim["item"][0]), "sequence": 2, "modifierExtension": UNKNOWN_ONE}
    another["productOrService"] = {"text": "metformin"}
    claim["item"].append(another)
    assert truth(asked, STEROID) == "met"


def test_unknown_modifier_in_a_part_that_is_not_read_changes_nothing() -> None:
    asked = request()
    first(asked, "claims")["careTeam"] = [{"sequence": 1, "modifierExtension": UNKNOWN_ONE}]
    first(asked, "observations")["referenceRange"] = [{"modifierExtension": UNKNOWN_ONE}]
    assert twin(asked)["outcome"] == "met"


@pytest.mark.parametrize("empty", [[], None, {}, ""])
def test_empty_modifier_changes_nothing(empty: object) -> None:
    asked = request()
    first(asked, "observations")["modifierExtension"] = empty
    first(asked, "claims")["implicitRules"] = empty
    assert twin(asked)["outcome"] == "met"


@pytest.mark.parametrize("odd", ["yes", 7, ["x"], [None, 3], {"url": 7}, True])
def test_malformed_modifier_is_a_modifier(odd: object) -> None:
    asked = request()
    first(asked, "observations")["modifierExtension"] = odd
    assert truth(asked, BSA) == "unknown"


def dispensed(status: str = "completed", **more: Any) -> Json:
    return {
        "resourceType": "MedicationDispense",
        "id": "d1",
        "status": status,
        "subject": {"reference": "Patient/elm"},
        "medicationCodeableConcept": {
            "coding": [
                {
                    "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                    "code": "327361",
                    "display": "adalimumab",
                }
            ]
        },
        "whenHandedOver": "2026-11-10",
        "daysSupply": {"value": 28, "unit": "days"},
        **more,
    }


def test_drug_entry_that_is_not_understood_is_unknown() -> None:
    asked = request()
    assert truth(asked, OTHER_DRUG) == "met"
    entries(asked, "dispenses").append({"resource": dispensed()})
    assert truth(asked, OTHER_DRUG) == "not_met"
    modified(entries(asked, "dispenses")[0]["resource"])
    assert truth(asked, OTHER_DRUG) == "unknown"


def test_entry_that_was_never_done_is_no_question() -> None:
    asked = request()
    entries(asked, "dispenses").append({"resource": dispensed("entered-in-error")})
    modified(entries(asked, "dispenses")[0]["resource"])
    assert truth(asked, OTHER_DRUG) == "met"


@pytest.mark.parametrize("day", ["2026-11-18", "2026-11-10"])
def test_a_newer_value_that_is_not_understood_is_looked_at(day: str) -> None:
    asked = request()
    modified(again(asked, "observations", id="later", effectiveDateTime=day))
    assert truth(asked, BSA) == "unknown"


def test_older_entry_that_is_not_understood_changes_nothing() -> None:
    asked = request()
    modified(again(asked, "observations", id="older", effectiveDateTime="2026-10-01"))
    told = twin(asked)
    assert told["outcome"] == "met"
    assert aside(told, "observations") == {"modifierExtension": 1}


FOCUS: dict[str, tuple[object, str]] = {
    "a relative": ([{"reference": "RelatedPerson/mother"}], "unknown"),
    "another patient": ([{"reference": "Patient/fetus"}], "unknown"),
    "a thing": ([{"reference": "Device/pump"}], "unknown"),
    "somebody by name": ([{"display": "her mother"}], "unknown"),
    "one of two": ([{"reference": "Patient/elm"}, {"reference": "Patient/other"}], "unknown"),
    "no list": ({"reference": "RelatedPerson/mother"}, "unknown"),
    "the patient": ([{"reference": "Patient/elm"}], "met"),
    "nobody": ([], "met"),
}


@pytest.mark.parametrize(("focus", "expected"), FOCUS.values(), ids=FOCUS)
def test_finding_about_another_person_does_not_count(focus: object, expected: str) -> None:
    asked = request()
    first(asked, "observations")["focus"] = focus
    assert truth(asked, BSA) == expected


def test_finding_about_another_person_does_not_replace_an_older_one() -> None:
    asked = request()
    again(
        asked,
        "observations",
        id="hers",
        effectiveDateTime="2026-11-18",
        focus=[{"reference": "RelatedPerson/mother"}],
        valueQuantity={"value": 1, "unit": "%"},
    )
    told = twin(asked)
    assert told["outcome"] == "met"
    assert aside(told, "observations") == {"about": 1}


ABSENT = {"coding": [{"code": "error"}]}


def test_reason_for_no_value_beside_a_value_is_unknown() -> None:
    asked = request()
    first(asked, "observations")["dataAbsentReason"] = ABSENT
    assert truth(asked, BSA) == "unknown"
    assert aside(twin(asked), "observations") == {"absent": 1}


def test_component_with_a_value_and_a_reason_for_none_is_unknown() -> None:
    asked = request()
    part = {"code": {"text": "x"}, "valueInteger": 3, "dataAbsentReason": ABSENT}
    first(asked, "observations")["component"] = [part]
    assert truth(asked, BSA) == "unknown"
    del part["valueInteger"]
    assert truth(asked, BSA) == "met"


def test_result_without_a_value_does_not_replace_an_older_one() -> None:
    asked = request()
    later = again(asked, "observations", id="later", effectiveDateTime="2026-11-18")
    del later["valueQuantity"]
    later["dataAbsentReason"] = ABSENT
    assert truth(asked, BSA) == "met"


def test_an_order_that_is_not_understood_is_never_met() -> None:
    for change in (modified, ruled, lambda one: modified(one["dosageInstruction"][1])):
        asked = request()
        change(order(asked))
        told = twin(asked)
        assert (told["outcome"], told["reason"]) == ("unknown", "order_not_understood")
        assert told["awaits"] == ["order"]


def test_a_coverage_that_is_not_understood_names_no_payer() -> None:
    asked = request()
    modified(first(asked, "coverage"))
    told = twin(asked)
    assert told["outcome"] == "no_policy"
    assert aside(told, "coverage") == {"modifierExtension": 1}


def test_a_patient_who_is_not_understood_has_no_age() -> None:
    asked = request()
    modified(asked["prefetch"]["patient"])
    told = twin(asked)
    assert told["outcome"] == "unknown"
    assert aside(told, "patient") == {"modifierExtension": 1}
    asked["prefetch"]["patient"]["deceasedBoolean"] = True
    assert twin(asked)["reason"] == "patient_deceased"


@pytest.mark.parametrize("key", ["answers", "practitionerRoles"])
def test_answers_and_roles_that_are_not_understood_do_not_count(key: str) -> None:
    asked = request()
    modified(first(asked, key))
    told = twin(asked)
    assert told["outcome"] == "unknown"
    assert aside(told, key) == {"modifierExtension": 1}


@pytest.mark.parametrize("at", ["item", "answer"])
def test_single_answer_that_is_not_understood_does_not_count(at: str) -> None:
    asked = request()
    item = first(asked, "answers")["item"][0]
    modified(item if at == "item" else item["answer"][0])
    assert twin(asked)["outcome"] == "unknown"


def test_approval_that_is_not_understood_is_unknown() -> None:
    """Else the path would be the initial one for sure."""
    asked = request()
    decision: Json = {
        "resourceType": "ClaimResponse",
        "id": "pa1",
        "status": "active",
        "use": "preauthorization",
        "outcome": "complete",
        "patient": {"reference": "Patient/elm"},
        "insurer": {"display": "Blue Cross & Blue Shield of Mississippi"},
        "created": "2026-01-10",
        "preAuthRef": "A1",
        "addItem": [{"productOrService": deepcopy(order(asked)["medicationCodeableConcept"])}],
    }
    drug = again(asked, "claims", id="drug", billablePeriod={"start": "2026-02-01"})
    drug["item"][0]["productOrService"] = deepcopy(order(asked)["medicationCodeableConcept"])
    entries(asked, "authorizations").append(
        {"resource": {**decision, "modifierExtension": UNKNOWN_ONE}}
    )
    assert twin(asked)["path"] != "initial"


ENTRIES: dict[str, Json] = {
    "an outcome that is none": {"search": {"mode": "outcome"}},
    "a modified entry": {"modifierExtension": UNKNOWN_ONE},
    "a modified search": {"search": {"mode": "match", "modifierExtension": UNKNOWN_ONE}},
}


@pytest.mark.parametrize("more", ENTRIES.values(), ids=ENTRIES)
def test_list_with_an_entry_that_is_not_understood_is_incomplete(more: Json) -> None:
    asked = request()
    entries(asked, "observations")[0] |= more
    told = twin(asked)
    assert truth(asked, BSA) == "unknown"
    assert aside(told, "observations") == {"unclear": 1}
    assert {one["key"]: one["state"] for one in told["data"]}["observations"] == "incomplete"


def test_resource_created_or_updated_in_a_bundle_counts() -> None:
    asked = request()
    for key in ("observations", "claims"):
        for one in entries(asked, key):
            one["request"] = {"method": "PUT", "url": "x"}
            one["response"] = {"status": "201 Created"}
    assert twin(asked)["outcome"] == "met"


def test_bundle_with_unknown_rules_is_not_read() -> None:
    asked = request()
    asked["prefetch"]["claims"]["implicitRules"] = RULES
    assert truth(asked, STEROID) == "unknown"


def test_a_search_counts_its_matches_alone() -> None:
    asked = request()
    found = entries(asked, "observations")
    found.append(
        {
            "resource": {**deepcopy(found[0]["resource"]), "id": "more"},
            "search": {"mode": "include"},
        }
    )
    asked["prefetch"]["observations"]["total"] = len(found)
    states = {one["key"]: one["state"] for one in twin(asked)["data"]}
    assert states["observations"] == "incomplete"


def test_answer_is_not_given_to_the_next_patient() -> None:
    bare = request()
    entries(bare, "observations").clear()
    entries(bare, "claims").clear()
    before = twin(bare)
    asked = request()
    modified(first(asked, "claims"))
    modified(first(asked, "observations"))
    entries(asked, "dispenses").append({"resource": dispensed(modifierExtension=UNKNOWN_ONE)})
    assert criterion(before, OTHER_DRUG)["truth"] == "met"
    assert truth(asked, OTHER_DRUG) == "unknown"
    assert truth(asked, STEROID) == "unknown"
