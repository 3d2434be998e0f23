"""Calls of the database whose callers wait a bounded time, however long the database takes."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore, Lock
from typing import TypeVar

from service.errors import StoreError

T = TypeVar("T")


class BoundedCalls:
    """Runs work in a few threads of its own.

    Time limits of the drivers do not suffice: a server that is suspended keeps its connections, and a
    network disk may never answer.
    """

    def __init__(self, name: str, threads: int, seconds: float) -> None:
        self._name = name
        self._threads = threads
        self._seconds = seconds
        self._free = BoundedSemaphore(threads)
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None

    def run(self, work: Callable[[], T], patience: float) -> T:
        """The result of the work; raises StoreError if it has not ended within `seconds`.

        Waits at most `patience` seconds for a free thread. Work that was given up may still be done.
        """
        if not self._free.acquire(timeout=patience):
            raise StoreError("the database has not answered earlier calls yet")
        try:
            future = self._started(work)
        except BaseException:
            self._free.release()
            raise
        wait((future,), self._seconds)
        if not future.done():
            raise StoreError(f"the database did not answer within {self._seconds:g} s")
        return future.result()

    def start(self, work: Callable[[], object]) -> None:
        """Runs work that nobody waits for, unless all threads are busy; an error of it is not told."""
        if self._free.acquire(blocking=False):
            self._started(work)

    def close(self) -> None:
        """Ends the threads once their work is done; a later call starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()

    def _started(self, work: Callable[[], T]) -> Future[T]:
        # made on first use: threads that were started before a fork would not be in the child
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, self._name)
            future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._free.release())
        return future
