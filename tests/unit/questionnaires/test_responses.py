"""Responses from answers and back, in the groups of the questionnaire and without what it hides."""

from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from support.questionnaires import form, items

from service.questionnaires.responses import (
    Stated,
    StatedAnswer,
    answers_of,
    hidden_questions,
    question_item,
    response,
)

AD = form().questionnaire()
BSA, PALMS = "ad.initial.severity.bsa10", "ad.initial.severity.palms_soles"
TRIAL = "ad.initial.trial.tcs_and_tci"
STATED = Stated("p1", {"reference": "Practitioner/d1"}, "2026-11-21T10:00:00-06:00", "e1")
DETAIL = {"linkId": f"{TRIAL}:trial", "text": "x", "item": []}


def test_response_is_valid_in_the_questionnaires_groups_and_read_back() -> None:
    answers = {
        BSA: StatedAnswer(is_yes=False),
        TRIAL: StatedAnswer(True, (DETAIL | {"item": [_day()]},)),
    }
    made = response(AD, answers, STATED, "completed")
    QuestionnaireResponse.model_validate(made)
    assert answers_of(made) == answers
    assert made["encounter"] == {"reference": "Encounter/e1"}
    known = {item["linkId"]: item["type"] for item in items(AD)}
    assert all(item["linkId"] in known for item in items(made))
    assert made["item"][0]["linkId"] not in (BSA, TRIAL)  # a group around them


def _day() -> dict[str, object]:
    return {
        "linkId": f"{TRIAL}:started",
        "text": "When was it started?",
        "answer": [{"valueDate": "2026-07-15"}],
    }


def test_hidden_question_has_no_answer_in_the_response() -> None:
    answers = {PALMS: StatedAnswer(is_yes=True), BSA: StatedAnswer(is_yes=True)}
    assert hidden_questions(AD, answers) & set(answers) == {PALMS}
    assert answers_of(response(AD, answers, STATED, "completed")) == {
        BSA: StatedAnswer(is_yes=True)
    }
    assert not hidden_questions(AD, {PALMS: StatedAnswer(is_yes=True)}) & {BSA}


def test_no_has_no_details() -> None:
    made = response(AD, {TRIAL: StatedAnswer(False, (DETAIL,))}, STATED, "in-progress")
    assert answers_of(made) == {TRIAL: StatedAnswer(is_yes=False)}
    assert made["status"] == "in-progress"


def test_item_of_a_question() -> None:
    item = question_item(AD, TRIAL)
    assert item is not None
    assert item["type"] == "boolean"
    assert question_item(AD, "made.up") is None
