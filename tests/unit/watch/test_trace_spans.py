"""Spans of an answer and of its steps, as an exporter gets them."""

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from service.step_times import TimedPhase, now
from service.watch.request_ids import TraceParent
from service.watch.trace_spans import Spans

ABOUT = {"method": "POST", "route": "/cds-services/<service_id>", "status": 200, "id": "7b0c"}
PARENT = TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", is_sampled=True)


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    """Keeps what is sent."""
    return InMemorySpanExporter()


@pytest.fixture
def spans(exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    """Sends to that exporter."""
    monkeypatch.delenv("OTEL_SERVICE_NAME", raising=False)
    made = Spans(exporter)
    yield made
    made.close()


def sent(spans: Spans, exporter: InMemorySpanExporter, **about: Any) -> list[Any]:
    began = now()
    steps = [TimedPhase("read", began, began + 5), TimedPhase("judge", began + 5, began + 9)]
    spans.answered({**ABOUT, **about}, about.pop("parent", None), (began, began + 12), steps)
    spans.close()
    return [*exporter.get_finished_spans()]


def test_answer_is_a_span_and_each_step_one_inside(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    read, judge, answer = sent(spans, exporter)
    assert [one.name for one in (read, judge)] == ["read", "judge"]
    assert answer.name == "POST /cds-services/<service_id>"
    assert answer.kind is SpanKind.SERVER
    assert read.parent.span_id == judge.parent.span_id == answer.context.span_id
    assert judge.end_time - judge.start_time == 4
    assert answer.end_time - answer.start_time == 12
    assert answer.resource.attributes["service.name"] == "dupilumab-cds"
    assert dict(answer.attributes) == {
        "http.request.method": "POST",
        "http.route": "/cds-services/<service_id>",
        "http.response.status_code": 200,
        "cds.request_id": "7b0c",
    }


def test_span_goes_on_with_the_trace_of_the_caller(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    *_, answer = sent(spans, exporter, parent=PARENT)
    assert f"{answer.context.trace_id:032x}" == PARENT.trace_id
    assert f"{answer.parent.span_id:016x}" == PARENT.span_id


def test_trace_that_the_caller_does_not_record_is_not_sent(
    spans: Spans, exporter: InMemorySpanExporter
) -> None:
    assert sent(spans, exporter, parent=PARENT._replace(is_sampled=False)) == []


def test_failure_of_ours_is_an_error(spans: Spans, exporter: InMemorySpanExporter) -> None:
    *_, answer = sent(spans, exporter, status=503)
    assert answer.status.status_code is StatusCode.ERROR
