"""Gives each request an id and logs one line per answer, without query, path values or patient data."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Flask, Response, g
from flask.globals import app_ctx, request_ctx

from service.step_times import NANO, TimedPhase, now
from service.watch.log_lines import Fields
from service.watch.request_ids import CURRENT, TraceParent, id_for, read_parent
from service.web.runtime import Runtime

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = logging.getLogger("service.access")


def trace_requests(app: Flask, runtime: Runtime | None = None) -> None:
    """Adds an id and the time taken to every request, and logs, counts and traces its answer."""

    @app.before_request
    def begin() -> None:
        kept = app_ctx.g
        kept.began = now()
        headers = request_ctx.request.headers
        kept.parent = read_parent(headers.get("traceparent"))
        kept.request_id = id_for(headers.get("X-Request-Id"), kept.parent)
        CURRENT.set(kept.request_id)

    @app.after_request
    def end(answer: Response) -> Response:
        incoming, kept = request_ctx.request, app_ctx.g
        answer.headers["X-Request-Id"] = kept.request_id
        route, took = str(incoming.url_rule or "none"), milliseconds()
        line: dict[str, Any] = {
            "method": incoming.method if incoming.method in METHODS else "?",
            "route": route,
            "status": answer.status_code,
            "ms": round(took, 1),
            "in": len(kept.get("body", b"")),
            "out": answer.calculate_content_length() or 0,
            "id": kept.request_id,
        }
        if kept.parent is not None and kept.parent.trace_id != kept.request_id:
            line["trace"] = kept.parent.trace_id
        # logged and counted after the answer was sent
        answer.call_on_close(partial(log.info, Fields(line)))
        if runtime is not None:
            steps: Sequence[TimedPhase] = kept.get("steps", ())
            answer.call_on_close(
                partial(_watch, runtime, line, kept.parent, (kept.began, now()), steps)
            )
        return answer


def milliseconds() -> float:
    """How long this request has taken so far."""
    began: int = g.began
    return (now() - began) * NANO * 1000


def _watch(
    runtime: Runtime,
    line: dict[str, Any],
    parent: TraceParent | None,
    whole: tuple[int, int],
    steps: Sequence[TimedPhase],
) -> None:
    """Counts and traces an answer, once it is sent."""
    runtime.metrics.answered(str(line["route"]), line["status"], line["ms"] / 1000)
    runtime.metrics.phases(steps)
    if runtime.spans is not None:
        runtime.spans.answered(line, parent, whole, steps)
