"""Asks a FHIR server for several keys at once; servers that fail are not called for a while."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from urllib.parse import urlsplit

from urllib3.exceptions import HTTPError

from service.errors import RequestError
from service.fhir.fetch.call import Call, PageReader, Query, Read, UnansweredError
from service.fhir.fetch.create import Created, create
from service.fhir.fetch.paging import FetchedKey
from service.json_object import Json
from service.outbound_connection import CuttableAdapter, CuttableConnection

FAILURES = 3
REST = 30.0
LONGEST_REST = 60.0
MOST_UNDER_WAY = 64


@dataclass(slots=True)
class _Host:
    failures: int = 0
    open_until: float = 0.0
    asked_until: float = 0.0
    under_way: int = 0


@dataclass
class Breaker:
    """Stops calls to a host after several requests in a row without an answer; times in seconds."""

    clock: Callable[[], float] = monotonic
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def admits(self, host: str) -> bool:
        """Whether a request may call the host now; after a pause one request tries first."""
        with self._lock:
            state, now = self._hosts.setdefault(host, _Host()), self.clock()
            if now < max(state.open_until, state.asked_until):
                return False
            if state.under_way >= MOST_UNDER_WAY:
                return False
            if state.failures >= FAILURES:
                state.open_until = now + REST  # for other requests, until this one has an answer
            return True

    def entered(self, host: str) -> None:
        """Counts a call that begins; hanging calls count until they end."""
        with self._lock:
            self._hosts[host].under_way += 1

    def left(self, host: str) -> None:
        """Counts a call that has ended, with or without an answer."""
        with self._lock:
            self._hosts[host].under_way -= 1

    def report(self, host: str, *, answered: bool) -> None:
        """Records whether an admitted request got any answer."""
        with self._lock:
            state = self._hosts[host]
            state.failures = 0 if answered else state.failures + 1
            state.open_until = 0.0
            if state.failures >= FAILURES:
                state.open_until = self.clock() + REST
                log.warning("fhir: a server failed %d times; rests %d s", state.failures, REST)

    def rest(self, host: str, seconds: float) -> None:
        """Stops calls for so many seconds because the host asked for it (Retry-After)."""
        with self._lock:
            state = self._hosts[host]
            until = self.clock() + min(seconds, LONGEST_REST)
            state.asked_until = max(state.asked_until, until)

    def was_asked_to_rest(self, host: str) -> bool:
        """Whether the host asked not to be called (Retry-After) and that time is not over."""
        with self._lock:
            return self.clock() < self._hosts[host].asked_until


AT_ONCE = 24


@dataclass
class CallPool:
    """Threads that make calls; `make` makes one call, and no further call begins once `goes_on` is False."""

    make: Callable[[FetchedKey, CuttableConnection], None]
    goes_on: Callable[[], bool]
    _waiting: deque[tuple[FetchedKey, CuttableConnection]] = field(default_factory=deque)
    _threads: list[Thread] = field(default_factory=list)
    _wires: list[CuttableConnection] = field(default_factory=list)

    def send(self, calls: Iterable[FetchedKey]) -> None:
        """Starts these calls, in addition to those in progress."""
        wired = [(gathered, CuttableConnection()) for gathered in calls]
        self._wires += (wire for _, wire in wired)
        self._waiting.extend(wired)
        threads = [
            # daemon threads, so that the process can end
            Thread(target=copy_context().run, args=(self._work,), name="fhir", daemon=True)
            for _ in wired[:AT_ONCE]
        ]
        self._threads += threads
        for thread in threads:
            thread.start()

    def wait(self, until: float) -> None:
        """Waits until all calls have ended, or until a time of the monotonic clock."""
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))

    def stop(self) -> None:
        """Drops waiting calls and cuts the connections of those in progress."""
        self._waiting.clear()
        for wire in self._wires:
            wire.cut()

    def _work(self) -> None:
        # another thread may have taken the last one
        with suppress(IndexError):
            self.make(*self._waiting.popleft())
            while self.goes_on():
                self.make(*self._waiting.popleft())


KEPT_OPEN = 16
# errors that a server, a network or a body of any shape can cause
CAUSED_OUTSIDE = (OSError, HTTPError, ValueError)
# an answer came, but it is no JSON that can be read
UNREADABLE = (RequestError, RecursionError)
# Gets the result and the seconds of a call; no seconds if the server rests and was not called.
Called = Callable[[str, float | None], object]
Then = Callable[[Mapping[str, Json]], Sequence[Query]]
log = logging.getLogger("service.fhir")


@dataclass
class FhirClient:
    """The outbound calls of one process: keeps connections open and does not call failing hosts.

    `read` turns bytes into JSON, as strictly as the request itself was read.
    """

    read: Read
    breaker: Breaker = field(default_factory=Breaker)
    adapter: CuttableAdapter = field(default_factory=lambda: CuttableAdapter(KEPT_OPEN))
    called: Called | None = None

    def __post_init__(self) -> None:
        # urllib3's warnings contain whole URLs, and so patients' ids
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def fetch(
        self, call: Call, queries: Sequence[Query], then: Then | None = None
    ) -> dict[str, Json]:
        """A prefetch value for each query, in the order of the queries.

        `then` gets the values fetched so far and returns further queries, for the same time limit.
        """
        host = urlsplit(call.base).netloc
        gatherings = [FetchedKey(query) for query in queries]
        if gatherings and self.breaker.admits(host):
            self._all(call, host, gatherings, then)
        elif gatherings and self.called is not None:
            self.called("resting", None)
        return _values(gatherings)

    def create(self, call: Call, resource: Json, once: tuple[str, str]) -> Created:
        """Creates a resource unless there is one with this identifier (system, value), until `call.until`."""
        host = urlsplit(call.base).netloc
        if not self.breaker.admits(host):
            return Created(reason="the EHR's FHIR server did not answer a moment ago", again=True)
        self.breaker.entered(host)
        answered = False
        try:
            with CuttableConnection().cut_after(max(0.0, call.until - monotonic())):
                created = create(call, self.adapter, resource, once)
            answered = True
        except (UnansweredError, *CAUSED_OUTSIDE) as error:
            log.info("fhir: a call failed: %s", type(error).__name__)
            created = Created(reason="the EHR's FHIR server did not answer in time", again=True)
        finally:
            self.breaker.left(host)
            self.breaker.report(host, answered=answered)
        return created

    def _all(self, call: Call, host: str, gatherings: list[FetchedKey], then: Then | None) -> None:
        crew = CallPool(
            lambda gathered, wire: self._one(call, host, gathered, wire),
            lambda: not self.breaker.was_asked_to_rest(host),
        )
        try:
            crew.send(gatherings)
            if then is not None:
                # half of the time is kept for the further queries, even if a key hangs
                crew.wait((monotonic() + call.until) / 2)
                following = [FetchedKey(query) for query in then(_values(gatherings))]
                gatherings += following
                if crew.goes_on():
                    crew.send(following)
            crew.wait(call.until)
        finally:
            crew.stop()
            self.breaker.report(host, answered=any(gathered.answered for gathered in gatherings))

    def _one(self, call: Call, host: str, gathered: FetchedKey, wire: CuttableConnection) -> None:
        self.breaker.entered(host)
        began, result = monotonic(), "answered"
        try:
            with wire.held():
                gathered.gather(PageReader(call, self.adapter, self.read))
        except UnansweredError as error:
            result = "refused" if error.reached else "unavailable"
            gathered.answered = gathered.answered or error.reached
            if error.rest is not None:
                self.breaker.rest(host, error.rest)
        except UNREADABLE as error:
            gathered.answered = True
            result = "unreadable"
            log.info("fhir: an answer could not be read: %s", type(error).__name__)
        except CAUSED_OUTSIDE as error:
            result = "failed"
            log.info("fhir: a call failed: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - logged without its message, which may hold a URL
            result = "failed"
            log.error("bug: %s in a call to a FHIR server", type(error).__name__)  # noqa: TRY400
        finally:
            self.breaker.left(host)
            if self.called is not None:
                self.called(result, monotonic() - began)


def _values(gatherings: Sequence[FetchedKey]) -> dict[str, Json]:
    return {gathered.query.key: gathered.value() for gathered in gatherings}
