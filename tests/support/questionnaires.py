"""The questionnaires of the shipped policies, responses to them, and what counts of a response."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from support.cases.run import library
from support.fact_case import patient
from support.paths import ROOT

from service.app import create_app
from service.facts.statements.statement import statements_for
from service.facts.statements.statement_responses import Responses
from service.facts.statements.who_may_state import Authors
from service.policy.assessment import criteria_of_path
from service.policy.finding import Finding
from service.policy.model import Criterion, walk
from service.policy.operators import Statement, TrialOutcome
from service.questionnaires.form import Form
from service.settings import read_settings
from service.store import Store

Json = dict[str, Any]
DAY = date(2026, 11, 21)
DECIDING = ("decides", "decides_before", "overrides")
FORMS = [
    Form(library(), policy, id_, path)
    for policy in library().policies
    for id_, indication in policy.indications.items()
    for path in ("initial", "renewal")
    if getattr(indication, path) is not None
]


def fhir_client() -> FlaskClient:
    """The service with the shipped documents, on the day of the recorded requests."""
    settings = read_settings({"CDS_AS_OF": DAY.isoformat()})
    return create_app(settings, library=library(), store=Store.open("sqlite://")).test_client()


def form(indication: str = "ad", path: str = "initial") -> Form:
    """The questionnaire of one disease and path."""
    return next(one for one in FORMS if (one.indication, one.path) == (indication, path))


def items(holder: Json) -> Iterator[Json]:
    """Every item of a questionnaire, in reading order."""
    for item in holder.get("item", []):
        yield item
        yield from items(item)


def questions(questionnaire: Json) -> list[str]:
    """The ids of the questions that are answered with yes or no."""
    return [item["linkId"] for item in items(questionnaire) if item["type"] == "boolean"]


def response(questionnaire: Json, answers: dict[str, bool], details: Json | None = None) -> Json:
    """A completed response; `details` stand below each answer."""
    inside = {"item": [details]} if details else {}
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "r1",
        "questionnaire": f"{questionnaire['url']}|{questionnaire['version']}",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "authored": DAY.isoformat(),
        "author": {"reference": "Practitioner/d1"},
        "item": [
            {"linkId": id_, "answer": [{"valueBoolean": yes, **inside}]}
            for id_, yes in answers.items()
        ],
    }


def counted(of: Form, answered: Json) -> dict[str, Finding]:
    """What the statements of a response come to, by the id under which they were given."""
    case = patient(of.indication)
    stated = statements_for(
        of.policy, Responses([answered]), DAY, Authors(case.record, case.knowledge)
    )
    return dict(stated(of.indication))


def looked_up(of: Form) -> set[str]:
    """Every id under which a statement is looked up in the criteria of a questionnaire."""
    whole = criteria_of_path(of.policy, of.path, (of.indication,))
    return {id_ for one in walk(whole) for id_ in _ids(one)}


def _ids(criterion: Criterion) -> Iterator[str]:
    if criterion.statement in DECIDING:
        yield criterion.id
        yield from criterion.stated_as
    if isinstance(criterion.operator, Statement | TrialOutcome):
        yield from criterion.operator.ids


def fixture(name: str) -> Json:
    """A recorded request."""
    read: Json = json.loads((ROOT / f"fixtures/{name}.json").read_text(encoding="utf-8"))
    return read
