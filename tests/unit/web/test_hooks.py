"""Discovery, a call of a service, and its feedback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from support.cases.run import library
from support.visits import body_of
from werkzeug.test import TestResponse

from service.app import create_app
from service.settings import read_settings
from service.store import Store

SIGN, SELECT = "dupilumab-order-sign", "dupilumab-order-select"
FEEDBACK = {
    "feedback": [
        {
            "card": "c1",
            "outcome": "accepted",
            "acceptedSuggestions": [{"id": "s1"}],
            "outcomeTimestamp": "2026-11-20T10:00:00Z",
        }
    ]
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/cds.db")
    yield opened
    opened.close()


@pytest.fixture
def http(store: Store) -> FlaskClient:
    settings = read_settings({"CDS_AS_OF": "2026-11-20"})
    return create_app(settings, library=library(), store=store).test_client()


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    engine = create_engine(f"sqlite:///{folder}/cds.db")
    with engine.connect() as connection:
        found = connection.execute(text(f"select * from {table}"))  # noqa: S608 - a test's own name
        read = [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's name
    engine.dispose()
    return read


def call(http: FlaskClient, service: str = SIGN, body: Any = None) -> TestResponse:
    sent = body_of({}) if body is None else body
    return http.post(f"/cds-services/{service}", json=sent)


def test_discovery_lists_the_services_with_their_prefetch(http: FlaskClient) -> None:
    services = http.get("/cds-services").get_json()["services"]
    assert {one["id"]: one["hook"] for one in services} == {
        "dupilumab-crd-order-sign": "order-sign",
        SIGN: "order-sign",
        "dupilumab-crd-order-select": "order-select",
        SELECT: "order-select",
    }
    assert all(one["prefetch"]["patient"] == "Patient/{{context.patientId}}" for one in services)


def test_call_is_answered_with_cards_and_its_decision_is_stored(
    http: FlaskClient, store: Store, tmp_path: Path
) -> None:
    answer = call(http)
    assert answer.status_code == 200
    cards = answer.get_json()["cards"]
    assert cards[0]["extension"]["org.dupilumab-cds.assessment"]["outcome"] == "unknown"
    answer.close()
    store.close()
    (row,) = rows(tmp_path, "decisions")
    assert (row["service"], row["hook"], row["outcome"]) == (SIGN, "order-sign", "unknown")


def test_service_serves_its_own_hook_only(http: FlaskClient) -> None:
    assert call(http, SELECT, body_of({}, "order-select")).status_code == 200
    assert call(http, SELECT).status_code == 400
    assert call(http, SIGN, body_of({}, "order-select")).status_code == 400


@pytest.mark.parametrize("path", ["", "/feedback"])
def test_unknown_service_is_not_found(http: FlaskClient, path: str) -> None:
    answer = http.post(f"/cds-services/no-such-service{path}", json={})
    assert answer.status_code == 404
    assert "/cds-services" in answer.get_json()["issue"][0]["diagnostics"]


def test_turn_is_free_after_a_call_that_failed(http: FlaskClient) -> None:
    runtime = http.application.extensions["runtime"]
    assert call(http, body={"hook": "order-sign"}).status_code == 400
    assert not runtime.turns.taken
    assert call(http).status_code == 200


def test_feedback_is_stored_for_its_service(http: FlaskClient, tmp_path: Path) -> None:
    answer = http.post(f"/cds-services/{SIGN}/feedback", json=FEEDBACK)
    assert (answer.status_code, answer.get_json()) == (200, {})
    (row,) = rows(tmp_path, "feedback")
    assert (row["service"], row["card"], row["outcome"]) == (SIGN, "c1", "accepted")


def test_feedback_of_wrong_form_is_refused_and_nothing_stored(
    http: FlaskClient, tmp_path: Path
) -> None:
    wrong = {"feedback": [{**FEEDBACK["feedback"][0], "outcome": "unheard"}]}
    assert http.post(f"/cds-services/{SIGN}/feedback", json=wrong).status_code == 400
    assert rows(tmp_path, "feedback") == []


def test_feedback_from_elsewhere_needs_a_token(http: FlaskClient) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    path = f"/cds-services/{SIGN}/feedback"
    assert http.post(path, json=FEEDBACK, environ_base=elsewhere).status_code == 401
