"""Health, readiness, the schema of our extension, and the HTML pages."""

from datetime import date
from pathlib import Path

from flask import Blueprint, Response

from service.errors import RequestError, UnknownPolicyError, UnknownTherapyError
from service.library.library import Library
from service.memo import per_document
from service.pages.html import as_html, therapy_html
from service.pages.policy_page import page
from service.pages.therapy_page import find_therapy, therapy_page
from service.pages.version_by_name import find_version
from service.web.http.error_answers import json_answer, rendered
from service.web.http.page_policy import allow_on_page
from service.web.runtime import Runtime
from service.web.site.assets import ALLOWED

NO_POLICY = (
    "there is no such policy, or no version of it in force on this day or with this first day"
)
NO_THERAPY = "there is no therapy of this name"
MOST_PAGES = 16  # pages of policies that are held, and of therapies; one has up to 350 kB
SCHEMA = Path(__file__).parent.with_name("assessment.schema.json")


def pages_blueprint(runtime: Runtime) -> Blueprint:
    """Health, readiness and the schema of our extension."""
    pages = Blueprint("pages", __name__)
    schema = SCHEMA.read_bytes()

    @pages.get("/health")
    def health() -> Response:
        return json_answer({"alive": True})

    @pages.get("/ready")
    def ready() -> Response:
        failures = runtime.store.failures()
        missed = {"decisionsMissed": runtime.store.missed, **runtime.change.as_json()}
        if not failures:
            return json_answer({"ready": True, **missed})
        not_stored = {
            kind: {"since": one.since.isoformat(timespec="seconds"), "reason": one.reason}
            for kind, one in failures.items()
        }
        answer = json_answer({"ready": False, "notStored": not_stored, **missed}, 503)
        answer.headers["Retry-After"] = "5"
        return answer

    @pages.get("/schemas/assessment.json")
    def assessment_schema() -> Response:
        return rendered(schema)

    return pages


def policies_blueprint(runtime: Runtime) -> Blueprint:
    """`/policies/<id>` shows the version in force; `/policies/<id>@<day>` the one of that first day."""
    pages = Blueprint("policies", __name__)
    library = runtime.library

    @pages.get("/policies/<path:name>")
    def show(name: str) -> str:
        try:
            version = find_version(library, name, runtime.as_of().day)
        except UnknownPolicyError:
            raise RequestError(404, "not-found", NO_POLICY) from None
        allow_on_page(**ALLOWED)
        return _policy_html(library, version.name)

    return pages


def therapies_blueprint(runtime: Runtime) -> Blueprint:
    """`/therapies/<name>` shows what the service knows about a therapy."""
    pages = Blueprint("therapies", __name__)
    library = runtime.library

    @pages.get("/therapies/<name>")
    def show(name: str) -> str:
        try:
            shown = _therapy_html(library, name)
        except UnknownTherapyError:
            raise RequestError(404, "not-found", NO_THERAPY) from None
        return shown

    return pages


@per_document(most=MOST_PAGES)
def _policy_html(library: Library, name: str) -> str:
    """The page of a version by its full name, with its first day."""
    # speed: sent from memory a page takes 0.5 ms, made anew 50 ms
    return as_html(page(find_version(library, name, date.min)), alone=False)


@per_document(most=MOST_PAGES)
def _therapy_html(library: Library, name: str) -> str:
    return therapy_html(therapy_page(library, find_therapy(library, name)), alone=False)
