"""Metrics that processes share: each has files of its own, and those of the dead are gone on with."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import time

import pytest
from prometheus_client import values

from service.watch import metric_files
from service.watch.metric_files import FOLDER, MetricFiles
from service.watch.metrics import Metrics


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MetricFiles]:
    """The folder of a server below the folder of the test."""
    monkeypatch.setattr(metric_files, "MEMORY", tmp_path)
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setenv(FOLDER, "")
    made = MetricFiles.made()
    yield made
    made.remove()


def in_child(work: Callable[[], object], *, killed: bool = False) -> None:
    """Has a forked process do the work and end, in order or by SIGKILL."""
    pid = os.fork()
    if pid == 0:
        work()
        if killed:
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)
    os.waitpid(pid, 0)


def lost(metrics: Metrics) -> float:
    (line,) = [
        one for one in metrics.text().decode().splitlines() if one.startswith("cds_decisions_lost_")
    ]
    return float(line.split()[1])


def test_counts_of_all_processes_are_added_and_none_is_lost_with_a_killed_one(
    files: MetricFiles,
) -> None:
    metrics = files.share()
    for killed in (False, True, True):
        in_child(lambda: metrics.lost(2), killed=killed)
    metrics.lost(1)
    assert lost(metrics) == 7


def test_processes_one_after_the_other_have_the_same_files(files: MetricFiles) -> None:
    metrics = files.share()
    for _ in range(4):
        in_child(lambda: metrics.lost(1), killed=True)
    assert sorted(one.name for one in files.folder.glob("counter_*")) == [
        "counter_0.db",
        "counter_1.db",
    ]
    assert lost(metrics) == 4


def test_processes_at_once_have_files_of_their_own(files: MetricFiles) -> None:
    metrics = files.share()

    def work() -> None:
        metrics.lost(1)
        in_child(lambda: metrics.lost(1))
        metrics.lost(1)

    in_child(work)
    assert len([*files.folder.glob("counter_*")]) == 3
    assert lost(metrics) == 3


def test_gauges_of_a_process_go_with_it(files: MetricFiles) -> None:
    metrics = files.share()
    in_child(lambda: metrics.failing("feedback", "the disk is full"), killed=True)
    assert b"cds_store_failing{" not in metrics.text()
    metrics.failing("feedback", "the disk is full")
    assert b'cds_store_failing{kind="feedback"} 1.0' in metrics.text()


def test_folder_of_a_server_that_was_killed_is_deleted_by_the_next_start(
    files: MetricFiles, tmp_path: Path
) -> None:
    left = tmp_path / files.folder.name.replace(files.folder.name[-8:], "leftover")
    young = tmp_path / files.folder.name.replace(files.folder.name[-8:], "justmade")
    left.mkdir()
    young.mkdir()
    os.utime(left, (time() - 100, time() - 100))
    os.utime(files.folder, (time() - 100, time() - 100))
    MetricFiles.made().remove()
    assert not left.exists()
    assert young.exists()
    assert files.folder.exists()  # its server, this process, holds the lock


def test_only_this_user_reads_the_folder(files: MetricFiles) -> None:
    assert files.folder.stat().st_mode & 0o777 == 0o700
