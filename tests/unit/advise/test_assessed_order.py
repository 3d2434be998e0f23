"""One order assessed: by its policy, or with a short answer where nothing can be judged."""

from typing import Any

import pytest
from support.visits import DRUG, Json, body_of, order_in, question_in, visit_of

from service.advise.assessed_order import (
    AssessedOrder,
    assess_order,
    case_with_policy,
    case_without_policy,
)
from service.facts.indications import indications_of_order
from service.policy.truth import Truth

UNKNOWN_EXTENSION = [{"url": "https://ehr.example/odd"}]
HIVES = [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L50.8"}]}]
NO_CODE = {"text": "dupilumab"}
RASH = {"order": {"reason": None, "reason_in_words": "rash"}}
BOTH: Json = {
    "order": {"reason": None},
    "diagnoses": [{"is": "atopic dermatitis"}, {"is": "bullous pemphigoid"}],
}
NO_REASON: Json = {"order": {"reason": None}, "diagnoses": []}


def assessed(given: Json | None = None, **changes: Any) -> AssessedOrder:
    visit = visit_of(body_of(given or {}, **changes))
    return assess_order(visit, question_in(visit))


def diseases(given: Json, **changes: Any) -> tuple[str, ...]:
    """The diseases of the case behind what is suggested."""
    visit = visit_of(body_of(given, **changes))
    question = question_in(visit)
    return assess_order(visit, question).case.indications


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
        (BOTH, {}, "unknown", "either_indication", None),
        ({}, {"reasonCode": HIVES}, "not_addressed", None, None),
    ],
    ids=[
        *("another payer", "no coverage", "drug in words", "no disease"),
        *("reason in words", "another labelled disease", "disease outside the policy"),
    ],
)
def test_order_that_no_policy_can_judge_gets_a_short_answer(
    given: Json, changes: Json, outcome: str, short: str | None, reason: str | None
) -> None:
    found = assessed(given, **changes)
    assert not found.by_policy
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


STATED = "ad.initial.will_use_maintenance"
VERSION = "bcbsms/L.5.01.513@2025-10-01"


def stated(body: Json) -> list[str]:
    """The criteria that the prescriber has answered, of those that the policy's case knows."""
    visit = visit_of(body)
    question = question_in(visit)
    assert question.policy is not None
    source = visit.library.source_of("Condition")
    pointing = visit.library.knowledge.pointing
    asked = indications_of_order(visit.record, order_in(body), question.policy, source, pointing)
    answers = case_with_policy(visit, question, question.policy, asked).answers
    return [id_ for id_, finding in answers.items() if finding.truth is not Truth.UNKNOWN]


def answered(**statement: Any) -> Json:
    return body_of({"statements": {"yes": STATED, **statement}})


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("today", True),
        ("12 months ago", True),
        ("2025-11-19", False),
        ("1 day ahead", False),
    ],
)
def test_statement_counts_as_long_as_the_policy_says(day: str, counts: bool) -> None:
    assert stated(answered(on=day)) == ([STATED] if counts else [])


def test_statement_for_another_version_of_the_policy_does_not_count() -> None:
    body = answered()
    (response,) = (one["resource"] for one in body["prefetch"]["answers"]["entry"])
    assert stated(body) == [STATED]
    response["questionnaire"] = response["questionnaire"].replace("2025-10-01", "2024-10-01")
    assert stated(body) == []
    response["questionnaire"] = response["questionnaire"].split("|")[0]
    assert stated(body) == [STATED]


def moved(body: Json) -> Json:
    """The answered questionnaire, taken out of the prefetch."""
    (entry,) = body["prefetch"]["answers"].pop("entry")
    response: Json = entry["resource"]
    return response


def test_answers_beside_the_draft_order_and_inside_it_count() -> None:
    beside, inside, nowhere = answered(), answered(), answered()
    beside["context"]["draftOrders"]["entry"].append({"resource": moved(beside)})
    order_in(inside)["contained"] = [moved(inside)]
    moved(nowhere)
    assert [stated(one) for one in (beside, inside, nowhere)] == [[STATED], [STATED], []]


def test_answers_without_a_subject_count_only_inside_the_order() -> None:
    beside, inside = answered(), answered()
    response = moved(beside)
    del response["subject"]
    beside["context"]["draftOrders"]["entry"].append({"resource": response})
    order_in(inside)["contained"] = [{**response, "id": "inside"}]
    moved(inside)
    assert [stated(one) for one in (beside, inside)] == [[], [STATED]]


def test_answers_of_another_patient_do_not_count() -> None:
    body = answered()
    response = moved(body)
    response["subject"] = {"reference": "Patient/another"}
    order_in(body)["contained"] = [response]
    assert stated(body) == []


def test_case_without_a_policy_has_the_disease_of_the_label_and_no_statements() -> None:
    visit = visit_of(answered())
    question = question_in(visit)
    case = case_without_policy(visit, question, disease_clear=True)
    assert (case.indications, case.drug, case.answers) == (("ad",), DRUG, {})
    unclear = case_without_policy(visit, question, disease_clear=False)
    assert unclear.indications == ()
    assert not unclear.order.reason_given
