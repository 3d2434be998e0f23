"""Requests that are kept for the pages of their orders: patient data, for a short time, in the database.

A row bears the SHA-256 of its id, so that who reads the table cannot open a page. Writing and reading
wait for the database no longer than `TURN` and `SECONDS` together.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from threading import Timer
from time import monotonic

from sqlalchemy import Connection, delete, func, select

from service.errors import StoreError
from service.store.database.bounded_calls import BoundedCalls
from service.store.database.transactions import Database
from service.store.outage import Outage
from service.store.tables import insert_all, kept_requests

# How many calls write and read at once, and how many seconds each waits for its turn and the database.
WRITERS, READERS = 2, 2
TURN, SECONDS = 0.25, 0.5
# After a request that was not kept the next ones are not kept either for so many seconds: no order waits.
PAUSE_AFTER_FAILURE = 1.0
SECONDS_BETWEEN_PURGES = 60.0
BATCH = 30  # rows that one transaction deletes: writers wait for no more


def _now() -> datetime:
    return datetime.now(UTC)


class RequestStore:
    """Keeps each request for a time that its caller says; deletes it within a minute after that."""

    def __init__(
        self, database: Database, outage: Outage, now: Callable[[], datetime] = _now
    ) -> None:
        self._database = database
        self._outage = outage
        self._now = now
        self._writes = BoundedCalls("keeping", WRITERS, SECONDS)
        self._reads = BoundedCalls("kept", READERS, SECONDS)
        self._failed_at = float("-inf")
        self._timer: Timer | None = None

    def keep(self, raw: bytes, life: timedelta, most_bytes: int) -> str | None:
        """Keeps a request and returns its id; None if it is not known to be kept.

        The oldest requests are deleted while all together have more than `most_bytes`.
        """
        if monotonic() - self._failed_at < PAUSE_AFTER_FAILURE:
            return None
        id_ = token_urlsafe(24)  # 192 random bits: nobody can guess it
        row = {
            "id": _hashed(id_),
            "content": raw,
            "size": len(raw),
            "expires_at": self._now() + life,
        }

        def work(connection: Connection) -> None:
            insert_all(connection, kept_requests, [row])
            _delete_oldest(connection, most_bytes)

        self.purge_later()  # also what was written after its caller gave up is deleted in time
        try:
            self._writes.run(lambda: self._database.run(work), patience=TURN)
        except StoreError as error:
            self._failed_at = monotonic()
            self._outage.begin(str(error))
            return None
        self._outage.end()
        return id_

    def read(self, id_: str) -> bytes | None:
        """A kept request; None if there is none of this id, or no longer. Raises StoreError."""
        asked = select(kept_requests.c.content).where(
            kept_requests.c.id == _hashed(id_), kept_requests.c.expires_at > self._now()
        )
        found = self._reads.run(
            lambda: self._database.read(lambda connection: connection.scalar(asked)), patience=TURN
        )
        return None if found is None else bytes(found)

    def purge(self) -> int:
        """Deletes what has expired, and says how many requests are left; raises StoreError."""
        while self._database.run(self._delete_expired) == BATCH:
            pass
        counted = select(func.count()).select_from(kept_requests)
        return self._database.read(lambda connection: connection.scalar(counted)) or 0

    def purge_later(self) -> None:
        """Has a thread of ours purge in a minute, and again while there is something kept."""
        # after a fork the parent's timer counts as ended
        if self._timer is not None and self._timer.is_alive():
            return
        self._timer = Timer(SECONDS_BETWEEN_PURGES, self._purge_again)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        """Ends the threads; a later call starts new ones."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        self._writes.close()
        self._reads.close()

    def _purge_again(self) -> None:
        self._timer, left = None, 1
        with suppress(StoreError):  # told by /ready; tried again in a minute
            left = self._writes.run(self.purge, patience=TURN)
        if left:
            self.purge_later()

    def _delete_expired(self, connection: Connection) -> int:
        """Deletes a batch, and says how many rows it had."""
        expired = select(kept_requests.c.key).where(kept_requests.c.expires_at <= self._now())
        found = [row[0] for row in connection.execute(expired.limit(BATCH))]
        if found:
            connection.execute(delete(kept_requests).where(kept_requests.c.key.in_(found)))
        return len(found)


def _delete_oldest(connection: Connection, most_bytes: int) -> None:
    """Deletes the oldest rows until the others have at most so many bytes together."""
    of_all = connection.scalar(select(func.sum(kept_requests.c.size))) or 0
    excess, last = of_all - most_bytes, None
    if excess <= 0:
        return
    asked = select(kept_requests.c.key, kept_requests.c.size).order_by(kept_requests.c.key)
    for key, size in connection.execute(asked):
        last, excess = key, excess - size
        if excess <= 0:
            break
    connection.execute(delete(kept_requests).where(kept_requests.c.key <= last))


def _hashed(id_: str) -> str:
    return sha256(id_.encode(errors="replace")).hexdigest()
