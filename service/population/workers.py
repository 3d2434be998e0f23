"""Where the tasks of a run are computed: here, on all cores of this machine, or on a Dask cluster."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from service.errors import PopulationError
from service.population.optional_libraries import library_of_extra

MOST_BREAKS = 10  # how often workers may die before a run gives up
RETRIES = 10  # how often Dask computes a task again
PATIENCE = 30  # seconds to reach a scheduler
MODULE = "service.population.part_of_run"  # imported once, before workers are forked

Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Workers:
    """Computes tasks, each of which writes its own result and may be computed again."""

    processes: int
    scheduler: str | None = None

    def compute(
        self, function: Callable[..., None], tasks: Sequence[tuple[Any, ...]], done: Done
    ) -> None:
        """Computes every task; `done` gets the position of each one that is finished.

        A worker that dies costs time alone: its tasks are given to others.
        """
        if self.scheduler is not None:
            with _dask(self.scheduler) as executor:
                _compute(executor, function, tasks, done)
        elif self.processes == 1 or len(tasks) <= 1:
            for position, task in enumerate(tasks):
                function(*task)
                done(position)
        else:
            self._on_this_machine(function, tasks, done)

    def _on_this_machine(
        self, function: Callable[..., None], tasks: Sequence[tuple[Any, ...]], done: Done
    ) -> None:
        left = dict(enumerate(tasks))
        for _ in range(MOST_BREAKS):
            places = list(left)

            def finished(position: int, places: list[int] = places) -> None:
                del left[places[position]]
                done(places[position])

            try:
                with self._processes(len(left)) as executor:
                    _compute(executor, function, [left[place] for place in places], finished)
            except BrokenExecutor:
                continue
            return
        raise PopulationError(
            f"worker processes died {MOST_BREAKS} times, perhaps for want of memory; the same command"
            " with fewer --workers goes on from here"
        )

    @contextmanager
    def _processes(self, tasks: int) -> Iterator[Executor]:
        context = get_context("forkserver")
        context.set_forkserver_preload([MODULE])
        executor = ProcessPoolExecutor(
            min(self.processes, tasks), mp_context=context, initializer=_begin
        )
        try:
            yield executor
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _compute(
    executor: Executor, function: Callable[..., None], tasks: Sequence[tuple[Any, ...]], done: Done
) -> None:
    futures: dict[Future[None], int] = {
        executor.submit(function, *task): position for position, task in enumerate(tasks)
    }
    for future in as_completed(futures):
        future.result()
        done(futures[future])


def _begin() -> None:
    """Makes a worker process end with the one that started it, and leave Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    """The workers of a scheduler; raises PopulationError if it cannot be reached."""
    distributed = library_of_extra("distributed")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise PopulationError(f"no Dask scheduler answers at {address}: {error}") from None
    try:
        executor: Executor = client.get_executor(pure=False, retries=RETRIES)
        yield executor
    finally:
        client.close()
