"""What the HTTP handlers need of the rest of the service; built once in `service.app`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import time
from typing import Protocol

from service.advise.fetch_missing import FetchPlans
from service.advise.shadow_comparison import ComparedTruth
from service.auth.authenticate import Authenticator
from service.auth.host_and_origin import OwnNames
from service.cds.discovery import ServiceDescription
from service.cds.request import AsOf, HookRequest
from service.facts.client import Client
from service.json_object import Json
from service.library.library import Library
from service.step_times import TimedPhase
from service.store import Store
from service.watch.answer_counts import Counts
from service.watch.metrics import Metrics
from service.watch.trace_spans import Spans
from service.web.kept_requests import KeepsRequests, KeptRequests
from service.web.reload_status import ChangeStatus
from service.web.request_queue import Turns
from service.web.shadow import Shadow, ShadowCall
from service.web.shared_memory import MemoryFiles


class Answer(Protocol):
    """The advice on one request: the cards for the clinician, the decisions for the store."""

    @property
    def cards(self) -> Sequence[Json]:
        """The cards as CDS Hooks writes them."""

    @property
    def decisions(self) -> Sequence[Json]:
        """One record per order, for the store."""

    @property
    def counts(self) -> Counts:
        """What the metrics count."""


class Advise(Protocol):
    """The function that advises on a request; tests may hand in their own."""

    def __call__(
        self, library: Library, request: HookRequest, client: Client, as_of: AsOf, /
    ) -> Answer:
        """The advice on every order of the request."""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """One call of a service by a known client; `may_fetch` from a FHIR server what it lacks.

    `request_id` is for the log.
    """

    service_id: str
    client_id: str
    body: bytes
    may_fetch: bool = True
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """What is answered, stored and counted; `held` are the objects to free once the answer is sent.

    `completed` is the request with what was fetched for it, where a candidate judges in shadow.
    """

    hook: str
    cards: bytes
    decisions: Sequence[Json]
    held: list[object] = field(default_factory=list)
    as_of: AsOf | None = None
    completed: bytes | None = None
    phases: Sequence[TimedPhase] = ()
    counts: Counts = field(default_factory=Counts)


class SecondProcess(Protocol):
    """Another process that computes calls as this one does, and draws pictures."""

    def computed(self, call: ServiceCall) -> Computed:
        """The answer to a call; raises RequestError as this process would."""

    def compared(self, call: ShadowCall) -> Sequence[ComparedTruth]:
        """What the candidate judges otherwise; raises RequestError."""

    def drawn(self, spec: bytes) -> str:
        """The SVG of a picture, so that no thread of this process waits for it."""


@dataclass(frozen=True, slots=True)
class LaunchMemory:
    """What the pages of questions keep in the machine's memory; nothing without folders.

    `waiting` are launches whose users are logging in, `sessions` those that have, `newest` which kept
    request is a user's newest, under names made with `key`.
    """

    waiting: MemoryFiles = field(default_factory=MemoryFiles)
    sessions: MemoryFiles = field(default_factory=MemoryFiles)
    newest: MemoryFiles = field(default_factory=MemoryFiles)
    key: bytes = b""

    def clear(self) -> None:
        """Deletes all of it, when the server ends."""
        for files in (self.waiting, self.sessions, self.newest):
            files.clear()


class Records(Protocol):
    """What keeps calls and answers, without what names a patient."""

    def took(self, call: ServiceCall, client: Client, as_of: AsOf, cards: bytes) -> None:
        """Takes a call that was answered; nobody waits for it."""


@dataclass(slots=True)
class Runtime:
    """What one server process shares between its requests.

    `cpu_seconds` is the CPU time that one request may take. `second` is set where a server has a second
    process for large requests. `change` is the same for all processes of a server.
    """

    library: Library
    advise: Advise
    fetch_plans: FetchPlans
    store: Store
    authenticator: Authenticator
    names: OwnNames
    as_of: Callable[[], AsOf]
    cpu_seconds: float
    kept: KeepsRequests = field(default_factory=KeptRequests)
    launch_memory: LaunchMemory = field(default_factory=LaunchMemory)
    now: Callable[[], float] = time
    public_url: str = ""
    turns: Turns = field(default_factory=Turns)
    second: SecondProcess | None = None
    records: Records | None = None
    change: ChangeStatus = field(default_factory=ChangeStatus)
    shadow: Shadow | None = None
    metrics: Metrics = field(default_factory=Metrics)
    traces: bool = False
    spans: Spans | None = None

    def watch(self) -> None:
        """Has all parts report from now on; called in a worker after all forks, as it may start a thread."""
        if self.traces:
            self.spans = Spans()
        self.metrics.serves(self.library.content)
        self.store.watch(self.metrics.lost, self.metrics.failing)
        self.authenticator.watch(partial(self.metrics.called, "keys"))

    def watch_fetching(self) -> None:
        """Has calls of FHIR servers counted; called before the fork of a second process, which makes some."""
        self.fetch_plans.fhir.called = partial(self.metrics.called, "fhir")

    def close(self) -> None:
        """Stores and sends what waits for that, when a process ends."""
        if self.shadow is not None:
            self.shadow.close()
        self.store.close()
        if self.spans is not None:
            self.spans.close()

    def service(self, service_id: str, hook: str) -> ServiceDescription | None:
        """The service of an id for a hook; None if there is none."""
        services = self.library.services
        return next((one for one in services if (one.id, one.hook) == (service_id, hook)), None)

    def hooks(self, service_id: str) -> frozenset[str]:
        """The hooks of the service with this id; empty where there is no such service."""
        return frozenset(
            service.hook for service in self.library.services if service.id == service_id
        )
