"""Words of the page of questions, and the page that says what cannot be done."""

import logging
from dataclasses import dataclass

from flask import Blueprint, Response
from flask.globals import request_ctx

from service.cards.answering_texts import ANSWERING
from service.cards.wording import Wording, plain
from service.errors import PageError, RequestError
from service.pages.html import site_html
from service.web.runtime import Runtime

log = logging.getLogger("service.web")


@dataclass(frozen=True, slots=True)
class AnsweringWords:
    """The texts of `cards/answering.yaml`, plain: the page escapes them."""

    wording: Wording

    def say(self, name: str, **values: str) -> str:
        """One text of the page."""
        return plain(self.wording.say(ANSWERING, name, **values))

    def __getitem__(self, name: str) -> str:
        """A text without values, for templates."""
        return self.say(name)


def show_problems(pages: Blueprint, runtime: Runtime) -> None:
    """What a person asked and cannot be done becomes a page that says why."""
    words = AnsweringWords(runtime.library.wording)

    @pages.errorhandler(PageError)
    def problem(error: PageError) -> Response:
        log.info("a page of questions was refused: %s", error.text)
        says = words.say(error.text, **({"why": error.why} if error.why else {}))
        answer = Response(site_html("question_problem", words=words, says=says), error.status)
        if "HX-Request" in request_ctx.request.headers:
            answer.headers["HX-Refresh"] = (
                "true"  # htmx shows no answer of this status: it loads the page
            )
        return answer

    @pages.errorhandler(RequestError)
    def refused(error: RequestError) -> Response:
        return problem(PageError(error.status, "cannot", error.diagnostics))
