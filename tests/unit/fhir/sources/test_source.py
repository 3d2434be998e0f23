"""How one prefetch key is read: what counts, what is in use, which parts carry a code."""

from dataclasses import replace
from typing import Any

import pytest
from support.cases.run import library

from service.fhir.sources.source import ReasonOf
from service.fhir.terminology.unlisted_codes import (
    OF_A_DRUG,
    OF_A_LINE,
    OF_A_SERVICE,
    OF_A_SUBSTANCE,
)

CLAIMS = library().source_of("ExplanationOfBenefit")
CONDITIONS = library().source_of("Condition")
DISPENSES = library().source_of("MedicationDispense")
LISTED = library().source_of("MedicationStatement")
ALLERGIES = library().source_of("AllergyIntolerance")
DECISIONS = library().source_of("ClaimResponse")
ODD = [{"url": "https://ehr.example/odd"}]
Json = dict[str, Any]


def claim(type_: str | None = "pharmacy", **more: Any) -> Json:
    found: Json = {
        "resourceType": "ExplanationOfBenefit",
        "id": "e1",
        "status": "active",
        "use": "claim",
        "outcome": "complete",
        "patient": {"reference": "Patient/p1"},
        **more,
    }
    return {**found, "type": {"coding": [{"code": type_}]}} if type_ else found


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (claim(), "counts"),
        (claim(status="cancelled"), "never"),
        (claim(use="preauthorization"), "never"),
        (claim(status="of no list"), "unusable"),
        (claim(modifierExtension=ODD), "unusable"),
        (claim(status="cancelled", modifierExtension=ODD), "never"),
    ],
)
def test_resource_counts_if_every_rule_lets_it_and_it_is_understood(
    resource: Json, expected: str
) -> None:
    assert CLAIMS.standing(resource, resource) == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("completed", "counts"), ("cancelled", "never"), ("draft", None)]
)
def test_one_status_that_decides_gives_the_same_answer_as_all_rules(
    status: str, expected: str | None
) -> None:
    resource = {"resourceType": "MedicationDispense", "id": "d1", "status": status}
    found = DISPENSES.standing(resource, resource)
    assert DISPENSES.plain_rule is not None
    by_all = {rule.standing(resource, resource) for rule in DISPENSES.rules}
    assert (found == "counts") is (by_all == {"counts"})
    assert expected is None or found == expected


def test_status_does_not_decide_alone_where_another_rule_has_a_value() -> None:
    reason = {"coding": [{"code": "offer"}], "text": "never handed over"}
    assert DISPENSES.plain_rule is not None
    name = next(iter(DISPENSES.plain_rule[2]))
    plain = {"resourceType": "MedicationDispense", "id": "d1", "status": "completed"}
    assert DISPENSES.standing(plain, plain) == "counts"
    rule = next(rule for rule in DISPENSES.rules if rule.head == name)
    other = {**plain, name: reason}
    expected = rule.standing(other, other)
    assert DISPENSES.standing(other, other) == expected


@pytest.mark.parametrize(
    ("type_", "hands_over", "medical"),
    [("pharmacy", True, False), ("professional", False, True), (None, False, None)],
)
def test_claim_is_a_pharmacy_s_or_a_doctor_s_by_its_type(
    type_: str | None, hands_over: bool, medical: bool | None
) -> None:
    resource = claim(type_)
    assert CLAIMS.hands_over(resource) is hands_over
    assert CLAIMS.is_medical(resource) is medical


def test_certainty_that_a_thing_is_another_one_depends_on_what_the_source_holds() -> None:
    assert CLAIMS.certainty_needed(claim()) == OF_A_DRUG
    assert CLAIMS.certainty_needed(claim("professional")) == OF_A_LINE
    assert ALLERGIES.certainty_needed({}) == OF_A_SUBSTANCE
    assert DISPENSES.certainty_needed({}) == OF_A_DRUG
    assert replace(CLAIMS, services=True).certainty_needed(claim()) == OF_A_SERVICE


@pytest.mark.parametrize(
    ("status", "in_use", "maybe"),
    [
        ("active", True, True),
        ("ACTIVE", True, True),
        ("stopped", False, False),
        ("unknown", None, True),
        (None, None, True),
    ],
)
def test_drug_of_a_list_is_in_use_or_past_or_not_known_by_its_status(
    status: str | None, in_use: bool | None, maybe: bool
) -> None:
    resource: Json = {"status": status} if status else {}
    assert LISTED.in_use(resource) is in_use
    assert LISTED.may_be_in_use(resource) is maybe
    assert not DISPENSES.may_be_in_use(resource)


