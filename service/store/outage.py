"""Since when, and why, rows of one kind cannot be stored."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

log = logging.getLogger("service.store")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why rows of one kind are not stored, and since when."""

    since: datetime
    reason: str


def _now() -> datetime:
    return datetime.now(UTC)


class Outage:
    """Whether rows of one kind can be stored, as this process last saw it; logs each change once."""

    def __init__(self, kind: str, now: Callable[[], datetime] = _now) -> None:
        self.kind = kind
        self._now = now
        self._lock = Lock()
        self._failure: Failure | None = None
        self.notice: Callable[[Failure | None], object] = bool  # called with each new state

    @property
    def failure(self) -> Failure | None:
        """Since when and why, or None while rows can be stored."""
        return self._failure

    def begin(self, reason: str) -> None:
        """Rows cannot be stored; the first of several times counts, the last reason."""
        with self._lock:
            before = self._failure
            self._failure = Failure(self._now() if before is None else before.since, reason)
            self.notice(self._failure)
        if before is None or before.reason != reason:
            log.error("%s cannot be stored: %s", self.kind, reason)

    def end(self) -> None:
        """Rows can be stored."""
        with self._lock:
            before, self._failure = self._failure, None
        if before is not None:
            self.notice(None)
            log.warning("%s can be stored again; not since %s", self.kind, before.since.isoformat())
