"""Threads that make one request's calls, so many at once, until its time is over."""

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic

from service.fhir.fetch.paging import FetchedKey
from service.net import CuttableConnection

AT_ONCE = 24


@dataclass
class CallPool:
    """`make` makes one call over a wire; once `goes_on` says no, those that wait are left."""

    make: Callable[[FetchedKey, CuttableConnection], None]
    goes_on: Callable[[], bool]
    _waiting: deque[tuple[FetchedKey, CuttableConnection]] = field(default_factory=deque)
    _threads: list[Thread] = field(default_factory=list)
    _wires: list[CuttableConnection] = field(default_factory=list)

    def send(self, calls: Iterable[FetchedKey]) -> None:
        """Begins these calls, beside those that are under way."""
        wired = [(gathered, CuttableConnection()) for gathered in calls]
        self._wires += (wire for _, wire in wired)
        self._waiting.extend(wired)
        threads = [
            # none of them keeps the process from ending
            Thread(target=self._work, name="fhir", daemon=True)
            for _ in wired[:AT_ONCE]
        ]
        self._threads += threads
        for thread in threads:
            thread.start()

    def wait(self, until: float) -> None:
        """Until all calls have ended, or a moment of the monotonic clock."""
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))

    def stop(self) -> None:
        """What waits is not begun, what is under way is cut."""
        self._waiting.clear()
        for wire in self._wires:
            wire.cut()

    def _work(self) -> None:
        # another thread may have taken the last one
        with suppress(IndexError):
            self.make(*self._waiting.popleft())
            while self.goes_on():
                self.make(*self._waiting.popleft())
