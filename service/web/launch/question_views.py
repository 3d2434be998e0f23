"""`/statements/<id>`: the page of questions of one session, and what is sent from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hmac import compare_digest
from typing import NamedTuple

from flask import Blueprint, Response
from flask.globals import request_ctx

from service.errors import PageError
from service.fhir.elements import text
from service.fhir.values.human_name import name_of
from service.json_object import Json
from service.library.library import Library
from service.pages.html import questions_html, site_html
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
from service.web.http.caller import is_foreign_form
from service.web.http.page_policy import allow_on_page
from service.web.launch.page_problems import AnsweringWords, show_problems
from service.web.launch.posted_answers import posted_answers, posted_fields, taken_answers
from service.web.launch.session_assessment import (
    AssessedSession,
    Given,
    OrderAsked,
    assessed_session,
    given_of,
    questionnaire_named,
)
from service.web.launch.session_cookies import CookiePlace, cookie, led_to, set_cookie
from service.web.launch.sessions import MINUTES, AnsweringSession, AnsweringSessions
from service.web.launch.statements_to_ehr import deliver, worst_delivery
from service.web.launch.statements_to_store import (
    make_statements,
    own_statements,
    patient_key,
    withdraw,
)
from service.web.runtime import Runtime
from service.web.site.assets import ALLOWED

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


def questions_blueprint(runtime: Runtime) -> Blueprint:
    """Shows the questions of a session, takes answers one by one, and makes them statements."""
    pages = Blueprint("questions", __name__, url_prefix=STATEMENTS)
    words = AnsweringWords(runtime.library.wording)
    show_problems(pages, runtime)

    @pages.get("")
    def left() -> str:
        return site_html("question_left", words=words)

    @pages.get("/<id_>")
    def show(id_: str) -> str:
        session = session_of(runtime, id_)
        with assessed_session(runtime, session, given_of(session)) as assessed:
            page = _page(runtime, words, session, assessed)
        return _html(runtime, session, words, page)

    @pages.post("/<id_>")
    def take(id_: str) -> str | Response:
        session, fields = session_of(runtime, id_), posted_fields()
        if not compare_digest(session.csrf.encode(), fields.get("csrf", "").encode()):
            raise PageError(403, "wrong_csrf")
        refuse_other_pages(runtime)
        with assessed_session(runtime, session, given_of(session)) as assessed:
            forms = forms_asked(runtime.library, assessed)
        sent, wrong = posted_answers(runtime, forms, fields)
        taken = taken_answers(runtime, session, sent, fields)
        session, given = taken.session, given_of(taken.session)
        problem = words["changed_elsewhere"] if taken.differs else ""
        if id_of_statement := fields.get("withdraw"):
            return _withdrawn(runtime, words, session, id_of_statement)
        match fields.get("do"):
            case "state" if not wrong and not problem:
                return _stated(runtime, words, session, given)
            case "leave" if not wrong:
                return _left(runtime, session)
        alone = "HX-Request" not in request_ctx.request.headers
        if alone and not wrong and not problem:
            return led_to(f"{STATEMENTS}/{session.id}")
        with assessed_session(runtime, session, given) as assessed:
            page = _page(runtime, words, session, assessed)
            page = page._replace(wrong=wrong, problem=problem)
        return _html(runtime, session, words, page, whole=alone)

    return pages


def session_of(runtime: Runtime, id_: str) -> AnsweringSession:
    """The session of an address, for the browser that began it; PageError for all others."""
    secret = cookie(CookiePlace(runtime.public_url, f"{STATEMENTS}/{id_}"))
    session = AnsweringSessions.of(runtime).read(id_, secret)
    if session is None:
        raise PageError(403, "session_over")
    return session


def opened(runtime: Runtime, session: AnsweringSession, secret: str) -> Response:
    """Leads the browser to the page of a new session, with the cookie for it."""
    path = f"{STATEMENTS}/{session.id}"
    answer = led_to(path)
    set_cookie(answer, CookiePlace(runtime.public_url, path), secret, 12 * 3600)
    return answer


def refuse_other_pages(runtime: Runtime) -> None:
    """Refuses a form that a page of another origin sent."""
    if is_foreign_form(runtime):
        raise PageError(403, "wrong_csrf")


def forms_asked(library: Library, assessed: AssessedSession) -> dict[str, str]:
    """Every question on the page, with the id of the questionnaire that it belongs to."""
    forms = {id_: one.questionnaire for id_, one in assessed.given.items()}
    for order in assessed.orders:
        for id_ in order.next.asked:
            form = form_with(library, order.assessment, id_)
            if form is not None:
                forms[id_] = form.id
    return forms


def _stated(
    runtime: Runtime, words: AnsweringWords, session: AnsweringSession, given: Given
) -> str | Response:
    """Makes the answers statements, and shows the page with the day until which they count."""
    if session.made_until:  # the same form once more
        return led_to(f"{STATEMENTS}/{session.id}")
    with assessed_session(runtime, session, given) as assessed:
        page = _page(runtime, words, session, assessed)
    seen = {one.id for order in page.orders for one in order.questions}
    if not seen.issuperset(given):  # what the page no longer shows is not stated
        given = {id_: one for id_, one in given.items() if id_ in seen}
        with assessed_session(runtime, session, given) as assessed:
            page = _page(runtime, words, session, assessed)
    if not assessed.responses:
        return led_to(f"{STATEMENTS}/{session.id}")
    try:
        until = make_statements(runtime, session, assessed, _shown(page))
    except PageError as error:
        problem = words.say(error.text, **({"why": error.why} if error.why else {}))
        return _html(runtime, session, words, page._replace(problem=problem))
    _noted(runtime, session, until.isoformat(), assessed)
    # they are stored by now, whatever comes of this
    if worst := worst_delivery(deliver(runtime, session)):
        AnsweringSessions.of(runtime).change(
            session.id,
            lambda now: replace(now, delivered=worst.state, not_delivered=worst.reason or ""),
        )
    return led_to(f"{STATEMENTS}/{session.id}")


def _noted(
    runtime: Runtime, session: AnsweringSession, until: str, assessed: AssessedSession
) -> None:
    """Notes in the session of which answers statements were made, and until when they count."""

    def with_made(now: AnsweringSession) -> AnsweringSession:
        stated = tuple(dict.fromkeys((*now.stated, *assessed.given)))
        # another window may have changed an answer meanwhile: of that one none is made
        made = until if now.answers == session.answers else ""
        times = max(now.times, session.times + 1)
        return replace(now, made_until=made, stated=stated, times=times)

    AnsweringSessions.of(runtime).change(session.id, with_made)


def _withdrawn(runtime: Runtime, words: AnsweringWords, session: AnsweringSession, id_: str) -> str:
    """Withdraws a statement, and shows the page with what its questions come to without it."""
    statement = withdraw(runtime, session, id_)
    questions = answers_of(statement.response)

    def without(now: AnsweringSession) -> AnsweringSession:
        left = {name: one for name, one in now.answers.items() if name not in questions}
        stated = tuple(name for name in now.stated if name not in questions)
        return replace(now.with_answers(left), stated=stated)

    changed = AnsweringSessions.of(runtime).change(session.id, without)
    if changed is None:
        raise PageError(403, "session_over")
    with assessed_session(runtime, changed, given_of(changed)) as assessed:
        page = _page(runtime, words, changed, assessed)
    in_ehr = statement.delivery.state == "done"
    said = words["withdrawn"] + (f" {words['withdrawn_here']}" if in_ehr else "")
    return _html(runtime, changed, words, page._replace(withdrawn=said))


def _left(runtime: Runtime, session: AnsweringSession) -> Response:
    AnsweringSessions.of(runtime).end(session)
    path = f"{STATEMENTS}/{session.id}"
    answer = led_to(STATEMENTS)
    set_cookie(answer, CookiePlace(runtime.public_url, path), "", 0)
    return answer


def _html(
    runtime: Runtime,
    session: AnsweringSession,
    words: AnsweringWords,
    page: QuestionPage,
    *,
    whole: bool = True,
) -> str:
    origins = runtime.library.origins.get(session.client_id, ())
    framed_by = " ".join(sorted(origins)) or "'none'"
    allow_on_page(**ALLOWED, frame_ancestors=framed_by)
    return questions_html(page, words, whole=whole)


def _page(
    runtime: Runtime, words: AnsweringWords, session: AnsweringSession, assessed: AssessedSession
) -> QuestionPage:
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


def _shown(page: QuestionPage) -> Mapping[str, list[Json]]:
    """The evidence beside each question, as it is stored with a statement."""
    return {
        question.id: [
            {"value": one.value, "date": one.date, "kind": one.kind, "reference": one.reference}
            for one in question.evidence
        ]
        for order in page.orders
        for question in order.questions
    }
