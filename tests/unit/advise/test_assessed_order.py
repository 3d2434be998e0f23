"""One order assessed: by its policy, or with a short answer where nothing can be judged."""

from typing import Any

import pytest
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import AssessedOrder, assess_order, case_of

UNKNOWN_EXTENSION = [{"url": "https://ehr.example/odd"}]
HIVES = [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L50.8"}]}]
NO_CODE = {"text": "dupilumab"}
RASH = {"order": {"reason": None, "reason_in_words": "rash"}}
NO_REASON: Json = {"order": {"reason": None}, "diagnoses": []}


def assessed(given: Json | None = None, **changes: Any) -> AssessedOrder:
    visit = visit_of(body_of(given or {}, **changes))
    return assess_order(visit, question_in(visit))


def diseases(given: Json, **changes: Any) -> tuple[str, ...]:
    """The diseases of the case behind what is suggested."""
    visit = visit_of(body_of(given, **changes))
    question = question_in(visit)
    return case_of(visit, question, assess_order(visit, question)).indications


def test_order_of_a_member_of_the_plan_is_judged_by_its_policy() -> None:
    found = assessed()
    assert found.assessment.root is not None
    assert found.assessment.policy is not None
    assert found.assessment.policy.payer == "bcbsms"
    assert (found.short, found.held, found.assessment.path) == (None, False, "initial")


@pytest.mark.parametrize(
    ("given", "changes", "outcome", "short", "reason"),
    [
        ({"coverage": "Aetna"}, {}, "no_policy", None, None),
        ({"coverage": None}, {}, "no_policy", "payer_not_supplied", "payer_not_supplied"),
        ({}, {"medicationCodeableConcept": NO_CODE}, "unknown", "order_unclear", None),
        (NO_REASON, {}, "unknown", "unknown_indication", None),
        (RASH, {}, "unknown", "unmapped_indication", "unmapped"),
        ({}, {"reasonCode": HIVES}, "not_addressed", None, None),
    ],
    ids=[
        *("another payer", "no coverage", "drug in words", "no disease"),
        *("reason in words", "disease outside the policy"),
    ],
)
def test_order_that_no_policy_can_judge_gets_a_short_answer(
    given: Json, changes: Json, outcome: str, short: str | None, reason: str | None
) -> None:
    found = assessed(given, **changes)
    assert found.case is None
    assert found.assessment.root is None
    assert (found.assessment.outcome, found.short, found.assessment.reason) == (
        outcome,
        short,
        reason,
    )
    assert found.assessment.awaits == (["order"] if outcome == "unknown" else [])


def test_order_that_is_not_understood_awaits_another_order_and_is_held() -> None:
    found = assessed(modifierExtension=UNKNOWN_EXTENSION)
    assert found.held
    assert found.short == found.assessment.reason == "order_not_understood"
    assert (found.assessment.outcome, found.assessment.awaits) == (
        "unknown",
        ["attestation", "order", "data"],
    )


def test_patient_who_died_needs_a_review() -> None:
    body = body_of({})
    body["prefetch"]["patient"]["deceasedBoolean"] = True
    visit = visit_of(body)
    found = assess_order(visit, question_in(visit))
    assert found.held
    assert found.assessment.awaits == ["attestation", "data", "review"]


@pytest.mark.parametrize(
    ("given", "outcome"), [({"coverage": "Aetna"}, "no_policy"), ({"age": "5 months"}, "not_met")]
)
def test_order_that_is_held_keeps_an_outcome_that_is_sure(given: Json, outcome: str) -> None:
    assert assessed(given).assessment.outcome == outcome
    found = assessed(given, modifierExtension=UNKNOWN_EXTENSION)
    assert (found.held, found.assessment.outcome, found.assessment.awaits) == (True, outcome, [])


def test_case_without_a_policy_has_the_diseases_of_the_label_if_order_and_disease_are_clear() -> (
    None
):
    assert diseases({"coverage": "Aetna"}) == ("ad",)
    assert diseases({"coverage": "Aetna"}, medicationCodeableConcept=NO_CODE) == ()
    assert diseases(RASH) == ()
    assert diseases({}) == ("ad",)
