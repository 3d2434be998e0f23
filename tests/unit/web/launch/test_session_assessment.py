"""An order judged again with the answers of a session, as statements of its author."""

from datetime import UTC, date, datetime
from typing import Any

from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from support.launched import Launched, recorded

from service.cds.request import AsOf
from service.questionnaires.responses import StatedAnswer
from service.web.kept_requests import KeptRequest
from service.web.launch.session_assessment import (
    GivenAnswer,
    assessed_session,
    authored_at,
    given_of,
    questionnaire_named,
)
from service.web.launch.sessions import AnsweringSessions, Author

DAY = AsOf("day", date(2026, 11, 21))
FORM = "bcbsms-L.5.01.513-ad-initial-2025-10-01"
NOT_KEPT: Any = ()


def test_answers_count_as_statements_of_the_author(at: Launched) -> None:
    runtime = at.http.application.extensions["runtime"]
    kept = KeptRequest("dupilumab-order-sign", "local", DAY, recorded())
    author = Author("Practitioner/dr-amara-okafor", "Dr. Amara Okafor", verified=True)
    session, _ = (
        AnsweringSessions.of(runtime).begin(kept, patient_id="p001", author=author) or NOT_KEPT
    )
    with assessed_session(runtime, session, {}) as before:
        asked = before.asked
    given = {id_: GivenAnswer(FORM, StatedAnswer(is_yes=True)) for id_ in asked}
    with assessed_session(runtime, session, given) as after:
        assert str(after.orders[0].assessment.outcome) == "met"
        (made,) = after.responses
    QuestionnaireResponse.model_validate(made)
    assert made["author"]["display"] == "Dr. Amara Okafor"
    saved = session.with_answers({id_: one.as_json() for id_, one in given.items()})
    assert given_of(saved) == given
    assert questionnaire_named(runtime, "made-up") is None


def test_answers_are_given_now_or_on_the_day_that_is_judged() -> None:
    now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert authored_at(AsOf("day", now.date(), now)) == "2026-11-21T10:00:00+00:00"
    assert authored_at(DAY) == "2026-11-21"
