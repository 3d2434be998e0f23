"""Feedback over HTTP: durable, or 503."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from support.fakes import SIGN, FakeAdvise, empty_library, hook_request, settings

from service.app import create_app
from service.store import Store

PATH = f"/cds-services/{SIGN}/feedback"
ITEM: dict[str, Any] = {
    "card": "4e0a3a1e-8d4c-4c0e-9a37-6f4d6e0c4b11",
    "outcome": "overridden",
    "overrideReason": {"reason": {"code": "c", "system": "urn:s"}, "userComment": "no\0t now"},
    "outcomeTimestamp": "2026-11-20T10:00:00Z",
}


@pytest.mark.conforms("FB-01", "FB-03", "FB-04", "FB-06")
def test_feedback_is_in_the_database_once_it_is_answered(http: FlaskClient, tmp_path: Path) -> None:
    answer = http.post(PATH, json={"feedback": [ITEM, ITEM]})
    assert answer.status_code == 200
    engine = create_engine(settings(tmp_path).database_url)
    with engine.connect() as connection:
        rows = connection.execute(
            text("select service, card, outcome, comment from feedback")
        ).all()
    engine.dispose()
    assert rows == [(SIGN, ITEM["card"], "overridden", "not now")] * 2


def test_empty_feedback_is_accepted(http: FlaskClient) -> None:
    assert http.post(PATH, json={"feedback": []}).status_code == 200


@pytest.mark.conforms("FB-05")
@pytest.mark.parametrize("body", [{}, [], {"feedback": [{}]}, {"feedback": ["x"]}])
def test_malformed_feedback_is_400_and_nothing_is_kept(http: FlaskClient, body: object) -> None:
    answer = http.post(PATH, json=body)
    assert answer.status_code == 400
    assert answer.get_json()["resourceType"] == "OperationOutcome"


@pytest.fixture
def without_store(tmp_path: Path) -> FlaskClient:
    (tmp_path / "var").write_text("a file where the folder should be")
    broken = Store.open(settings(tmp_path).database_url)
    app = create_app(settings(tmp_path), library=empty_library(), advise=FakeAdvise(), store=broken)
    return app.test_client()


def test_with_the_store_down_feedback_is_503(without_store: FlaskClient) -> None:
    answer = without_store.post(PATH, json={"feedback": [ITEM]})
    assert answer.status_code == 503
    assert answer.get_json()["issue"][0]["code"] == "transient"
    assert "Retry-After" in answer.headers


def test_store_down_still_returns_cards_and_is_not_ready(
    without_store: FlaskClient,
) -> None:
    answer = without_store.post(f"/cds-services/{SIGN}", json=hook_request())
    assert answer.status_code == 200
    assert len(answer.get_json()["cards"]) == 1
    assert without_store.get("/health").status_code == 200
    assert without_store.get("/ready").status_code == 503
