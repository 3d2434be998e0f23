"""Measures what metrics, log lines and traces cost a request, in CPU time, and exits 1 past a bound.

`python bench/watching.py [--rounds 20]`. Recorded stories are answered once by the WSGI application, and all
that it reports is recorded; then each report is made again and again, into the files that the processes
of a server share. Compared with the CPU time of the request itself, the least of several.
"""

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from io import StringIO
from statistics import median
from time import process_time, thread_time
from typing import Any

import orjson
from stories import AS_OF, stories
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.app import create_app
from service.settings import read_settings
from service.step_times import now
from service.watch.log_lines import Fields, JsonLines, TextLines, WithRequestId
from service.watch.metric_files import MetricFiles
from service.watch.metrics import Metrics

PATH = "/cds-services/dupilumab-order-sign"
BOUND = 0.03
EVERY = 4  # stories
REPEATS = 50
Report = tuple[str, tuple[Any, ...]]


class Recorded(Metrics):
    """Notes what is reported, in place of counting it."""

    def __init__(self) -> None:
        super().__init__()
        self.reports: list[Report] = []

    def answered(self, *about: Any) -> None:
        """Notes it."""
        self.reports.append(("answered", about))

    def phases(self, *about: Any) -> None:
        """Notes it."""
        self.reports.append(("phases", about))

    def judged(self, *about: Any) -> None:
        """Notes it."""
        self.reports.append(("judged", about))


def main() -> None:
    """Prints the cost of each, in microseconds and as a share of the median request."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=20)
    rounds = asked.parse_args().rounds
    bodies = [orjson.dumps(one.body) for one in stories()[::EVERY]]
    logging.disable(logging.CRITICAL)
    requests, reports = answered(bodies, rounds)
    files = MetricFiles.made()
    metrics = files.share()
    line = Fields(
        {"method": "POST", "route": "/cds-services/<service_id>", "status": 200, "ms": 12.3}
        | {"in": 16_000, "out": 30_000, "id": "6f1f9c1e-2f0b-4b6e-9d3a-0a1b2c3d4e5f"}
    )
    costs = {
        "metrics": median(_least(lambda of=of: _count(metrics, of), rounds) for of in reports),
        "log line as text": _least(_logs(TextLines(), line), rounds),
        "log line as JSON": _least(_logs(JsonLines(), line), rounds),
        "traces": median(_least(_traced(of, line), rounds) for of in reports),
    }
    written = _least(metrics.text, rounds, 1)
    files.remove()
    request = median(requests)
    print(f"{len(bodies)} stories, {rounds} rounds; median request {request * 1e3:.2f} ms of CPU")
    for name, seconds in costs.items():
        print(f"{name}: {seconds * 1e6:.0f} µs, {seconds / request:.2%}")
    print(f"one reading of /metrics: {written * 1e3:.1f} ms")
    sys.exit(1 if costs["metrics"] / request > BOUND else 0)


def answered(bodies: Sequence[bytes], rounds: int) -> tuple[list[float], list[list[Report]]]:
    """The least CPU time of each request in its thread, and what each reports."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CDS_AS_OF": AS_OF.isoformat(),
            "CDS_PAGES": "off",
        }
        recorded = Recorded()
        app = create_app(read_settings({**os.environ, **settings}), metrics=recorded)
        took: list[list[float]] = [[] for _ in bodies]
        reports: list[list[Report]] = []
        for n, body in enumerate(bodies):
            recorded.reports = []
            took[n].append(_cpu(app, body))
            reports.append(recorded.reports)
        for _ in range(rounds):
            for n, body in enumerate(bodies):
                took[n].append(_cpu(app, body))
        app.extensions["runtime"].store.close()
    return [min(times) for times in took], reports


def _cpu(app: Any, body: bytes) -> float:
    environ = EnvironBuilder(
        PATH,
        method="POST",
        data=body,
        content_type="application/json",
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
    ).get_environ()
    began = thread_time()
    answer, status, _ = run_wsgi_app(app, environ, buffered=True)
    getattr(answer, "close", bool)()
    took = thread_time() - began
    if not status.startswith("200"):
        raise SystemExit(status)
    return took


def _count(metrics: Metrics, reports: Sequence[Report]) -> None:
    for name, about in reports:
        getattr(metrics, name)(*about)


def _logs(lines: logging.Formatter, line: Fields) -> Callable[[], object]:
    """Logs a line with this formatter."""

    def log() -> None:
        record = logging.LogRecord("service.access", logging.INFO, "trace.py", 1, line, (), None)
        if keep.filter(record):
            handler.emit(record)

    handler, keep = logging.StreamHandler(StringIO()), WithRequestId()
    handler.setFormatter(lines)
    return log


def _traced(reports: Sequence[Report], line: Fields) -> Callable[[], object]:
    """Makes the spans of a request, for an exporter that keeps them."""
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import (  # noqa: PLC0415 - an extra
        InMemorySpanExporter,
    )

    from service.watch.trace_spans import Spans  # noqa: PLC0415

    spans = Spans(InMemorySpanExporter())
    (steps,) = next(about for name, about in reports if name == "phases")
    return lambda: spans.answered(line, None, (now(), now()), steps)


def _least(work: Callable[[], object], rounds: int, repeats: int = REPEATS) -> float:
    """The least CPU time of the work, in seconds; threads that it starts count too."""
    times = []
    for _ in range(rounds):
        began = process_time()
        for _ in range(repeats):
            work()
        times.append((process_time() - began) / repeats)
    return min(times)


if __name__ == "__main__":
    main()
