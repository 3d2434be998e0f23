"""`/statements/<id>`: the page of questions of one session, and what is sent from it."""

from dataclasses import replace
from hmac import compare_digest

from flask import Blueprint, Response
from flask.globals import request_ctx

from service.errors import PageError
from service.library.library import Library
from service.pages.html import questions_html, site_html
from service.questionnaires.next_questions import form_with
from service.questionnaires.responses import (
    answers_of,
)
from service.web.http.caller import is_foreign_form
from service.web.http.page_policy import allow_on_page
from service.web.launch.page_problems import AnsweringWords, show_problems
from service.web.launch.posted_answers import posted_answers, posted_fields, taken_answers
from service.web.launch.questions_shown import (
    STATEMENTS,
    QuestionPage,
    evidence_shown,
    question_page,
)
from service.web.launch.session_assessment import (
    AssessedSession,
    Given,
    assessed_session,
    given_of,
)
from service.web.launch.session_cookies import CookiePlace, cookie, led_to, set_cookie
from service.web.launch.sessions import AnsweringSession, AnsweringSessions
from service.web.launch.statements_to_ehr import deliver, worst_delivery
from service.web.launch.statements_to_store import (
    make_statements,
    withdraw,
)
from service.web.runtime import Runtime
from service.web.site.assets import ALLOWED


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
            page = question_page(runtime, words, session, assessed)
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
            page = question_page(runtime, words, session, assessed)
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
        page = question_page(runtime, words, session, assessed)
    seen = {one.id for order in page.orders for one in order.questions}
    if not seen.issuperset(given):  # what the page no longer shows is not stated
        given = {id_: one for id_, one in given.items() if id_ in seen}
        with assessed_session(runtime, session, given) as assessed:
            page = question_page(runtime, words, session, assessed)
    if not assessed.responses:
        return led_to(f"{STATEMENTS}/{session.id}")
    try:
        until = make_statements(runtime, session, assessed, evidence_shown(page))
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
        page = question_page(runtime, words, changed, assessed)
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
