"""Writes in batches from a queue in one thread, so that answers never wait for the store."""

import logging
from collections.abc import Callable, Sequence
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

CAPACITY = 10_000
BATCH = 500
PAUSE = 0.25
T = TypeVar("T")
log = logging.getLogger("service.store")


class Writer(Generic[T]):
    """Writes queued rows in the background; rows that cannot be written are counted."""

    def __init__(self, write: Callable[[Sequence[T]], None], capacity: int = CAPACITY) -> None:
        self._write = write
        self._queue: Queue[T] = Queue(capacity)
        self._lock = Lock()
        self._stop = Event()
        self._thread: Thread | None = None
        self.missed = 0

    def add(self, rows: Sequence[T]) -> None:
        """Queues rows without waiting; if the queue is full they are counted as missed."""
        for row in rows:
            try:
                self._queue.put_nowait(row)
            except Full:
                self._miss(1, "queue full")
        # started on first use: a thread that ran before a fork would not be in the child
        if self._thread is None and rows:
            self._start()

    def close(self) -> None:
        """Writes the rest of the queue and ends the thread."""
        self._stop.set()
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        self._drain()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._stop.clear()
                self._thread = Thread(target=self._run, name="decisions", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            self._drain()

    def _drain(self) -> None:
        while batch := self._batch():
            try:
                self._write(batch)
            except Exception as error:  # noqa: BLE001 - one bad row must not end the thread
                self._miss(len(batch), type(error).__name__)

    def _batch(self) -> list[T]:
        batch: list[T] = []
        try:
            while len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
        except Empty:
            pass
        return batch

    def _miss(self, count: int, why: str) -> None:
        with self._lock:
            self.missed += count
        log.warning("decisions not kept: %d (%s), in all %d", count, why, self.missed)
