"""Turns every error into an OperationOutcome with its status; internal errors show no details."""

from collections.abc import Mapping

import orjson
from flask import Flask, Response, g
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from service.errors import RequestError, StoreError
from service.watch.bug_log import log_bug


def operation_outcome(code: str, diagnostics: str, request_id: str) -> dict[str, object]:
    """An OperationOutcome with one issue; the request's id is in the log too."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": code,
                "diagnostics": f"{diagnostics} (request {request_id})",
            }
        ],
    }


def json_answer(body: object, status: int = 200) -> Response:
    """Any JSON value as an answer."""
    return rendered(orjson.dumps(body), status)


def with_tag(answer: Response, tag: str) -> Response:
    """The answer with the tag of its content, 304 if the caller has it already."""
    answer.set_etag(tag)
    answer.make_conditional(request_ctx.request)
    # it adds the date, which the server writes anyway: RFC 9110 has one alone
    answer.headers.pop("Date", None)
    return answer


def rendered(body: bytes, status: int = 200) -> Response:
    """Bytes that are JSON already."""
    return Response(body, status, content_type="application/json")


def error_answer(
    status: int, code: str, diagnostics: str, headers: Mapping[str, str] | None = None
) -> Response:
    """An OperationOutcome."""
    answer = json_answer(operation_outcome(code, diagnostics, g.request_id), status)
    answer.headers.update(headers or {})
    return answer


CODES = {
    404: "not-found",
    405: "not-supported",
    408: "timeout",
    413: "too-costly",
    415: "not-supported",
}
UNAUTHORIZED = 401
KEPT_HEADERS = ("Allow", "WWW-Authenticate", "Retry-After")


def answer_errors(app: Flask) -> None:
    """Registers the one handler."""

    @app.errorhandler(Exception)
    def answer_error(error: Exception) -> Response:
        match error:
            case RequestError():
                return _refusal(error)
            case StoreError():
                return error_answer(503, "transient", str(error), {"Retry-After": "5"})
            case HTTPException():
                return _http(error)
            case RecursionError():
                return error_answer(400, "structure", "the body is nested too deeply")
            case _:
                return _bug(error)


def _refusal(error: RequestError) -> Response:
    challenge = {"WWW-Authenticate": "Bearer"} if error.status == UNAUTHORIZED else {}
    return error_answer(error.status, error.code, error.diagnostics, challenge | error.headers)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in KEPT_HEADERS}
    return error_answer(status, CODES.get(status, "invalid"), error.name, headers)


def _bug(error: Exception) -> Response:
    log_bug(error, f"request {g.request_id}")
    return error_answer(500, "exception", "the service failed; this is a mistake of ours")
