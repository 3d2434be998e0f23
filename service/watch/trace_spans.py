"""Traces of OpenTelemetry: a span for each answer and one for each step of it, with no value of a request.

The exporter is set by OpenTelemetry's own variables, such as OTEL_EXPORTER_OTLP_ENDPOINT.
"""

from collections.abc import Iterable
from typing import Any

from service import __version__
from service.step_times import TimedPhase
from service.watch.request_ids import TraceParent

NAME = "dupilumab-cds"
SAMPLED = 1
SERVER_ERROR = 500


class Spans:
    """Sends spans in the background; made in each process after its fork, as it has a thread."""

    def __init__(self, exporter: Any = None) -> None:
        from opentelemetry import trace  # noqa: PLC0415 - an extra, loaded where it is used
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        resource = Resource.create({"service.version": __version__})
        if str(resource.attributes["service.name"]).startswith("unknown_service"):
            resource = resource.merge(Resource({"service.name": NAME}))
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter or _otlp()))
        self._tracer = self._provider.get_tracer(NAME, __version__)
        self._trace = trace

    def answered(
        self,
        about: dict[str, Any],
        parent: TraceParent | None,
        whole: tuple[int, int],
        steps: Iterable[TimedPhase],
    ) -> None:
        """An answer: `about` has method, route, status and id, `whole` says when it began and ended."""
        kind, status = self._trace.SpanKind.SERVER, about["status"]
        span = self._tracer.start_span(
            f"{about['method']} {about['route']}",
            context=self._context(parent),
            kind=kind,
            start_time=whole[0],
            attributes={
                "http.request.method": about["method"],
                "http.route": about["route"],
                "http.response.status_code": status,
                "cds.request_id": about["id"],
            },
        )
        if status >= SERVER_ERROR:
            span.set_status(self._trace.StatusCode.ERROR)
        inside = self._trace.set_span_in_context(span)
        for step in steps:
            self._tracer.start_span(step.name, inside, start_time=step.began).end(step.ended)
        span.end(whole[1])

    def close(self) -> None:
        """Sends what is left."""
        self._provider.shutdown()

    def _context(self, parent: TraceParent | None) -> Any:
        if parent is None:
            return None
        about = self._trace.SpanContext(
            int(parent.trace_id, 16),
            int(parent.span_id, 16),
            is_remote=True,
            trace_flags=self._trace.TraceFlags(SAMPLED if parent.is_sampled else 0),
        )
        return self._trace.set_span_in_context(self._trace.NonRecordingSpan(about))


def _otlp() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - as above
        OTLPSpanExporter,
    )

    return OTLPSpanExporter()
