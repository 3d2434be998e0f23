"""Writes in batches from a queue in one thread, so that answers never wait for the store."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from service.errors import RefusedRowsError, StoreError
from service.store.outage import Outage
from service.store.tables import GapRecord

CAPACITY = 10_000
BATCH = 500
# in seconds: between two batches; before a batch that failed is tried again; for the last one at the end
PAUSE = 0.25
PAUSE_AFTER_FAILURE = 1.0
LAST_BATCH = 6.0
T = TypeVar("T")
log = logging.getLogger("service.store")


class Writer(Generic[T]):
    """Writes queued rows in the background and tries again while the database does not take them.

    Rows are lost when the queue is full, when the database refuses a row itself, and when the process ends
    before they could be written. They are counted, and `write` gets the count with the next batch.
    """

    def __init__(
        self,
        write: Callable[[Sequence[T], GapRecord | None], None],
        outage: Outage,
        capacity: int = CAPACITY,
    ) -> None:
        self._write = write
        self._outage = outage
        self._queue: Queue[T] = Queue(capacity)
        self._failed: list[T] = []  # the batch to try again
        self._gap: GapRecord | None = None
        self._lock = Lock()
        self._draining = Lock()
        self._stop = Event()
        self._again = Event()
        self._written = Event()
        self._thread: Thread | None = None
        self.missed = 0
        self.notice: Callable[[int], object] = bool  # called with how many rows were lost

    def add(self, rows: Sequence[T]) -> None:
        """Queues rows without waiting; if the queue is full they are lost."""
        lost = 0
        for row in rows:
            try:
                self._queue.put_nowait(row)
            except Full:
                lost += 1
        if lost:
            self._outage.begin("more come than the database takes")
            self._lose(lost, "the queue is full")
        # started on first use: a thread that ran before a fork would not be in the child
        if self._thread is None and rows:
            self._start()

    @property
    def waits(self) -> bool:
        """Whether a batch could not be written and will be tried again."""
        return bool(self._failed)

    def try_again(self, seconds: float) -> None:
        """Tries again at once what could not be written, and waits for that so many seconds at most."""
        self._written.clear()
        if self._failed:
            self._again.set()
            self._written.wait(seconds)

    def close(self) -> None:
        """Writes the rest of the queue and ends the thread; what cannot be written now is lost."""
        self._stop.set()
        self._again.set()
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(LAST_BATCH)
        # a thread that still waits for the database has this lock
        if self._draining.acquire(blocking=False):
            try:
                self._drain()
            finally:
                self._draining.release()
        if left := len(self._failed) + self._queue.qsize():
            self._lose(left, "the service ended first")
            self._failed = []
            while self._batch():
                pass

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._stop.clear()
                self._thread = Thread(target=self._run, name="decisions", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._again.wait(PAUSE_AFTER_FAILURE if self._failed else PAUSE)
            self._again.clear()
            if self._stop.is_set():
                return
            with self._draining:
                self._drain()

    def _drain(self) -> None:
        while True:
            batch = self._failed or self._batch()
            if not batch and self._gap is None:
                return
            self._failed = batch
            try:
                self._attempt(batch)
            except StoreError as error:
                self._outage.begin(str(error))
                return
            self._failed = []
            self._written.set()

    def _attempt(self, batch: list[T]) -> None:
        """Writes a batch, or row by row what is refused: one bad row costs no other and ends no thread."""
        try:
            self._write_with_gap(batch)
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(error, RefusedRowsError):
                raise
            if not batch:
                raise StoreError("the gap before these decisions was refused") from None
            if len(batch) == 1:
                return self._lose(1, type(error).__name__)
            for n, row in enumerate(batch, start=1):
                self._attempt([row])
                self._failed = batch[n:]
        return None

    def _write_with_gap(self, batch: Sequence[T]) -> None:
        with self._lock:
            gap, self._gap = self._gap, None
        try:
            self._write(batch, gap)
        except BaseException:
            if gap is not None:
                self._add_gap(gap)
            raise
        self._outage.end()

    def _batch(self) -> list[T]:
        batch: list[T] = []
        try:
            while len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
        except Empty:
            pass
        return batch

    def _lose(self, count: int, reason: str) -> None:
        now = datetime.now(UTC)
        with self._lock:
            self.missed += count
        self.notice(count)
        self._add_gap(GapRecord(count, now, now, reason))
        log.warning("decisions not kept: %d (%s), in all %d", count, reason, self.missed)

    def _add_gap(self, gap: GapRecord) -> None:
        with self._lock:
            self._gap = gap if self._gap is None else self._gap.joined(gap)
