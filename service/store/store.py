"""The one door to what is kept."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from service.store.database import QUICK_PRAGMAS, Database
from service.store.seen import Seen, SeenTokens
from service.store.tables import (
    DecisionRecord,
    card_rows,
    cards,
    decision_row,
    decisions,
    feedback,
    feedback_row,
)
from service.store.writer import Writer

log = logging.getLogger("service.store")


def _write_decisions(database: Database, batch: Sequence[DecisionRecord]) -> None:
    """Decisions, and the cards that told them; cards that cannot be kept cost no decision."""
    database.insert(decisions, [*map(decision_row, batch)])
    try:
        if rows := [row for decision in batch for row in card_rows(decision)]:
            database.insert(cards, rows)
    except Exception as error:  # noqa: BLE001 - the decisions are safe already and are not missed
        log.warning("cards of %d decisions not kept (%s)", len(batch), type(error).__name__)


class Store:
    """Feedback is durable before we say so; decisions follow behind the answer."""

    def __init__(
        self, database: Database, seen: SeenTokens, writer: Writer[DecisionRecord]
    ) -> None:
        self._database = database
        self._seen = seen
        self._writer = writer

    @classmethod
    def open(cls, url: str) -> "Store":
        """A store; a database that is down does not stop it from opening."""
        database = Database(url)
        database.answers()
        database.close()
        # rows are made in the writer's thread, where they cost no clinician anything
        return cls(
            database,
            SeenTokens(Database(url, QUICK_PRAGMAS)),
            Writer(lambda batch: _write_decisions(database, batch)),
        )

    def keep_feedback(self, service: str, items: Sequence[Mapping[str, object]]) -> None:
        """Keeps all items or none; StoreError if they are not safe on disk."""
        now = datetime.now(UTC)
        if items:
            self._database.insert(feedback, [feedback_row(item, service, now) for item in items])

    def keep_decisions(
        self, decided: Sequence[Mapping[str, object]], service: str, hook: str, milliseconds: float
    ) -> None:
        """Takes decisions without waiting; what cannot be kept is counted in `missed`."""
        now = datetime.now(UTC)
        self._writer.hand(
            [DecisionRecord(decision, service, hook, now, milliseconds) for decision in decided]
        )

    def note_token(self, id_: str, call: str, expires_at: int, now: int) -> Seen:
        """Whether a token is new, is used again for the same call, or otherwise; all four are kept."""
        return self._seen.note(id_, call, expires_at, now)

    @property
    def missed(self) -> int:
        """How many decisions this process could not keep."""
        return self._writer.missed

    def ready(self) -> bool:
        """Whether the database answers."""
        return self._database.answers()

    def close(self) -> None:
        """Writes what is waiting, then lets go."""
        self._writer.close()
        self._seen.close()
        self._database.close()
