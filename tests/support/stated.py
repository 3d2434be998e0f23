"""Answered questionnaires about one question, and what is found of them."""

from typing import Any

from support.fact_case import ordinal, patient, said, written

from service.facts.statements.answer_reading import answer_reader
from service.facts.statements.stated_answers import answers
from service.facts.statements.statement_responses import Responses
from service.facts.statements.validity import Validity
from service.memo import IdentitySet
from service.policy.finding import Finding

CASE = patient()
FORM = "https://example.org/form|1"
Json = dict[str, Any]


def response(answer: Json | None, days_ago: int = 0, id_: str = "r1", **change: object) -> Json:
    """One answer under the link `q`."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": id_,
        "status": "completed",
        "questionnaire": FORM,
        "authored": written(days_ago),
        "author": {"reference": "Practitioner/d1"},
        "item": [{"linkId": "q", "answer": [answer] if answer else []}],
        **change,
    }


YES, NO = {"valueBoolean": True}, {"valueBoolean": False}


def found(*responses: Json, oldest: int = 90, gone: tuple[Json, ...] = ()) -> Finding | None:
    """The finding under `q`."""
    found = answers(
        Responses(responses, IdentitySet(gone)),
        frozenset({FORM, FORM.split("|", maxsplit=1)[0]}),
        Validity(ordinal(oldest), ordinal(0), lambda made: made + oldest),
        answer_reader(CASE.record, CASE.knowledge),
    )
    return found.get("q")


def read(*responses: Json, oldest: int = 90) -> str | None:
    """The answer under `q` in a word; None where there is none that counts."""
    finding = found(*responses, oldest=oldest)
    if finding is None or (finding.miss is not None and finding.miss.kind == "not_counted"):
        return None
    return said(finding)
