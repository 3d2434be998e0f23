"""Errors as OperationOutcomes: the right status, and nothing of what happened inside."""

import logging

import pytest
from flask import Flask, Response
from werkzeug.exceptions import BadRequest, MethodNotAllowed, NotFound
from werkzeug.test import TestResponse

from service.errors import RequestError, StoreError
from service.web.http.error_answers import answer_errors, json_answer, operation_outcome
from service.web.http.request_log import trace_requests


def answer_to(error: Exception) -> TestResponse:
    """What an application answers whose handler raises the error."""
    app = Flask(__name__)
    trace_requests(app)
    answer_errors(app)

    @app.get("/")
    def fail() -> Response:
        raise error

    return app.test_client().get("/")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RequestError(422, "invalid", "hook: is missing"), 422, "invalid"),
        (StoreError("the store does not answer"), 503, "transient"),
        (NotFound(), 404, "not-found"),
        (BadRequest(), 400, "invalid"),
        (RecursionError(), 400, "structure"),
        (ValueError("Doe, John"), 500, "exception"),
    ],
)
def test_error_becomes_an_outcome_with_its_status(error: Exception, status: int, code: str) -> None:
    answer = answer_to(error)
    (issue,) = answer.get_json()["issue"]
    assert (answer.status_code, issue["code"]) == (status, code)
    assert issue["diagnostics"].endswith(f"(request {answer.headers['X-Request-Id']})")


def test_unexpected_error_shows_nothing_of_its_text_in_answer_and_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, "service"):
        answer = answer_to(ValueError("Doe, John"))
    assert "Doe" not in answer.get_data(as_text=True)
    assert "Doe" not in caplog.text
    assert "bug: ValueError at" in caplog.text


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (RequestError(401, "login", "no token"), "WWW-Authenticate", "Bearer"),
        (RequestError(429, "throttled", "x", {"Retry-After": "7"}), "Retry-After", "7"),
        (StoreError("x"), "Retry-After", "5"),
        (MethodNotAllowed(valid_methods=["GET"]), "Allow", "GET"),
        (RequestError(403, "forbidden", "x"), "WWW-Authenticate", None),
    ],
)
def test_headers_that_tell_the_caller_what_to_do_are_kept(
    error: Exception, header: str, value: str | None
) -> None:
    assert answer_to(error).headers.get(header) == value


def test_any_json_value_is_an_answer() -> None:
    answer = json_answer(["x", None], 201)
    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    assert answer.get_data() == b'["x",null]'


def test_outcome_names_code_place_and_request() -> None:
    assert operation_outcome("value", "hookInstance is no UUID", "r-1") == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "value",
                "diagnostics": "hookInstance is no UUID (request r-1)",
            }
        ],
    }
