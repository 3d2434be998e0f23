"""How long each step of a request took: for metrics and traces, never for an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter_ns, time_ns
from typing import NamedTuple

# Seconds of a nanosecond.
NANO = 1e-9


class TimedPhase(NamedTuple):
    """One step of a request, in nanoseconds of the clock of `now`."""

    name: str
    began: int
    ended: int


_EPOCH = time_ns() - perf_counter_ns()


def now() -> int:
    """Nanoseconds since 1970 on a clock that is never set back while the process runs."""
    return _EPOCH + perf_counter_ns()


class Phases:
    """The steps of one request, in the order in which they ended."""

    __slots__ = ("noted",)

    def __init__(self) -> None:
        self.noted: list[TimedPhase] = []

    def note(self, name: str, began: int) -> None:
        """Notes that a step ends now; `began` is what `now` said at its beginning."""
        self.noted.append(TimedPhase(name, began, now()))

    @contextmanager
    def during(self, name: str) -> Iterator[None]:
        """Notes the block as a step, also if it raises."""
        began = now()
        try:
            yield
        finally:
            self.note(name, began)
