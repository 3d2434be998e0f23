"""`POST /orders/<id>/questions`: the questions of a kept request, without a login.

The answers count on this page alone: nobody knows who gave them, so nothing is stored.
"""

from flask import Blueprint, Response

from service.errors import PageError
from service.web.launch.page_problems import show_problems
from service.web.launch.question_views import opened, refuse_other_pages
from service.web.launch.sessions import AnsweringSessions, Author
from service.web.runtime import Runtime
from service.web.site.order_link import ORDERS


def unverified_blueprint(runtime: Runtime) -> Blueprint:
    """Opens the questions of a request whose client allows it (`unverified_statements`)."""
    pages = Blueprint("unverified", __name__)
    show_problems(pages, runtime)

    @pages.post(f"{ORDERS}/<id_>/questions")
    def begin(id_: str) -> Response:
        refuse_other_pages(runtime)
        kept = runtime.kept.read(id_)
        if kept is None:
            raise PageError(404, "session_over")
        if not runtime.library.client(kept.client_id).unverified:
            raise PageError(403, "not_here")
        patient = str(kept.content["context"]["patientId"]).removeprefix("Patient/")
        made = AnsweringSessions.of(runtime).begin(kept, patient_id=patient, author=Author())
        if made is None:
            raise PageError(503, "no_memory")
        return opened(runtime, *made)

    return pages
