"""`/launch` and `/launch/callback`: where an EHR begins a SMART launch, and where its login leads back to."""

from hashlib import sha256
from urllib.parse import urlsplit

from flask import Blueprint, Response
from flask.globals import request_ctx

from service.errors import PageError
from service.settings import is_loopback
from service.web.launch.launch_flow import CALLBACK, SECONDS, LaunchFlow
from service.web.launch.launch_user import author_of
from service.web.launch.launched_order import opened_order
from service.web.launch.page_problems import show_problems
from service.web.launch.question_views import opened
from service.web.launch.session_cookies import CookiePlace, cookie, led_to, set_cookie
from service.web.launch.sessions import AnsweringSessions, Ehr
from service.web.launch.statements_to_ehr import deliver
from service.web.launch.statements_to_store import drafted_answers
from service.web.runtime import Runtime
from service.web.site.order_link import LAUNCH

HOUR = 3600


def launch_blueprint(runtime: Runtime) -> Blueprint:
    """A launch from a listed EHR, up to the page of questions."""
    pages = Blueprint("launch", __name__)
    flow = LaunchFlow(
        runtime.library, runtime.public_url, runtime.launch_memory.waiting, runtime.now
    )
    show_problems(pages, runtime)

    @pages.get(LAUNCH)
    def begin() -> Response:
        if (elsewhere := _by_public_name(runtime)) is not None:
            return led_to(elsewhere, 302)
        asked = request_ctx.request.args
        begun = flow.begin(asked.get("iss", ""), asked.get("launch", ""))
        answer = led_to(begun.url, 302)
        set_cookie(answer, _waiting(runtime, begun.state), begun.secret, SECONDS)
        return answer

    @pages.get(CALLBACK)
    def complete() -> Response:
        asked = request_ctx.request.args
        state = asked.get("state", "")
        place = _waiting(runtime, state)
        launched = flow.complete(state, cookie(place), asked.get("code"))
        kept = opened_order(runtime, launched)
        token = launched.granted
        ehr = Ehr(
            launched.server,
            token.access_token,
            token.scope,
            runtime.now() + (token.expires_in or HOUR),
        )
        made = AnsweringSessions.of(runtime).begin(
            kept,
            patient_id=launched.patient,
            author=author_of(runtime, launched),
            ehr=ehr,
            encounter=token.encounter,
        )
        if made is None:
            raise PageError(503, "no_memory")
        session, secret = made
        if drafted := drafted_answers(runtime, session):
            answers = {id_: one.as_json() for id_, one in drafted.items()}
            change = AnsweringSessions.of(runtime).change
            session = change(session.id, lambda now: now.with_answers(answers)) or session
        deliver(runtime, session)
        answer = opened(runtime, session, secret)
        set_cookie(answer, place, "", 0)
        return answer

    return pages


def _waiting(runtime: Runtime, state: str) -> CookiePlace:
    """The cookie of one launch, beside those of others in the same browser."""
    return CookiePlace(runtime.public_url, LAUNCH, sha256(state.encode()).hexdigest()[:8])


def _by_public_name(runtime: Runtime) -> str | None:
    """The same address by our public name, where this machine was called by another of its names.

    The EHR's login leads back to the public name, and cookies are kept by name.
    """
    public, called = urlsplit(runtime.public_url), urlsplit(f"//{request_ctx.request.host}")
    names = (public.hostname or "", called.hostname or "")
    if names[0] == names[1] or not all(map(is_loopback, names)):
        return None
    query = request_ctx.request.query_string.decode("ascii", "replace")
    return f"{runtime.public_url}{LAUNCH}?{query}"
