"""Answers as JSON."""

from collections.abc import Mapping

import orjson
from flask import Response, g

from service.cds.outcome import operation_outcome


def json_answer(body: object, status: int = 200) -> Response:
    """Any JSON value as an answer."""
    return rendered(orjson.dumps(body), status)


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
