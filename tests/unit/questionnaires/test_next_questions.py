"""The questions put now: the statements of the smallest open set, the one about the path before all."""

import pytest
from support.cases.run import library
from support.order_stories import CLAIMS_HELD, RECORD_ONLY, advised

from service.facts.client import Client
from service.questionnaires.next_questions import NextQuestions, form_with, forms_of, next_questions


def asked(name: str, client: Client = CLAIMS_HELD) -> NextQuestions:
    return next_questions(library(), advised(name, client).judgement.assessment)


def test_the_smallest_open_set_is_asked() -> None:
    assessment = advised("p001-claims").judgement.assessment
    assert asked("p001-claims") == NextQuestions(tuple(assessment.open[0]))


def test_the_path_comes_first() -> None:
    found = asked("p000-renewal", RECORD_ONLY)
    assert (found.asked, found.path_first) == (("common.renewal.previously_approved",), True)


def test_what_no_statement_settles_is_named_and_a_trial_is_one_question() -> None:
    found = asked("p001-initial", RECORD_ONLY)
    trial = "ad.initial.trial.tcs_and_tci"
    assert found.others == (f"{trial}.tcs.supply", f"{trial}.tci.supply")
    assert found.asked.count(trial) == 1
    assert not any(id_.endswith(".outcome") for id_ in found.asked)


@pytest.mark.parametrize(
    "name", ["initial-fully-met", "other-payer", "order-text-only", "csu-order"]
)
def test_nothing_is_asked_where_no_statement_changes_the_answer(name: str) -> None:
    assert asked(name) == NextQuestions()


def test_each_question_is_in_a_questionnaire_of_the_order() -> None:
    assessment = advised("p000-renewal", RECORD_ONLY).judgement.assessment
    assert [form.path for form in forms_of(library(), assessment)] == ["renewal", "initial"]
    form = form_with(library(), assessment, "common.renewal.previously_approved")
    assert form is not None
    assert form.path == "renewal"
    assert form_with(library(), assessment, "made.up") is None
