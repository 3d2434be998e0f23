"""Every refusal is JSON, has the right status and says nothing it should not."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.fakes import SIGN, FakeAdvise, hook_request
from werkzeug.test import TestResponse

from service.errors import RequestError
from service.web.http.body import BODY

Call = Callable[..., TestResponse]
SERVICE = f"/cds-services/{SIGN}"


def assert_outcome(answer: TestResponse, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert answer.get_json()["resourceType"] == "OperationOutcome"
    (issue,) = answer.get_json()["issue"]
    assert (issue["severity"], issue["code"]) == ("error", code)
    assert answer.headers["X-Request-Id"] in issue["diagnostics"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


METHODS = [
    ("GET", SERVICE, "OPTIONS, POST"),
    ("PUT", SERVICE, "OPTIONS, POST"),
    ("PATCH", SERVICE, "OPTIONS, POST"),
    ("DELETE", SERVICE, "OPTIONS, POST"),
    ("GET", f"{SERVICE}/feedback", "OPTIONS, POST"),
    ("POST", "/cds-services", "GET, HEAD, OPTIONS"),
    ("POST", "/health", "GET, HEAD, OPTIONS"),
]


@pytest.mark.conforms("HTTP-02", "HTTP-13")
@pytest.mark.parametrize(("method", "path", "allowed"), METHODS)
def test_a_wrong_method_is_405_with_the_right_ones(
    http: FlaskClient, method: str, path: str, allowed: str
) -> None:
    answer = http.open(path, method=method)
    assert_outcome(answer, 405, "not-supported")
    assert ", ".join(sorted(answer.headers["Allow"].split(", "))) == allowed


ODD_IDS = [
    "nobody",
    "x" * 5000,
    "..%2F..%2Fetc%2Fpasswd",
    "%00",
    "%F0%9F%92%8A",
    "a b",
    "{{7*7}}",
    "'; drop",
]


@pytest.mark.conforms("HTTP-01", "HTTP-13", "FB-07")
@pytest.mark.parametrize("id_", ODD_IDS)
@pytest.mark.parametrize("tail", ["", "/feedback"])
def test_an_unknown_service_is_404(http: FlaskClient, id_: str, tail: str) -> None:
    assert_outcome(http.post(f"/cds-services/{id_}{tail}", json=hook_request()), 404, "not-found")


@pytest.mark.parametrize("path", ["/nothing", "/cds-services/a/b/c", "/static/x", "/.env"])
def test_an_unknown_path_is_404(http: FlaskClient, path: str) -> None:
    assert_outcome(http.get(path), 404, "not-found")


TYPES = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/xml",
    "multipart/form-data",
    "",
    "json",
]


@pytest.mark.conforms("HTTP-03", "HTTP-13")
@pytest.mark.parametrize("content_type", TYPES)
def test_body_of_another_media_type_is_415(http: FlaskClient, content_type: str) -> None:
    answer = http.post(SERVICE, data=b"{}", content_type=content_type)
    assert_outcome(answer, 415, "not-supported")


def test_a_compressed_body_is_415(call: Call) -> None:
    assert_outcome(call({}, headers={"Content-Encoding": "gzip"}), 415, "not-supported")


BODIES = {
    "empty": b"",
    "cut short": b'{"hook": "order-sign"',
    "NaN": b'{"a": NaN}',
    "an array": b"[]",
    "null": b"null",
    "a number": b"7",
    "invalid UTF-8": b'{"a": "\xff"}',
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "an empty object": b"{}",
}


@pytest.mark.conforms("HTTP-04", "HTTP-05", "HTTP-12", "HTTP-13", "HTTP-15")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_cannot_be_read_is_400_and_the_next_request_is_served(
    http: FlaskClient, body: bytes
) -> None:
    answer = http.post(SERVICE, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["resourceType"] == "OperationOutcome"
    assert http.post(SERVICE, json=hook_request()).status_code == 200


@pytest.mark.conforms("REQ-06")
def test_a_hook_that_the_service_does_not_answer_is_400(call: Call) -> None:
    assert_outcome(call(hook_request("order-select")), 400, "not-supported")


@pytest.mark.conforms("HTTP-09")
def test_a_body_over_the_cap_is_413(http: FlaskClient) -> None:
    answer = http.post(SERVICE, data=b" " * (BODY + 1), content_type="application/json")
    assert_outcome(answer, 413, "too-costly")


@pytest.mark.conforms("HTTP-09")
def test_a_body_at_the_cap_is_read(http: FlaskClient) -> None:
    answer = http.post(SERVICE, data=b" " * BODY, content_type="application/json")
    assert_outcome(answer, 400, "structure")


def test_refusal_while_judging_is_answered_as_an_error(call: Call, advise: FakeAdvise) -> None:
    advise.failure = RequestError(412, "not-found", "prefetch.patient: neither given nor reachable")
    answer = call(hook_request())
    assert_outcome(answer, 412, "not-found")
    assert "prefetch.patient" in answer.get_json()["issue"][0]["diagnostics"]


def test_body_too_deep_for_the_engine_is_400(call: Call, advise: FakeAdvise) -> None:
    advise.failure = RecursionError()
    assert_outcome(call(hook_request()), 400, "structure")


@pytest.mark.conforms("HTTP-11")
def test_a_bug_is_500_without_internals_and_logged_without_values(
    call: Call, advise: FakeAdvise, caplog: pytest.LogCaptureFixture
) -> None:
    advise.failure = KeyError("Smith, born 1988")
    answer = call(hook_request())
    assert_outcome(answer, 500, "exception")
    assert "Smith" not in answer.text
    assert "Traceback" not in answer.text
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "KeyError" in record.getMessage()
    assert answer.headers["X-Request-Id"] in record.getMessage()
    assert "Smith" not in caplog.text


@pytest.mark.conforms("HTTP-12")
def test_after_a_bug_the_next_request_is_served(call: Call, advise: FakeAdvise) -> None:
    advise.failure = ZeroDivisionError()
    call(hook_request())
    advise.failure = None
    assert call(hook_request()).status_code == 200


PATIENT: dict[str, Any] = {"patientId": "p 1 Smith", "userId": "Practitioner/u1"}


def test_a_refusal_names_the_place_and_never_the_value(call: Call) -> None:
    body = hook_request()
    body["context"] |= PATIENT
    answer = call(body)
    assert "context.patientId" in answer.text
    assert "Smith" not in answer.text
