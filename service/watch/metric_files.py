"""The files by which all processes of a server share their metrics, as prometheus-client maps them.

Its own way is a file for each process id, for ever: a worker that is started again every ten seconds
leaves thousands. Here a process takes the lowest number whose lock is free and goes on with the counts
of that number. The operating system frees a lock when its process ends, however it ends.
"""

import fcntl
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import disk_usage, rmtree
from time import time
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from service.watch.metrics import Metrics

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus-client looks for it
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, which only this user can read
SERVER = "server.lock"
LEAST = 128 * 1024 * 1024  # bytes; pages of orders take half of it at most
YOUNG = 60.0  # seconds: a folder that is made now may have no lock yet


@dataclass(slots=True)
class MetricFiles:
    """The folder of one server, and the number that this process has in it."""

    folder: Path
    _process: int = 0
    _number: str = ""
    _lock: int | None = None
    _server: int | None = field(default=None)
    _before: Any = None

    @classmethod
    def made(cls) -> "MetricFiles":
        """An empty folder in the machine's memory; folders of servers that are gone are deleted."""
        place = MEMORY if _has_room(MEMORY) else Path(tempfile.gettempdir())
        prefix = f"dupilumab-cds-metrics-{os.getuid()}-"
        _sweep(place, prefix)
        files = cls(Path(tempfile.mkdtemp(prefix=prefix, dir=place)))
        files._server = _locked(
            files.folder / SERVER
        )  # held by every process that is forked from us
        return files

    def share(self) -> Metrics:
        """Metrics that all processes forked from this one share. To be called once, before any fork."""
        self._before = values.ValueClass
        os.environ[FOLDER] = str(self.folder)
        values.ValueClass = values.MultiProcessValue(self.number)
        return Metrics(self.written)

    def number(self) -> str:
        """The number of this process, which no other living process has."""
        if self._process != os.getpid():
            self._process, self._number = os.getpid(), self._taken()
        return self._number

    def written(self) -> bytes:
        """The metrics of all processes; gauges only of those that live."""
        for lock in self.folder.glob("*.lock"):
            if lock.stem != self._number:
                self._clear_if_free(lock)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self.folder))
        return generate_latest(registry)

    def remove(self) -> None:
        """Deletes the folder, when the server ends; what counts later in this process counts alone."""
        if self._before is not None:
            os.environ.pop(FOLDER, None)
            values.ValueClass = self._before
        rmtree(self.folder, ignore_errors=True)

    def _taken(self) -> str:
        if self._lock is not None:  # that of the process that we were forked from, which keeps it
            os.close(self._lock)
        for number in count():
            self._lock = _locked(self.folder / f"{number}.lock")
            if self._lock is not None:
                mark_process_dead(number, str(self.folder))
                return str(number)
        raise AssertionError

    def _clear_if_free(self, path: Path) -> None:
        """Deletes the gauges of a process that has ended."""
        lock = _locked(path)
        if lock is not None:
            mark_process_dead(path.stem, str(self.folder))
            os.close(lock)


def _has_room(folder: Path) -> bool:
    """Whether a folder in memory can hold more than the pages of orders that are kept there too.

    A process that writes into a mapped file ends at once (SIGBUS) if there is no memory left for it.
    """
    return os.access(folder, os.W_OK) and disk_usage(folder).total >= LEAST


def _locked(path: Path) -> int | None:
    """The open lock file, if no other process has locked it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _sweep(place: Path, prefix: str) -> None:
    """Deletes the folders of servers of this user that have ended without doing so."""
    for folder in place.glob(f"{prefix}*"):
        with suppress(OSError):
            about = folder.stat()
            if about.st_uid == os.getuid() and time() - about.st_mtime > YOUNG:
                lock = _locked(folder / SERVER)
                if lock is not None:
                    rmtree(folder, ignore_errors=True)
                    os.close(lock)
