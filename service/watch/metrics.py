"""The metrics of this service; labels are names of documents and of the code, never of a request."""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service import __version__
from service.step_times import NANO, TimedPhase
from service.watch.answer_counts import Counts

# in seconds
FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
WHOLE = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts in this process; `written` gives all processes of the server where they share files."""

    def __init__(self, written: Callable[[], bytes] | None = None) -> None:
        self._registry = CollectorRegistry()
        self._written = written
        self._children: dict[tuple[Any, ...], Any] = {}
        self._requests = self._counter(
            "cds_requests", "Answers to HTTP requests.", "route", "status"
        )
        self._seconds = self._histogram(
            "cds_request_seconds", "Seconds from a whole request to its answer.", WHOLE, "route"
        )
        self._phases = self._histogram(
            "cds_phase_seconds", "Seconds that a step of a call took.", FAST, "phase"
        )
        says = "Orders that were judged, by outcome."
        self._assessments = self._counter(
            "cds_assessments", says, "policy", "indication", "path", "outcome"
        )
        says = "Criteria that stayed unknown, by reason."
        self._unknown = self._counter("cds_unknown_criteria", says, "policy", "criterion", "reason")
        self._prefetch = self._counter(
            "cds_prefetch", "Parts of records, by how they were supplied.", "key", "state"
        )
        self._feedback = self._counter(
            "cds_feedback", "Cards that feedback was stored for.", "outcome"
        )
        self._calls = self._counter(
            "cds_outbound_calls", "Calls of other servers.", "target", "result"
        )
        self._call_seconds = self._histogram(
            "cds_outbound_seconds", "Seconds that a call of another server took.", WHOLE, "target"
        )
        self._lost = self._counter("cds_decisions_lost", "Decisions that were not stored.")
        self._failing = self._gauge(
            "cds_store_failing", "1 while rows of a kind cannot be stored.", "livemax", "kind"
        )
        says = "The documents and the version that a process serves with."
        self._content = self._gauge("cds_content_info", says, "livesum", "content", "version")

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=self._registry)

    def _histogram(
        self, name: str, says: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(name, says, labels, buckets=buckets, registry=self._registry)

    def _gauge(
        self, name: str, says: str, of_processes: Literal["livemax", "livesum"], *labels: str
    ) -> Gauge:
        """A gauge of the processes that live: the largest value of theirs, or the sum."""
        return Gauge(name, says, labels, multiprocess_mode=of_processes, registry=self._registry)

    def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self._registry) if self._written is None else self._written()

    def serves(self, content: str) -> None:
        """This process serves with the documents of this hash."""
        self._of(self._content, content, __version__).set(1)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """One answer to an HTTP request; `route` is the pattern of its address."""
        self._of(self._requests, route, str(status)).inc()
        self._of(self._seconds, route).observe(seconds)

    def phases(self, phases: Iterable[TimedPhase]) -> None:
        """The steps of one call."""
        for name, began, ended in phases:
            self._of(self._phases, name).observe((ended - began) * NANO)

    def judged(self, counts: Counts) -> None:
        """The outcomes of the orders of one request."""
        for metric, rows in (
            (self._assessments, counts.outcomes),
            (self._unknown, counts.unknown),
            (self._prefetch, counts.prefetch),
        ):
            for row in rows:
                self._of(metric, *row).inc()

    def feedback(self, outcomes: Iterable[str]) -> None:
        """What was done with cards, by stored feedback."""
        for outcome in outcomes:
            self._of(self._feedback, outcome).inc()

    def called(self, target: str, result: str, seconds: float | None) -> None:
        """One call of another server (`fhir` or `keys`); `seconds` is None if the call was not made."""
        self._of(self._calls, target, result).inc()
        if seconds is not None:
            self._of(self._call_seconds, target).observe(seconds)

    def lost(self, count: int) -> None:
        """So many decisions will never be stored."""
        self._lost.inc(count)

    def failing(self, kind: str, failure: object | None) -> None:
        """Why rows of a kind cannot be stored now; None if they can."""
        self._of(self._failing, kind).set(int(failure is not None))

    def _of(self, metric: Any, *labels: str) -> Any:
        """The metric for these labels; kept here, as the library makes a tuple of texts at each look-up."""
        key = (metric, *labels)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = metric.labels(*labels)
        return child
