"""The answers in a form: of the questions that were asked, and as yes or no."""

import pytest
from flask import g
from support.launched import Launched

from service.errors import PageError
from service.web.launch.posted_answers import posted_answers, posted_fields

FORM = "bcbsms-L.5.01.513-ad-initial-2025-10-01"
BSA = "ad.initial.severity.bsa10"


def test_question_of_the_page_is_read_if_it_was_sent_as_yes_or_no(at: Launched) -> None:
    runtime = at.http.application.extensions["runtime"]
    fields = {BSA: "yes", f"{BSA}:value": "12", "made.up": "yes"}
    sent, wrong = posted_answers(runtime, {BSA: FORM, "x": FORM}, fields)
    assert (wrong, {*sent}) == (frozenset(), {BSA})
    assert sent[BSA].answer.is_yes
    assert sent[BSA].answer.details[0]["linkId"] == f"{BSA}:value"
    sent, _ = posted_answers(runtime, {BSA: FORM}, {BSA: "perhaps"})
    assert sent == {}


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"a=1", "text/plain"), (b"a=%ff", "form"), (b"&".join([b"a=1"] * 500), "form")],
)
def test_what_is_no_form_is_refused(at: Launched, body: bytes, kind: str) -> None:
    full = {"form": "application/x-www-form-urlencoded"}.get(kind, kind)
    with at.http.application.test_request_context(method="POST", content_type=full):
        g.body = body
        with pytest.raises(PageError, match="not_a_form"):
            posted_fields()
