"""Files in the machine's memory that every process of the server can read, each for a short time.

They are in a folder of this user (`/dev/shm`; where there is none, in the folder for temporary files),
under ids that nobody can guess; never in the database.
"""

import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from secrets import token_urlsafe
from threading import Timer
from time import time

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, which only this user can read
SECONDS_BETWEEN_SWEEPS = 60.0
ID = re.compile(r"[A-Za-z0-9_-]{32}")
log = logging.getLogger("service.web")


def folder_in_memory(port: int, what: str = "") -> Path:
    """The folder of the server on a port; `what` tells apart folders of different files."""
    place = MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())
    return place / f"dupilumab-cds-{os.getuid()}-{port}{what}"


@dataclass(slots=True)
class MemoryFiles:
    """The files of one folder; keeps none without a folder.

    A file is gone `life` seconds after it was written or used last; the oldest go when all are larger
    than `most_bytes`; one of more than `largest` bytes is not kept.
    """

    folder: Path | None = None
    now: Callable[[], float] = time
    life: float = 1800.0
    most_bytes: int = 64 * 1024 * 1024
    largest: int = 2 * 1024 * 1024
    swept: float = 0.0
    written: int = 0  # bytes since the folder was swept
    timer: Timer | None = None  # deletes what is old, also where no more requests come

    def __post_init__(self) -> None:
        if self.folder is not None and not _is_own(self.folder):
            log.error("nothing is kept in memory: the folder belongs to somebody else")
            self.folder = None

    def write(self, raw: bytes, id_: str | None = None) -> str | None:
        """Writes a file, a new one without an id, and returns its id; None if it is not kept."""
        if self.folder is None or len(raw) > self.largest:
            return None
        self.written += len(raw)
        self._sweep()
        id_ = id_ or token_urlsafe(24)  # 192 random bits: nobody can guess it
        place, partial = self.folder / id_, self.folder / f"{id_}.{token_urlsafe(6)}.part"
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
            partial.rename(place)
        except OSError as error:
            log.warning("a file was not kept in memory: %s", type(error).__name__)
            partial.unlink(missing_ok=True)
            return None
        self._sweep_later()
        return id_

    def contents(self, id_: str) -> bytes | None:
        """What a file holds; None if there is none of this id, or no longer."""
        if self.folder is None or not ID.fullmatch(id_):
            return None
        place = self.folder / id_
        try:
            if self._is_old(place):
                place.unlink(missing_ok=True)
                return None
            return place.read_bytes()
        except OSError:
            return None

    def taken(self, id_: str) -> bytes | None:
        """What a file holds, for the first caller in any process alone: the file is deleted."""
        if self.folder is None or not ID.fullmatch(id_):
            return None
        own = self.folder / f"{id_}.{token_urlsafe(6)}.part"
        try:
            (self.folder / id_).rename(own)
            raw = None if self._is_old(own) else own.read_bytes()
            own.unlink(missing_ok=True)
        except OSError:
            return None
        return raw

    @contextmanager
    def alone(self, id_: str) -> Iterator[bool]:
        """Has all others wait, in any thread and process, that change the same file through this.

        False if there is none of this id.
        """
        descriptor = self._locked(id_)
        try:
            yield descriptor is not None
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _locked(self, id_: str) -> int | None:
        """The open file with its lock; None if there is none."""
        if self.folder is None or not ID.fullmatch(id_):
            return None
        place = self.folder / id_
        while True:
            try:
                descriptor = os.open(place, os.O_RDONLY)
            except OSError:
                return None
            try:
                flock(descriptor, LOCK_EX)
                is_same = os.fstat(descriptor).st_ino == place.stat().st_ino
            except OSError:
                is_same = False
            if is_same:
                return descriptor
            os.close(descriptor)  # it was written anew, or deleted, while this one waited

    def used(self, id_: str) -> None:
        """Begins the life of a file anew."""
        if self.folder is not None and ID.fullmatch(id_):
            try:
                os.utime(self.folder / id_, (self.now(), self.now()))
            except OSError:
                return

    def delete(self, id_: str) -> None:
        """Deletes a file, if it is there."""
        if self.folder is not None and ID.fullmatch(id_):
            (self.folder / id_).unlink(missing_ok=True)

    def clear(self) -> None:
        """Deletes all files, when the server ends."""
        for place in self._places():
            place.unlink(missing_ok=True)

    def _is_old(self, place: Path) -> bool:
        return self.now() - place.stat().st_mtime > self.life

    def _places(self) -> list[Path]:
        """The files of the folder; none if it is gone."""
        try:
            return [] if self.folder is None else [*self.folder.iterdir()]
        except OSError:
            return []

    def _sweep_later(self) -> None:
        """Has a thread of ours sweep in a minute, and again while there is something kept."""
        # after a fork the parent's timer counts as ended
        if self.timer is not None and self.timer.is_alive():
            return
        self.timer = Timer(SECONDS_BETWEEN_SWEEPS, self._sweep_again)
        self.timer.daemon = True
        self.timer.start()

    def _sweep_again(self) -> None:
        self.timer, self.swept = None, 0.0
        self._sweep()
        if self._places():
            self._sweep_later()

    def _sweep(self) -> None:
        """Deletes what is old, and the oldest beyond `most_bytes`; now and then, or after many bytes."""
        due = (
            self.now() - self.swept > SECONDS_BETWEEN_SWEEPS or self.written > self.most_bytes // 4
        )
        if self.folder is None or not due:
            return
        self.swept, self.written = self.now(), 0
        kept = []
        for place in self._places():
            try:
                kept.append((place.stat().st_mtime, place.stat().st_size, place))
            except FileNotFoundError:
                continue  # another process has deleted it
        total = 0
        for changed, size, place in sorted(kept, reverse=True):
            total += size
            if total > self.most_bytes or self.now() - changed > self.life:
                place.unlink(missing_ok=True)


def _is_own(folder: Path) -> bool:
    """Makes the folder; False if it is a link, belongs to another user or others may read it."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return (
        folder.is_dir()
        and not folder.is_symlink()
        and found.st_uid == os.getuid()
        and not (found.st_mode & 0o077)
    )
