"""The case of one order: its diseases, and the prescriber's answers that count for it."""

from typing import Any

import pytest
from support.visits import DRUG, Json, body_of, order_in, question_in, visit_of

from service.advise.order_case import case_with_policy, case_without_policy
from service.facts.indications import indications_of_order

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
    return [*case_with_policy(visit, question, question.policy, asked).answers]


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
