"""Request ids and the access log."""

import logging
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from support.fakes import SIGN, hook_request

GIVEN = "7b0c2a36-1f0f-4a5e-9d6e-0f6f5d0c9b11"


def test_valid_request_id_is_kept(http: FlaskClient) -> None:
    assert http.get("/health", headers={"X-Request-Id": GIVEN}).headers["X-Request-Id"] == GIVEN


@pytest.mark.parametrize("given", ["", "Patient Smith", "1", "x" * 5000])
def test_invalid_request_id_is_replaced(http: FlaskClient, given: str) -> None:
    found = http.get("/health", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert UUID(found).version == 4


def test_the_log_has_one_line_for_each_answer_and_no_value_of_it(
    http: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    http.post(
        f"/cds-services/{SIGN}?patient=Smith", json=hook_request(), headers={"X-Request-Id": GIVEN}
    ).close()
    http.get("/Smith?name=Smith").close()
    lines = [one.getMessage() for one in caplog.records if one.name == "service.access"]
    assert len(lines) == 2
    assert lines[0].startswith("method=POST route=/cds-services/<service_id> status=200 ms=")
    assert lines[0].endswith(f"id={GIVEN}")
    assert lines[1].startswith("method=GET route=none status=404")
    assert "Smith" not in caplog.text
    assert "p1" not in caplog.text
