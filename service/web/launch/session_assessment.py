"""The order of a session judged again, with the answers given so far as the prescriber's statements."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from service.advise import Advice, Rendered, advise
from service.cds.request import AsOf, DraftEntry, parse_hook_request
from service.cpu_limit import CpuShare
from service.errors import PageError
from service.json_object import Json
from service.policy.assessment import Assessment
from service.questionnaires.next_questions import NextQuestions, next_questions
from service.questionnaires.published import questionnaire_of_id
from service.questionnaires.responses import Stated, StatedAnswer, response
from service.web.kept_requests import KeptRequest
from service.web.launch.sessions import AnsweringSession, AnsweringSessions
from service.web.runtime import Runtime
from service.web.statements_from_store import with_statements

COMPLETED = "completed"
NOBODY = {"system": "https://dupilumab-cds.github.io/fhir/author", "value": "not-verified"}


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer with the id of the questionnaire that it belongs to."""

    questionnaire: str
    answer: StatedAnswer

    def as_json(self) -> Json:
        """As a session keeps it."""
        details = list(self.answer.details)
        return {"form": self.questionnaire, "yes": self.answer.is_yes, "details": details}


Given = Mapping[str, GivenAnswer]


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """One judged order with the questions that are put now."""

    rendered: Rendered
    next: NextQuestions

    @property
    def assessment(self) -> Assessment:
        """The assessment of the order."""
        return self.rendered.judgement.assessment


@dataclass(frozen=True, slots=True)
class AssessedSession:
    """A session's request as it is judged with its answers; `responses` are these, by questionnaire."""

    kept: KeptRequest
    given: Given
    responses: tuple[Json, ...]
    advice: Advice
    orders: tuple[OrderAsked, ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """Every question that is open now, each once."""
        return tuple(dict.fromkeys(id_ for order in self.orders for id_ in order.next.asked))


def given_of(session: AnsweringSession) -> dict[str, GivenAnswer]:
    """The answers of a session."""
    return {
        id_: GivenAnswer(one["form"], StatedAnswer(one["yes"], tuple(one["details"])))
        for id_, one in session.answers.items()
    }


@contextmanager
def assessed_session(
    runtime: Runtime, session: AnsweringSession, given: Given
) -> Iterator[AssessedSession]:
    """The session judged with these answers; the turn lasts while it is used. PageError if it is over.

    Behind a login it is judged with the statements that are stored now, as the next sign is.
    """
    kept = AnsweringSessions.of(runtime).request(session)
    if kept is None:
        raise PageError(404, "session_over")
    as_of = runtime.as_of() if session.author.verified else kept.as_of
    library = runtime.library
    made = responses_of(runtime, session, given, as_of)
    share = CpuShare(runtime.cpu_seconds, runtime.turns.give_way)
    with runtime.turns.turn(share, 0):
        request = parse_hook_request(kept.content, runtime.hooks(kept.service_id), share)
        drafts = tuple(DraftEntry(None, one) for one in made)
        drafts = (*request.draft_orders, *drafts)
        request = replace(request, draft_orders=drafts, statements=kept.statements)
        if session.author.verified:
            request = with_statements(runtime, kept.client_id, request, kept.asked_at)
        client = library.client(kept.client_id)
        advice = advise(library, request, client, as_of)
        orders = tuple(
            OrderAsked(each, next_questions(library, each.judgement.assessment))
            for each in advice.orders
        )
        yield AssessedSession(kept, given, made, advice, orders)


def responses_of(
    runtime: Runtime,
    session: AnsweringSession,
    given: Given,
    as_of: AsOf,
    status: str = COMPLETED,
) -> tuple[Json, ...]:
    """The answers as QuestionnaireResponses, one for each questionnaire."""
    by_form: dict[str, dict[str, StatedAnswer]] = {}
    for id_, one in given.items():
        by_form.setdefault(one.questionnaire, {})[id_] = one.answer
    stated = Stated(
        session.patient_id, author_element(session), authored_at(as_of), session.encounter
    )
    return tuple(
        response(questionnaire, answers, stated, status)
        for form, answers in by_form.items()
        if (questionnaire := questionnaire_named(runtime, form)) is not None
    )


def questionnaire_named(runtime: Runtime, id_: str) -> Json | None:
    """The questionnaire of an id with its version; None if it is no longer served."""
    found = questionnaire_of_id(runtime.library, id_, runtime.as_of().day)
    return None if found is None else orjson.loads(found.body)


def author_element(session: AnsweringSession) -> Json:
    """The author as FHIR writes it; without a reference where nobody has logged in."""
    author = session.author
    named = {"display": author.name} if author.name else {}
    if not author.reference:
        # nobody: enough for the page to show what the answers would come to; they are never stored
        return {"type": "Practitioner", "identifier": NOBODY, **named}
    return {"reference": author.reference, "type": author.reference.split("/")[0], **named}


def authored_at(as_of: AsOf) -> str:
    """When answers are given: now; where the service judges as of another day, on that day."""
    now: datetime | None = as_of.now
    return now.isoformat(timespec="seconds") if now is not None else as_of.day.isoformat()
