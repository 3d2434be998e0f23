"""A populated response: every question, what the record shows beside it, and no answer."""

from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from support.questionnaires import DAY, form, items, questions

from service.questionnaires.populated_response import MOST, SHOWS, RecordEntry, populated

AD = form().questionnaire()
SUBJECT = {"reference": "Patient/p1"}
BSA = "ad.initial.severity.bsa10"
ENTRY = RecordEntry("8 %", "2026-11-01", "record", "Observation/o1")


def test_every_question_is_there_without_an_answer() -> None:
    made = populated(AD, SUBJECT, DAY, {})
    QuestionnaireResponse.model_validate(made)
    assert set(questions(AD)) <= {item["linkId"] for item in items(made)}
    assert not any("answer" in item for item in items(made))
    assert (made["status"], made["subject"]) == ("in-progress", SUBJECT)


def test_record_stands_beside_its_question() -> None:
    made = populated(AD, SUBJECT, DAY, {BSA: [ENTRY, ENTRY._replace(day="about May")]})
    QuestionnaireResponse.model_validate(made)
    (item,) = [one for one in items(made) if one["linkId"] == BSA]
    first, second = item["extension"]
    assert first["url"] == SHOWS
    assert {part["url"] for part in first["extension"]} == {"value", "kind", "date", "source"}
    assert {part["url"] for part in second["extension"]} == {"value", "kind", "source"}


def test_entries_are_bounded() -> None:
    made = populated(AD, SUBJECT, DAY, {BSA: [ENTRY] * 100})
    (item,) = [one for one in items(made) if one["linkId"] == BSA]
    assert len(item["extension"]) == MOST
