"""Gives each request an id and logs one line per answer, without query, path values or patient data."""

import logging
from functools import partial
from time import perf_counter
from uuid import UUID

from flask import Flask, Response, g
from flask.globals import app_ctx, request_ctx

from service.cds.ids import fresh_uuid

FORMAT = "method=%s route=%s status=%d ms=%.1f in=%d out=%d id=%s"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = logging.getLogger("service.access")


def trace_requests(app: Flask) -> None:
    """Adds an id and the time taken to every request, and logs its answer."""

    @app.before_request
    def begin() -> None:
        kept = app_ctx.g
        kept.began = perf_counter()
        kept.request_id = _request_id(request_ctx.request.headers.get("X-Request-Id"))

    @app.after_request
    def end(answer: Response) -> Response:
        incoming, kept = request_ctx.request, app_ctx.g
        answer.headers["X-Request-Id"] = kept.request_id
        line = (
            incoming.method if incoming.method in METHODS else "?",
            incoming.url_rule or "none",
            answer.status_code,
            milliseconds(),
            len(kept.get("body", b"")),
            answer.calculate_content_length() or 0,
            kept.request_id,
        )
        # logged after the answer was sent
        answer.call_on_close(partial(log.info, FORMAT, *line))
        return answer


def milliseconds() -> float:
    """How long this request has taken so far."""
    began: float = g.began
    return (perf_counter() - began) * 1000


def _request_id(given: str | None) -> str:
    if given is None:
        return fresh_uuid()
    # only a UUID is accepted from the caller: other text might bring a name into the log
    try:
        return str(UUID(given))
    except ValueError:
        return fresh_uuid()
