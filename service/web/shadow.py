"""Judges answered requests by a candidate too, after the answer, and counts what it judges otherwise."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from time import monotonic
from typing import NamedTuple

from service.advise.shadow_comparison import OUTCOME, ComparedTruth
from service.cds.request import AsOf
from service.errors import RequestError, StoreError
from service.library.library import Library
from service.watch.bug_log import log_bug

# What waits to be judged in shadow: so many requests of so many bytes together; what is more is counted only.
MOST_WAITING = 200
MOST_BYTES = 32 * 1024 * 1024
# Seconds between two writings of the counts.
PAUSE = 2.0
NOT_JUDGED = ComparedTruth("", "", OUTCOME, "", "not_judged")
log = logging.getLogger("service.shadow")


class ShadowCall(NamedTuple):
    """A request that was answered, as it was after fetching, with its day."""

    service_id: str
    client_id: str
    body: bytes
    as_of: AsOf


Compare = Callable[[ShadowCall], Sequence[ComparedTruth]]
Keep = Callable[[Counter[ComparedTruth]], None]


class Shadow:
    """One thread of a process judges one request after the other; no answer waits for it."""

    def __init__(
        self,
        candidate: Library,
        compare: Compare,
        keep: Keep,
        start: Callable[[Thread], None] = Thread.start,
    ) -> None:
        self.candidate = candidate
        self._compare = compare
        self.keep = keep
        self._start = start
        self._judging = 0
        self._waiting: deque[ShadowCall] = deque()
        self._bytes = 0
        self._counts: Counter[ComparedTruth] = Counter()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._ends = False

    @property
    def waits(self) -> int:
        """How many requests are still to be judged."""
        return len(self._waiting) + self._judging

    def add(self, call: ShadowCall) -> None:
        """Has a request judged later; without waiting, and not at all if too many wait."""
        with self._changed:
            room = self._bytes + len(call.body) <= MOST_BYTES and len(self._waiting) < MOST_WAITING
            if room:
                self._waiting.append(call)
                self._bytes += len(call.body)
            else:
                self._counts[NOT_JUDGED] += 1
            # started on first use: a thread that ran before a fork would not be in the child
            if self._thread is None:
                self._thread = Thread(target=self._run, name="shadow", daemon=True)
                self._start(self._thread)
            self._changed.notify()

    def count(self, *found: ComparedTruth) -> None:
        """Adds to the counts that are written next."""
        with self._changed:
            self._counts.update(found)

    def close(self) -> None:
        """Writes the counts; what still waits is counted as not judged."""
        with self._changed:
            self._ends = True
            self._counts[NOT_JUDGED] += len(self._waiting)
            self._waiting.clear()
            self._changed.notify()
            thread = self._thread
        if thread is not None and thread.is_alive():
            thread.join(PAUSE)
        self.write()

    def _run(self) -> None:
        written = monotonic()
        while True:
            call = self._next()
            if call is not None:
                self._judge(call)
                self._judging = 0
            elif self._ends:
                return
            if monotonic() - written >= PAUSE:
                self.write()
                written = monotonic()

    def _next(self) -> ShadowCall | None:
        with self._changed:
            if not self._waiting and not self._ends:
                self._changed.wait(PAUSE)
            if not self._waiting:
                return None
            self._judging = 1
            call = self._waiting.popleft()
            self._bytes -= len(call.body)
            return call

    def _judge(self, call: ShadowCall) -> None:
        try:
            found = self._compare(call)
        except RequestError as error:
            log.warning("a request was not judged in shadow: %d %s", error.status, error.code)
            found = [NOT_JUDGED]
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not end the thread
            log_bug(error, "shadow")
            found = [NOT_JUDGED]
        self.count(*found)
        for one in found:
            if one.answered != one.in_shadow and one is not NOT_JUDGED:
                log.info(
                    "policy=%s candidate=%s criterion=%s answered=%s shadow=%s",
                    one.policy,
                    one.candidate,
                    one.criterion or "outcome",
                    one.answered,
                    one.in_shadow,
                )

    def write(self) -> None:
        """Stores the counts; while that is not possible they are kept and added up."""
        with self._changed:
            counts, self._counts = self._counts, Counter()
        counts = +counts
        if not counts:
            return
        try:
            self.keep(counts)
        except StoreError:
            with self._changed:
                self._counts.update(counts)
