"""What a browser sends from the page: fields of a form, and the answers in them."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from flask import g
from flask.globals import request_ctx

from service.errors import PageError
from service.questionnaires.answer_details import details_read
from service.questionnaires.responses import StatedAnswer, question_item
from service.web.launch.session_assessment import Given, GivenAnswer, given_of, questionnaire_named
from service.web.launch.sessions import AnsweringSession, AnsweringSessions
from service.web.launch.statements_to_store import keep_draft
from service.web.runtime import Runtime

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 400
LONGEST_NUMBER = 10
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
    runtime: Runtime, forms: Mapping[str, str], fields: Mapping[str, str]
) -> PostedAnswers:
    """The answers that a form has; `forms` is the questionnaire of each question that is on the page.

    A question that was not sent has none here: what the page does not show cannot be changed.
    """
    given, wrong = dict[str, GivenAnswer](), set[str]()
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


class TakenAnswers(NamedTuple):
    """The session with the answers of a form; `differs`: another window changed what the form shows."""

    session: AnsweringSession
    differs: bool


def taken_answers(
    runtime: Runtime, session: AnsweringSession, sent: Given, fields: Mapping[str, str]
) -> TakenAnswers:
    """The session with what was sent, kept for this visit and, behind a login, for the next one.

    What another window has changed since the form was shown stays as it is there. Statements are made
    only of answers that the form shows as they are. Once they are made there is no half-filled form.
    """
    shown, back = {id_: one.as_json() for id_, one in sent.items()}, fields.get("take_back")
    number = fields.get("version", "")
    version = int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0
    differing = set[str]()

    def with_sent(now: AnsweringSession) -> AnsweringSession:
        if back in now.stated:
            raise PageError(409, "statement_stays")
        differing.update(now.changed_since(version, shown))
        answers = {**now.answers, **{id_: shown[id_] for id_ in shown if id_ not in differing}}
        if back is not None:
            answers.pop(back, None)
        changed = now.with_answers(answers)
        if not changed.made_until:
            keep_draft(runtime, changed, given_of(changed))
        return changed

    changed = AnsweringSessions.of(runtime).change(session.id, with_sent)
    if changed is None:
        raise PageError(503, "no_memory")
    seen = differing if fields.get("do") == "state" else differing & shown.keys()
    return TakenAnswers(changed, bool(seen))
