"""Keeps requests for a short time, so that a link on a card can show how its answer came about.

They are files in a folder of this user in the machine's memory (`/dev/shm`; where there is none, in the
folder for temporary files), so that every process of the server can read them. The store never has them.
"""

import logging
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_urlsafe
from threading import Timer
from time import time

import orjson

from service.cds.request import AsOf
from service.json_object import Json

MINUTES = 30
MOST_BYTES = 64 * 1024 * 1024  # of all kept requests together; the oldest go first
LARGEST = 2 * 1024 * 1024  # bytes; a larger request is not kept
TOKEN = "fhirAuthorization"  # noqa: S105 - the member that holds a token and is left out
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, which only this user can read
SECONDS_BETWEEN_SWEEPS = 60.0
_ID = re.compile(r"[A-Za-z0-9_-]{32}")
log = logging.getLogger("service.web")


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request as it was answered: what it says after fetching, who called, and as of which day.

    `statements` are those that were kept of the patient; None if they could not be read.
    """

    service_id: str
    client_id: str
    as_of: AsOf
    content: Json
    statements: tuple[Json, ...] | None = ()

    def as_bytes(self) -> bytes:
        """The request as it is kept: without the token for the EHR's FHIR server."""
        content = {name: part for name, part in self.content.items() if name != TOKEN}
        head = {"service": self.service_id, "client": self.client_id}
        as_of = {"kind": self.as_of.kind, "day": self.as_of.day}
        return orjson.dumps({**head, **as_of, "statements": self.statements, "content": content})


def folder_in_memory(port: int) -> Path:
    """The folder of the server on a port."""
    place = MEMORY if MEMORY.is_dir() else Path(tempfile.gettempdir())
    return place / f"dupilumab-cds-{os.getuid()}-{port}"


@dataclass(slots=True)
class KeptRequests:
    """The kept requests of one server; keeps none without a folder."""

    folder: Path | None = None
    now: Callable[[], float] = time
    swept: float = 0.0
    written: int = 0  # bytes since the folder was swept
    timer: Timer | None = None  # deletes what is old, also where no more requests come

    def __post_init__(self) -> None:
        if self.folder is not None and not _is_own(self.folder):
            log.error("no pages of orders: their folder belongs to somebody else")
            self.folder = None

    def keep(self, request: KeptRequest) -> str | None:
        """Keeps a request without its access token and returns its id; None if it is not kept."""
        if self.folder is None:
            return None
        raw = request.as_bytes()
        if len(raw) > LARGEST:
            return None
        self.written += len(raw)
        self._sweep()
        id_ = token_urlsafe(24)  # 192 random bits: nobody can guess it
        place, partial = self.folder / id_, self.folder / f"{id_}.part"
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
            partial.rename(place)
        except OSError as error:
            log.warning("a request was not kept for its page: %s", type(error).__name__)
            partial.unlink(missing_ok=True)
            return None
        self._sweep_later()
        return id_

    def read(self, id_: str) -> KeptRequest | None:
        """A kept request; None if there is none of this id, or no longer."""
        if self.folder is None or not _ID.fullmatch(id_):
            return None
        place = self.folder / id_
        try:
            if self._is_old(place):
                place.unlink(missing_ok=True)
                return None
            kept = orjson.loads(place.read_bytes())
        except OSError:
            return None
        as_of = AsOf(kept["kind"], date.fromisoformat(kept["day"]))
        statements = None if kept["statements"] is None else tuple(kept["statements"])
        return KeptRequest(kept["service"], kept["client"], as_of, kept["content"], statements)

    def _is_old(self, place: Path) -> bool:
        return self.now() - place.stat().st_mtime > MINUTES * 60

    def clear(self) -> None:
        """Deletes all kept requests, when the server ends."""
        for place in self._places():
            place.unlink(missing_ok=True)

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
        """Deletes what is old, and the oldest beyond `MOST_BYTES`; now and then, or after many bytes."""
        due = self.now() - self.swept > SECONDS_BETWEEN_SWEEPS or self.written > MOST_BYTES // 4
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
            if total > MOST_BYTES or self.now() - changed > MINUTES * 60:
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
