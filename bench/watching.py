"""Measures what metrics, log lines and traces cost: CPU time of a request with and without, in turn.

`python bench/watching.py [--rounds 30]`. The application is called as WSGI; metrics are in the files that
the processes of a server share. Exits 1 if metrics cost more than 3 % of a request.
"""

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from statistics import median
from time import process_time
from typing import Any

import orjson
from stories import AS_OF, stories
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.app import create_app
from service.settings import read_settings
from service.watch.log_lines import JsonLines, TextLines, WithRequestId
from service.watch.metric_files import MetricFiles
from service.watch.metrics import Metrics
from service.watch.spans import Spans

PATH = "/cds-services/dupilumab-order-sign"
BOUND = 0.03
EVERY = 4  # stories


class NoMetrics(Metrics):
    """Counts nothing."""

    def __init__(self) -> None:
        for name in ("answered", "phases", "judged"):
            setattr(self, name, _nothing)


def _nothing(*_: object) -> None:
    """Does nothing."""


def main() -> None:
    """Prints the cost of each, in microseconds and as a share of the median request."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=30)
    rounds = asked.parse_args().rounds
    bodies = [orjson.dumps(one.body) for one in stories()[::EVERY]]
    files = MetricFiles.made()
    with tempfile.TemporaryDirectory() as folder:
        app = _app(folder, files.share())
        runtime = app.extensions["runtime"]
        runtime.watch()
        ways: dict[str, Callable[[], None]] = {
            "nothing": lambda: _set(runtime, NoMetrics(), None),
            "metrics": lambda: _set(runtime, metrics, None),
            "log lines as text": lambda: _set(runtime, NoMetrics(), TextLines()),
            "log lines as JSON": lambda: _set(runtime, NoMetrics(), JsonLines()),
        }
        metrics = runtime.metrics
        with suppress(ImportError):
            ways["traces"] = _traces(runtime)
        took: dict[str, list[list[float]]] = {name: [[] for _ in bodies] for name in ways}
        for _ in range(rounds):
            for name, begin in ways.items():
                begin()
                for n, body in enumerate(bodies):
                    took[name][n].append(_cpu(app, body))
        runtime.store.close()
    files.remove()
    base = [min(times) for times in took["nothing"]]
    print(f"{len(bodies)} stories, {rounds} rounds; median request {median(base) * 1e3:.2f} ms CPU")
    shares = {}
    for name in list(ways)[1:]:
        more = median(min(times) - of for times, of in zip(took[name], base, strict=True))
        shares[name] = more / median(base)
        print(f"{name}: {more * 1e6:+.0f} µs, {shares[name]:+.1%}")
    sys.exit(1 if shares["metrics"] > BOUND else 0)


def _app(folder: str, metrics: Metrics) -> Any:
    settings = {
        "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "CDS_AS_OF": AS_OF.isoformat(),
        "CDS_PAGES": "off",
    }
    return create_app(read_settings({**os.environ, **settings}), metrics=metrics)


def _set(runtime: Any, metrics: Metrics, lines: logging.Formatter | None) -> None:
    """What is counted and how it is logged from now on."""
    runtime.metrics, runtime.spans = metrics, None
    root = logging.getLogger()
    root.handlers = []
    logging.disable(logging.CRITICAL if lines is None else logging.NOTSET)
    if lines is not None:
        handler = logging.StreamHandler(StringIO())
        handler.setFormatter(lines)
        handler.addFilter(WithRequestId())
        root.addHandler(handler)
        root.setLevel(logging.INFO)


def _traces(runtime: Any) -> Callable[[], None]:
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import (  # noqa: PLC0415 - an extra
        InMemorySpanExporter,
    )

    spans = Spans(InMemorySpanExporter())

    def begin() -> None:
        _set(runtime, NoMetrics(), None)
        runtime.spans = spans

    return begin


def _cpu(app: Any, body: bytes) -> float:
    environ = EnvironBuilder(
        PATH,
        method="POST",
        data=body,
        content_type="application/json",
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
    ).get_environ()
    began = process_time()
    answer, status, _ = run_wsgi_app(app, environ, buffered=True)
    getattr(answer, "close", bool)()
    took = process_time() - began
    if not status.startswith("200"):
        raise SystemExit(status)
    return took


if __name__ == "__main__":
    main()
