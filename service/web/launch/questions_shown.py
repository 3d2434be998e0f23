"""What the page of questions shows: each order's questions with their answers, and the user's statements."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from service.fhir.elements import text
from service.fhir.values.human_name import name_of
from service.json_object import Json
from service.pages.question_page import AskedOnPage, ShownOrder, shown_order
from service.pages.story.order_story import Known
from service.policy.assessment import Assessment
from service.questionnaires.answer_details import fields_filled, rows_of
from service.questionnaires.next_questions import form_with
from service.questionnaires.responses import (
    answers_of,
    hidden_questions,
    question_item,
    questions_in_words,
)
from service.store import KeptStatement
from service.web.launch.page_problems import AnsweringWords
from service.web.launch.session_assessment import AssessedSession, OrderAsked, questionnaire_named
from service.web.launch.sessions import MINUTES, AnsweringSession
from service.web.launch.statements_to_store import own_statements, patient_key
from service.web.runtime import Runtime

STATEMENTS = "/statements"


class OwnStatement(NamedTuple):
    """A statement that the user may withdraw: its days, and each question with yes (True) or no."""

    id: str
    day: str
    until: str
    answers: tuple[tuple[str, bool], ...]


class QuestionPage(NamedTuple):
    """All that the page of questions shows; `made` is the day until which new statements count."""

    address: str
    csrf: str
    version: int
    patient: str
    born: str
    author: str
    verified: bool
    day: str
    orders: tuple[ShownOrder, ...]
    answered: bool
    can_state: bool
    saved: bool
    minutes: int
    wrong: frozenset[str]
    made: str
    delivered: str
    problem: str
    own: tuple[OwnStatement, ...]
    own_unread: bool
    withdrawn: str = ""


def question_page(
    runtime: Runtime, words: AnsweringWords, session: AnsweringSession, assessed: AssessedSession
) -> QuestionPage:
    """All that the page shows of a session as it was assessed with its answers."""
    orders = tuple(
        _order(runtime, session, assessed, order, number)
        for number, order in enumerate(assessed.orders, 1)
    )
    patient = _patient(assessed)
    stores = runtime.store.statements is not None and patient_key(runtime, session) is not None
    author, own = session.author, own_statements(runtime, session)
    return QuestionPage(
        address=f"{STATEMENTS}/{session.id}",
        csrf=session.csrf,
        version=session.version,
        patient=name_of(patient) or f"Patient/{session.patient_id}",
        born=text(patient.get("birthDate")) or "",
        author=(author.name or author.reference) if author.verified else words["unverified"],
        verified=author.verified,
        day=runtime.as_of().day.isoformat(),
        orders=orders,
        answered=bool(assessed.given),
        can_state=stores,
        saved=stores,
        minutes=MINUTES,
        wrong=frozenset(),
        made=session.made_until,
        delivered=words.say(f"delivered_{session.delivered}", why=session.not_delivered)
        if session.delivered
        else "",
        problem="",
        own=tuple(map(_own, own or ())),
        own_unread=own is None,
    )


def _own(kept: KeptStatement) -> OwnStatement:
    """A kept statement with its questions, as the form asked them, and their answers."""
    says = {**questions_in_words(kept.response)}
    return OwnStatement(
        kept.id,
        kept.day.isoformat(),
        kept.expires.isoformat(),
        tuple(
            (says.get(id_, id_), answer.is_yes) for id_, answer in answers_of(kept.response).items()
        ),
    )


def _patient(assessed: AssessedSession) -> Json:
    patient = assessed.kept.content.get("prefetch", {}).get("patient")
    return patient if isinstance(patient, dict) else {}


def _order(
    runtime: Runtime,
    session: AnsweringSession,
    assessed: AssessedSession,
    order: OrderAsked,
    number: int,
) -> ShownOrder:
    rendered = order.rendered
    judgement = rendered.judgement
    known = Known(
        judgement.assessment,
        judgement.assessed.case,
        (),
        rendered.twin,
        judgement.scene.drug,
        judgement.scene.payer,
    )
    return shown_order(
        runtime.library,
        known,
        number,
        [*_asked(runtime, session, assessed, order)],
        order.next.others,
        path_first=order.next.path_first,
    )


def _asked(
    runtime: Runtime, session: AnsweringSession, assessed: AssessedSession, order: OrderAsked
) -> Iterator[AskedOnPage]:
    """The answered questions that still matter, and the open ones, in the order of the policy."""
    assessment = order.assessment
    for id_ in questions_on_page(runtime, assessed, assessment, order.next.asked):
        given = assessed.given.get(id_)
        form = form_with(runtime.library, assessment, id_)
        name = given.questionnaire if given is not None else form.id if form is not None else ""
        questionnaire = questionnaire_named(runtime, name)
        item = None if questionnaire is None else question_item(questionnaire, id_)
        if questionnaire is None or item is None:
            continue
        filled = fields_filled(given.answer.details) if given is not None else {}
        answer = "" if given is None else "yes" if given.answer.is_yes else "no"
        yield AskedOnPage(
            id_,
            str(item["text"]),
            str(item.get("prefix", "")),
            answer,
            rows_of(questionnaire, item, filled),
            filled,
            is_stated=id_ in session.stated,
        )


def questions_on_page(
    runtime: Runtime, assessed: AssessedSession, assessment: Assessment, asked: tuple[str, ...]
) -> list[str]:
    """The ids of the questions of one order: which path it is first, then as the tree has them."""
    hidden = set[str]()
    for name in {one.questionnaire for one in assessed.given.values()}:
        questionnaire = questionnaire_named(runtime, name)
        if questionnaire is not None:
            answers = {
                id_: one.answer for id_, one in assessed.given.items() if one.questionnaire == name
            }
            hidden |= hidden_questions(questionnaire, answers)
    shown = {id_ for id_ in assessed.given if id_ not in hidden} | set(asked)
    policy = assessment.policy
    first = [policy.approved_before] if policy and policy.approved_before in shown else []
    return [*first, *(id_ for id_ in assessment.judged if id_ in shown and id_ not in first)]


def evidence_shown(page: QuestionPage) -> Mapping[str, list[Json]]:
    """The evidence beside each question, as it is stored with a statement."""
    return {
        question.id: [
            {"value": one.value, "date": one.date, "kind": one.kind, "reference": one.reference}
            for one in question.evidence
        ]
        for order in page.orders
        for question in order.questions
    }
