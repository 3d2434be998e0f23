"""Which request computes: one at a time in a process, and whoever took less CPU time goes first."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, get_ident
from time import monotonic

from service.cpu_limit import CpuShare

# CPU time is compared in steps of so many seconds: requests of usual size are answered one after the
# other, in the order in which they came, and not all at the end.
STEP = 0.02
# A request that waits is taken to have used a step less after so many seconds, so that none waits for ever.
SECONDS_FOR_A_STEP = 0.1
# Bodies over this many bytes are computed one after the other: each is held as objects, ten times as large.
LARGE = 1024 * 1024


@dataclass(slots=True)
class _Waiting:
    """A request that waits for the turn; `used` is the CPU time that it took so far, in seconds.

    `credit` are the steps for which it has waited before.
    """

    used: float
    credit: int = 0
    since: float = field(default_factory=monotonic)
    thread: int = field(default_factory=get_ident)
    has_turn: Event = field(default_factory=Event)

    def rank(self, now: float) -> int:
        """The steps of CPU time that it took, less those that it waited for; the lowest goes first."""
        return _steps(self.used) - self.waited(now)

    def waited(self, now: float) -> int:
        """The steps for which it has waited."""
        return self.credit + int((now - self.since) / SECONDS_FOR_A_STEP)


def _steps(used: float) -> int:
    return int(used / STEP)


class Turns:
    """Python runs one thread at a time, so two requests that compute at once only delay both."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._holder: int | None = None  # the thread that computes
        self._credit = 0  # the steps for which its request has waited
        self._waiting: list[_Waiting] = []
        self._large = Lock()

    @property
    def taken(self) -> bool:
        """Whether a request computes now."""
        return self._holder is not None

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

        Called with the CPU time that a request took; returns at once if no other took less, or if the
        caller has no turn, as while it waits for another server.
        """
        if not self._waiting or self._holder != get_ident():
            return
        with self._lock:
            now = monotonic()
            first = self._first(now)
            if first is None or first.rank(now) >= _steps(used) - self._credit:
                return
            own = _Waiting(used, self._credit)
            self._waiting.append(own)
            self._pass_to(first, now)
        own.has_turn.wait()

    def _begin(self, share: CpuShare, size: int) -> None:
        if size > LARGE:
            self._large.acquire()
        with self._lock:
            if self._holder is None:
                self._holder, self._credit = get_ident(), 0
                return
            own = _Waiting(share.used)
            self._waiting.append(own)
        own.has_turn.wait()

    def _end(self, size: int) -> None:
        with self._lock:
            now = monotonic()
            first = self._first(now)
            if first is None:
                self._holder = None
            else:
                self._pass_to(first, now)
        if size > LARGE:
            self._large.release()

    def _first(self, now: float) -> _Waiting | None:
        """Of those that took least, the one that waits longest."""
        return min(self._waiting, key=lambda waiting: waiting.rank(now), default=None)

    def _pass_to(self, waiting: _Waiting, now: float) -> None:
        self._waiting.remove(waiting)
        self._holder, self._credit = waiting.thread, waiting.waited(now)
        waiting.has_turn.set()
