"""A worker that dies costs time alone, on this machine and on a Dask cluster of two workers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster
from support.tasks import end_worker_once, write_number

from service.errors import PopulationError
from service.population.workers import Workers

COUNT = 6


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Two workers on the loopback address."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as running:
        yield running


def computed(workers: Workers, folder: Path) -> list[int]:
    """The positions that were reported, of tasks of which some end their worker."""
    done: list[int] = []
    tasks = [(folder, number) for number in range(COUNT)]
    workers.compute(end_worker_once, tasks, done.append)
    return done


def test_one_process_computes_here(tmp_path: Path) -> None:
    done: list[int] = []
    Workers(1).compute(write_number, [(tmp_path, 7), (tmp_path, 8)], done.append)
    assert done == [0, 1]
    assert (tmp_path / "8.txt").read_text(encoding="utf-8") == "8"


def test_process_that_dies_is_replaced(tmp_path: Path) -> None:
    done = computed(Workers(2), tmp_path)
    assert sorted(done) == [*range(COUNT)]
    assert len([*tmp_path.glob("*.txt")]) == COUNT


@pytest.mark.slow
def test_dask_worker_that_dies_is_replaced(tmp_path: Path, cluster: LocalCluster) -> None:
    done = computed(Workers(1, cluster.scheduler_address), tmp_path)
    assert sorted(done) == [*range(COUNT)]
    assert len([*tmp_path.glob("*.txt")]) == COUNT


def test_scheduler_that_does_not_answer_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.population.workers.PATIENCE", 1)
    with pytest.raises(PopulationError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Workers(1, "tcp://127.0.0.1:9").compute(write_number, [(Path(), 1)], lambda _: None)


def test_error_of_a_task_is_raised(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Workers(2).compute(
            write_number, [(tmp_path / "none", 1), (tmp_path / "none", 2)], lambda _: None
        )
