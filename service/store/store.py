"""The store: feedback, decisions and used tokens."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from service.store.database import QUICK_PRAGMAS, Database
from service.store.tables import (
    DecisionRecord,
    card_rows,
    cards,
    decision_row,
    decisions,
    feedback,
    feedback_row,
)
from service.store.used_tokens import Seen, SeenTokens
from service.store.writer import Writer

log = logging.getLogger("service.store")


def _write_decisions(database: Database, batch: Sequence[DecisionRecord]) -> None:
    """Writes decisions and their cards; a failure with the cards does not lose the decisions."""
    database.insert(decisions, [*map(decision_row, batch)])
    try:
        if rows := [row for decision in batch for row in card_rows(decision)]:
            database.insert(cards, rows)
    except Exception as error:  # noqa: BLE001 - the decisions are safe already and are not missed
        log.warning("cards of %d decisions not kept (%s)", len(batch), type(error).__name__)


class Store:
    """Writes feedback before the answer is sent, and decisions after it."""

    def __init__(
        self, database: Database, seen: SeenTokens, writer: Writer[DecisionRecord]
    ) -> None:
        self._database = database
        self._seen = seen
        self._writer = writer

    @classmethod
    def open(cls, url: str) -> "Store":
        """Opens the store; the database need not be available yet."""
        database = Database(url)
        database.answers()
        database.close()
        # rows are made in the writer's thread, so that no answer waits for them
        return cls(
            database,
            SeenTokens(Database(url, QUICK_PRAGMAS)),
            Writer(lambda batch: _write_decisions(database, batch)),
        )

    def keep_feedback(self, service: str, items: Sequence[Mapping[str, object]]) -> None:
        """Writes all items or none; raises StoreError if they are not safely stored."""
        now = datetime.now(UTC)
        if items:
            self._database.insert(feedback, [feedback_row(item, service, now) for item in items])

    def keep_decisions(
        self, decided: Sequence[Mapping[str, object]], service: str, hook: str, milliseconds: float
    ) -> None:
        """Queues decisions without waiting; those that cannot be written are counted in `missed`."""
        now = datetime.now(UTC)
        self._writer.add(
            [DecisionRecord(decision, service, hook, now, milliseconds) for decision in decided]
        )

    def note_token(self, id_: str, call: str, expires_at: int, now: int) -> Seen:
        """Notes a token and says whether it is new, was used for the same call (`again`), or `otherwise`."""
        return self._seen.note(id_, call, expires_at, now)

    @property
    def missed(self) -> int:
        """How many decisions this process could not write."""
        return self._writer.missed

    def ready(self) -> bool:
        """Whether the database answers."""
        return self._database.answers()

    def close(self) -> None:
        """Writes what is queued, then closes all connections."""
        self._writer.close()
        self._seen.close()
        self._database.close()