def diagnosis(verified: str = "confirmed", clinical: str = "active", **more: Any) -> Json:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "verificationStatus": {"coding": [{"code": verified}]},
        "clinicalStatus": {"coding": [{"code": clinical}]},
        **more,
    }


@pytest.mark.parametrize(
    ("resource", "in_history", "if_unsure"),
    [
        (diagnosis(), "counts", "counts"),
        (diagnosis(clinical="resolved"), "counts", "unusable"),
        (diagnosis(abatementDateTime="2026-01-01"), "counts", "unusable"),
        (diagnosis("provisional"), "never", "counts"),
        (diagnosis("refuted"), "never", "never"),
        (diagnosis(modifierExtension=ODD), "unusable", "unusable"),
    ],
)
def test_past_and_unsure_entries_count_where_a_fact_takes_them(
    resource: Json, in_history: str, if_unsure: str
) -> None:
    assert CONDITIONS.standing_in_history(resource, resource) == in_history
    assert CONDITIONS.standing_if_unsure(resource, resource) == if_unsure


def test_decision_of_a_payer_counts_if_nothing_speaks_against_it() -> None:
    decided = {
        "resourceType": "ClaimResponse",
        "id": "r1",
        "status": "active",
        "use": "preauthorization",
        "outcome": "complete",
        "patient": {"reference": "Patient/p1"},
    }
    own = replace(DECISIONS, decision=next(one for one in DECISIONS.rules if one.path == ("use",)))
    assert own.is_decision(decided)
    assert not own.is_decision({**decided, "status": "cancelled"})
    assert not own.is_decision({**decided, "use": "claim"})
    assert not DISPENSES.is_decision(decided)


def test_each_line_of_a_claim_carries_a_code_or_the_claim_itself_does() -> None:
    lines = [{"sequence": 1}, {"sequence": 2}]
    assert CLAIMS.elements(claim(item=lines)) == lines
    whole = claim()
    assert CLAIMS.elements(whole) == [whole]
    single = {"resourceType": "Condition"}
    assert CONDITIONS.elements(single) == [single]


@pytest.mark.parametrize(
    ("subject", "taken"), [(None, True), ("Patient/p1", True), ("Patient/p2", False)]
)
def test_contained_resource_of_the_same_type_and_patient_is_read(
    subject: str | None, taken: bool
) -> None:
    inner = {"resourceType": "MedicationDispense", "id": "inner", "status": "completed"}
    if subject:
        inner["subject"] = {"reference": subject}  # type: ignore[assignment]
    outer = {
        "resourceType": "MedicationDispense",
        "id": "outer",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "whenHandedOver": "2026-01-01",
        "contained": [inner, {"resourceType": "Medication", "id": "drug"}],
    }
    found = DISPENSES.contained(outer)
    assert [one["id"] for one in found] == (["outer"] if taken else [])
    assert all(one["whenHandedOver"] == "2026-01-01" for one in found)
    assert DISPENSES.contained({**outer, "status": "cancelled"}) == []


def test_contained_resource_keeps_its_own_day() -> None:
    inner = {"resourceType": "MedicationDispense", "id": "inner", "whenHandedOver": "2026-02-02"}
    outer = {
        "resourceType": "MedicationDispense",
        "id": "outer",
        "status": "completed",
        "whenHandedOver": "2026-01-01",
        "contained": [inner],
    }
    (found,) = DISPENSES.contained(outer)
    assert found["whenHandedOver"] == "2026-02-02"


def test_reason_is_named_only_by_resources_of_its_category() -> None:
    reason = ReasonOf(("encounter",), ("category",), frozenset({"encounter-diagnosis"}))
    visit = {"reference": "Encounter/e1"}
    category = [{"coding": [{"code": "encounter-diagnosis"}]}]
    assert reason.read({"encounter": visit, "category": category}) == [visit]
    assert reason.read({"encounter": visit, "category": [{"coding": [{"code": "x"}]}]}) == []
    assert reason.read({"encounter": visit}) == []


def test_fields_of_the_usual_case_are_named() -> None:
    assert (CONDITIONS.plain_concept, CONDITIONS.plain_subject) == ("code", "subject")
    assert ALLERGIES.plain_concept is None
    assert "medicationReference" in DISPENSES.reference_fields
    assert CONDITIONS.is_coded
    assert not library().source_of("Patient").is_coded
    assert (CLAIMS.silent_only_if_read, LISTED.silent_only_if_read) == (True, False)
