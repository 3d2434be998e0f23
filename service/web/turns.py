"""Which request computes: one at a time in a process, and whoever took less CPU time goes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from service.cpu_share import CpuShare

# How much more CPU time than a waiting request the computing one may have taken, in seconds: two
# requests of usual size are answered one after the other, not both at the end.
LEAD = 0.005
# Bodies over this many bytes are computed one after the other: each is held as objects, ten times as large.
LARGE = 1024 * 1024


@dataclass(slots=True)
class _Waiting:
    """A request that waits for the turn; `used` is the CPU time that it took so far."""

    used: float
    has_turn: Event = field(default_factory=Event)


class Turns:
    """Python runs one thread at a time, so two requests that compute at once only delay both."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: list[_Waiting] = []
        self._large = Lock()

    @property
    def taken(self) -> bool:
        """Whether a request computes now."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many requests wait for the turn."""
        return len(self._waiting)

    @contextmanager
    def turn(self, share: CpuShare, size: int) -> Iterator[None]:
        """The turn of a request with a body of so many bytes, while the block runs."""
        self._begin(share, size)
        try:
            yield
        finally:
            self._end(size)

    @contextmanager
    def released(self, share: CpuShare, size: int) -> Iterator[None]:
        """Lets other requests compute while this one waits for another server."""
        self._end(size)
        try:
            yield
        finally:
            self._begin(share, size)

    def give_way(self, used: float) -> None:
        """Passes the turn to the waiting request that took least, and waits for it to come back.

        Called by the request that computes, with the CPU time that it took; returns at once if no
        other took less.
        """
        if not self._waiting:
            return
        with self._lock:
            first = self._least()
            if first is None or first.used + LEAD > used:
                return
            own = _Waiting(used)
            self._waiting.append(own)
            self._pass_to(first)
        own.has_turn.wait()

    def _begin(self, share: CpuShare, size: int) -> None:
        if size > LARGE:
            self._large.acquire()
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            own = _Waiting(share.used)
            self._waiting.append(own)
        own.has_turn.wait()

    def _end(self, size: int) -> None:
        with self._lock:
            first = self._least()
            if first is None:
                self._taken = False
            else:
                self._pass_to(first)
        if size > LARGE:
            self._large.release()

    def _least(self) -> _Waiting | None:
        """Of those that took least, the one that waits longest."""
        return min(self._waiting, key=lambda one: one.used, default=None)

    def _pass_to(self, waiting: _Waiting) -> None:
        self._waiting.remove(waiting)
        waiting.has_turn.set()
