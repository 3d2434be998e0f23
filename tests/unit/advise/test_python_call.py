"""The Python call: the same assessment as over HTTP, from bytes, text or a dict."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.cases.run import library
from support.fakes import settings
from support.paths import ROOT
from support.visits import DAY, body_of

from dupilumab_cds import DocumentsError, RequestError, Rules, evaluate
from service.app import create_app
from service.errors import SettingsError

RULES = Rules(library())
IDS = {"id", "uuid"}


def without_ids(value: Any) -> Any:
    """An answer without the ids that are new each time."""
    match value:
        case dict():
            return {name: without_ids(part) for name, part in value.items() if name not in IDS}
        case list():
            return [without_ids(part) for part in value]
    return value


@pytest.mark.parametrize("name", ["p001-initial", "asthma-renewal"])
def test_answer_is_that_over_http(name: str, tmp_path: Path) -> None:
    raw = (ROOT / "fixtures" / f"{name}.json").read_bytes()
    http = create_app(settings(tmp_path, as_of=DAY, pages="off"), library=library()).test_client()
    over_http = http.post(
        "/cds-services/dupilumab-order-sign", data=raw, content_type="application/json"
    ).get_json()
    given = RULES.evaluate(raw, as_of=DAY)
    assert given.assessments
    assert without_ids(given.cards) == without_ids(over_http["cards"])


def test_bytes_text_and_dict_are_one_request() -> None:
    body = body_of({})
    text = json.dumps(body)
    answers = [RULES.evaluate(one, as_of=DAY).assessments for one in (body, text, text.encode())]
    assert without_ids(answers[0]) == without_ids(answers[1]) == without_ids(answers[2])
    assert answers[0][0]["content"] == RULES.content


def test_day_is_that_of_the_order_where_asked_for() -> None:
    body = body_of({}, authoredOn="2026-03-04")
    (assessment,) = evaluate(body, as_of="order", rules=RULES).assessments
    assert assessment["asOf"] == "2026-03-04"


def test_without_a_day_it_is_today() -> None:
    (assessment,) = evaluate(body_of({}), rules=RULES).assessments
    assert date.fromisoformat(assessment["asOf"]) >= date(2026, 11, 30)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (b"{", "not strict JSON"),
        ("\ud800", "not strict JSON"),
        ({"hook": {1, 2}}, "what JSON cannot"),
        ({"hook": 2**70}, "what JSON cannot"),
        ({"hook": "patient-view"}, "hook: this service answers"),
    ],
)
def test_request_that_cannot_be_answered_is_refused_as_over_http(request_: Any, says: str) -> None:
    with pytest.raises(RequestError, match=says) as refused:
        RULES.evaluate(request_)
    assert refused.value.status == 400


def test_unknown_client_is_refused() -> None:
    with pytest.raises(RequestError, match="not configured"):
        RULES.evaluate(body_of({}), client="nobody")


def test_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no folder mappings"):
        Rules.load(tmp_path)
    for name in ("mappings", "cards"):
        (tmp_path / name).mkdir()
    with pytest.raises(DocumentsError):
        Rules.load(tmp_path)


@pytest.mark.slow
def test_documents_of_the_package_are_read_once() -> None:
    assert Rules.load().library is Rules.load().library


def test_versions_for_evaluation_judge_only_where_that_is_allowed() -> None:
    raw = (ROOT / "fixtures/initial-fully-met.json").read_bytes()
    outcomes = [
        Rules.load(evaluation=allowed).evaluate(raw, as_of=DAY).assessments[0]["outcome"]
        for allowed in (True, False)
    ]
    assert outcomes == ["met", "no_policy"]
