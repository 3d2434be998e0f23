"""What a browser sends from the page: fields of a form, and the answers in them."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from flask import g
from flask.globals import request_ctx

from service.errors import PageError
from service.questionnaires.answer_details import details_read
from service.questionnaires.responses import StatedAnswer, question_item
from service.web.launch.assessed_anew import Given, GivenAnswer, questionnaire_named
from service.web.runtime import Runtime

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 400
YES_OR_NO = {"yes": True, "no": False}


class PostedAnswers(NamedTuple):
    """The answers of a form, and the names of fields whose contents cannot be read."""

    given: Given
    wrong: frozenset[str]


def posted_fields() -> dict[str, str]:
    """The fields of the form that was sent, the last value of each; PageError for anything else."""
    if request_ctx.request.mimetype != FORM:
        raise PageError(415, "not_a_form")
    try:
        written = g.body.decode("utf-8")
        pairs = parse_qsl(
            written, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise PageError(400, "not_a_form") from None
    return dict(pairs)


def posted_answers(
    runtime: Runtime, before: Given, forms: Mapping[str, str], fields: Mapping[str, str]
) -> PostedAnswers:
    """The answers so far with those of the form; `forms` is the questionnaire of each question asked.

    A question that was not sent keeps its answer: what the page does not show cannot be changed.
    """
    given, wrong = dict(before), set[str]()
    for id_, form in forms.items():
        yes = YES_OR_NO.get(fields.get(id_, ""))
        if yes is None:
            continue
        questionnaire = questionnaire_named(runtime, form)
        item = None if questionnaire is None else question_item(questionnaire, id_)
        if questionnaire is None or item is None:
            continue
        read = details_read(questionnaire, item, fields)
        wrong |= read.wrong
        given[id_] = GivenAnswer(form, StatedAnswer(yes, read.items if yes else ()))
    return PostedAnswers(given, frozenset(wrong))
