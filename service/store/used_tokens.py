"""Hashes of used tokens until they expire; shared by all workers and kept over restarts."""

from time import monotonic
from typing import Literal

from sqlalchemy import Connection, delete, select, text

from service.errors import StoreError
from service.store.database.bounded_calls import BoundedCalls
from service.store.database.transactions import Database
from service.store.tables import seen_tokens

# in seconds
PURGE_EVERY = 60.0
PAUSE_AFTER_FAILURE = 1.0
# how many calls ask at once whether their token is new; how long each waits for its turn, and for the answer
CALLS = 4
TURN = 0.5
SECONDS = 1.0
Seen = Literal["new", "again", "otherwise"]
# one statement, so that only one of two workers can be first; expired rows are overwritten
TAKE = text(
    "INSERT INTO seen_tokens (id, call, expires_at) VALUES (:id, :call, :expires_at)"
    " ON CONFLICT (id) DO UPDATE SET call = excluded.call, expires_at = excluded.expires_at"
    " WHERE seen_tokens.expires_at < :now"
)


class SeenTokens:
    """Says whether a token is new; after a failure nobody waits until the database works again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._calls = BoundedCalls("tokens", CALLS, SECONDS)
        self._failing = False
        self._tried_again_at = self._purged_at = float("-inf")

    def note(self, id_: str, call: str, expires_at: int, now: int) -> Seen:
        """`new`, `again` for the same call, `otherwise` for another call; raises StoreError."""
        if self._failing:
            self._try_again(now)
            raise StoreError("the store did not answer a moment ago")
        row: dict[str, str | int] = {"id": id_, "call": call, "expires_at": expires_at, "now": now}
        try:
            return self._calls.run(
                lambda: self._database.run(lambda connection: self._note(connection, row)),
                patience=TURN,
            )
        except StoreError:
            self._tried_again_at = monotonic()
            self._failing = True
            raise

    def close(self) -> None:
        """Closes all connections."""
        self._calls.close()
        self._database.close()

    def _try_again(self, now: int) -> None:
        """Has a thread of ours look whether rows can be written again."""
        if monotonic() - self._tried_again_at > PAUSE_AFTER_FAILURE:
            self._tried_again_at = monotonic()
            self._calls.start(lambda: self._recover(now))

    def _recover(self, now: int) -> None:
        self._database.run(lambda connection: self._purge(connection, now))
        self._failing = False

    def _purge(self, connection: Connection, now: int | str) -> None:
        self._purged_at = monotonic()
        connection.execute(delete(seen_tokens).where(seen_tokens.c.expires_at < now))

    def _note(self, connection: Connection, row: dict[str, str | int]) -> Seen:
        if monotonic() - self._purged_at > PURGE_EVERY:
            self._purge(connection, row["now"])
        if connection.execute(TAKE, row).rowcount:
            return "new"
        held = select(seen_tokens.c.call).where(seen_tokens.c.id == row["id"])
        return "again" if connection.scalar(held) == row["call"] else "otherwise"
