"""Keeps requests for a short time, so that a link on a card can show how its answer came about.

They are in the memory of the machine, or in the database, as the operator sets it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import time
from typing import Protocol

import orjson

from service.cds.request import AsOf, KeptResponse
from service.errors import RequestError, StoreError
from service.json_object import Json
from service.store import RequestStore
from service.web.shared_memory import ID, MemoryFiles

MINUTES = 30
MOST_BYTES = 64 * 1024 * 1024  # of all kept requests together; the oldest go first
LARGEST = 2 * 1024 * 1024  # bytes; a larger request is not kept
TOKEN = "fhirAuthorization"  # noqa: S105 - the member that holds a token and is left out


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request as it was answered: what it says after fetching, who called, and as of which day.

    `statements` are those that were kept of the patient; None if they could not be read. `asked_at` is when
    the EHR sent the request, in seconds since 1970. `documents` is the hash of those that judged it; empty
    if that is not known.
    """

    service_id: str
    client_id: str
    as_of: AsOf
    content: Json
    statements: tuple[KeptResponse, ...] | None = ()
    asked_at: float = 0.0
    documents: str = ""

    def as_bytes(self) -> bytes:
        """The request as it is kept: without the token for the EHR's FHIR server."""
        content = {name: part for name, part in self.content.items() if name != TOKEN}
        head = {"service": self.service_id, "client": self.client_id}
        as_of = {"kind": self.as_of.kind, "day": self.as_of.day}
        kept = {"statements": self.statements, "asked_at": self.asked_at, "content": content}
        return orjson.dumps({**head, **as_of, **kept, "documents": self.documents})

    @classmethod
    def of_bytes(cls, raw: bytes) -> "KeptRequest":
        """The request that was kept as these bytes."""
        kept = orjson.loads(raw)
        as_of = AsOf(kept["kind"], date.fromisoformat(kept["day"]))
        found = kept["statements"]
        statements = None if found is None else tuple(KeptResponse(**one) for one in found)
        whose = kept["service"], kept["client"]
        documents = kept.get("documents", "")  # versions before this one did not keep it
        return cls(*whose, as_of, kept["content"], statements, kept["asked_at"], documents)


class KeepsRequests(Protocol):
    """Where requests are kept; `waits` says whether keeping one may wait for another program."""

    waits: bool

    def takes(self, size: int) -> bool:
        """Whether a request of about so many bytes is kept at all."""

    def keep(self, request: KeptRequest) -> str | None:
        """Keeps a request without its access token and returns its id; None if it is not kept."""

    def read(self, id_: str) -> KeptRequest | None:
        """A kept request; None if there is none of this id, or no longer."""

    def clear(self) -> None:
        """Deletes what nobody else could show, when the server ends."""


class KeptRequests(MemoryFiles):
    """The kept requests of one server, in its memory; keeps none without a folder."""

    __slots__ = ()
    waits = False

    def __init__(self, folder: Path | None = None, now: Callable[[], float] = time) -> None:
        super().__init__(folder, now, MINUTES * 60.0, MOST_BYTES, LARGEST)

    def takes(self, size: int) -> bool:
        """Whether a request of about so many bytes is kept at all."""
        return self.folder is not None and size <= LARGEST

    def keep(self, request: KeptRequest) -> str | None:
        """Keeps a request without its access token and returns its id; None if it is not kept."""
        return self.write(request.as_bytes())

    def read(self, id_: str) -> KeptRequest | None:
        """A kept request; None if there is none of this id, or no longer."""
        raw = self.contents(id_)
        return None if raw is None else KeptRequest.of_bytes(raw)


class StoredRequests:
    """The kept requests of all servers that share a database."""

    waits = True

    def __init__(self, store: RequestStore) -> None:
        self._store = store

    def takes(self, size: int) -> bool:
        """Whether a request of about so many bytes is kept at all."""
        return size <= LARGEST

    def keep(self, request: KeptRequest) -> str | None:
        """Keeps a request without its access token and returns its id; None if it is not kept."""
        raw = request.as_bytes()
        if len(raw) > LARGEST:
            return None
        return self._store.keep(raw, timedelta(minutes=MINUTES), MOST_BYTES)

    def read(self, id_: str) -> KeptRequest | None:
        """A kept request; None if there is none of this id, or no longer.

        Raises RequestError 503 if the database does not answer in time.
        """
        if not ID.fullmatch(id_):
            return None
        try:
            raw = self._store.read(id_)
        except StoreError as error:
            message = "the database with the requests of pages does not answer; try again"
            raise RequestError(503, "transient", message, {"Retry-After": "2"}) from error
        return None if raw is None else KeptRequest.of_bytes(raw)

    def clear(self) -> None:
        """Deletes nothing: other servers show these pages too, and each request has its time."""
