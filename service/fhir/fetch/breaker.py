"""Circuit breaker: hosts that fail are not called for a while by this process."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

FAILURES = 3
REST = 30.0
LONGEST_REST = 60.0
MOST_UNDER_WAY = 64
log = logging.getLogger("service.fhir")


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
