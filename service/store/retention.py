"""Deletes old rows: those from before a moment that the operator names."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, Select, Table, delete, func, select

from service.store.database.backup import existing_file
from service.store.database.connections import is_sqlite, read_url
from service.store.database.transactions import Database
from service.store.tables import cards, decisions, feedback, gaps, kept_requests

# Rows of one transaction: writers of the service wait for it no longer than for each other.
BATCH = 1_000
Step = Callable[[Connection], int]


def purge(url: str, before: datetime) -> Mapping[str, int]:
    """Deletes feedback, decisions with their cards, and gaps from before a moment; how many of each.

    Requests that were kept for pages of orders are deleted once they have expired, whatever the moment.

    It takes small transactions, so that the service may run meanwhile. Raises StoreError or
    SettingsError; what was deleted until then stays deleted, and the next run goes on.
    """
    database = _existing(url)
    old = select(decisions.c.id).where(decisions.c.at < before)
    of_feedback = select(feedback.c.key).where(feedback.c.received_at < before)
    of_decisions = select(decisions.c.key).where(decisions.c.at < before)
    of_gaps = select(gaps.c.key).where(gaps.c.ended_at < before)
    expired = select(kept_requests.c.key).where(kept_requests.c.expires_at <= datetime.now(UTC))
    try:
        return {
            "feedback": _in_batches(database, lambda one: _delete(one, feedback, of_feedback)),
            # before the decisions, which say how old they are
            "cards": _delete_cards(database, old),
            "decisions": _in_batches(database, lambda one: _delete(one, decisions, of_decisions)),
            "gaps": _in_batches(database, lambda one: _delete(one, gaps, of_gaps)),
            "kept_requests": _in_batches(
                database, lambda one: _delete(one, kept_requests, expired)
            ),
        }
    finally:
        database.close()


def older_than(url: str, before: datetime) -> Mapping[str, int]:
    """How many rows of each kind `purge` would delete; cards go with their decisions."""
    database = _existing(url)

    def count(connection: Connection) -> dict[str, int]:
        return {
            table.name: int(connection.scalar(select(func.count()).where(column < before)) or 0)
            for table, column in (
                (feedback, feedback.c.received_at),
                (decisions, decisions.c.at),
                (gaps, gaps.c.ended_at),
            )
        } | {"kept_requests": _count_expired(connection)}

    try:
        return database.run(count)
    finally:
        database.close()


def _count_expired(connection: Connection) -> int:
    expired = kept_requests.c.expires_at <= datetime.now(UTC)
    return int(connection.scalar(select(func.count()).where(expired)) or 0)


def _existing(url: str) -> Database:
    """The database, which must be there: none is made only to delete from it."""
    if is_sqlite(read_url(url)):
        existing_file(url)
    return Database(url)


def _in_batches(database: Database, step: Step) -> int:
    """How many rows a step deleted, done again until it finds none."""
    total = 0
    while deleted := database.run(step):
        total += deleted
    return total


def _delete(connection: Connection, table: Table, keys: Select[tuple[int]]) -> int:
    """Deletes a batch of the rows that have these keys."""
    found = [row[0] for row in connection.execute(keys.limit(BATCH))]
    if found:
        connection.execute(delete(table).where(table.c.key.in_(found)))
    return len(found)


def _delete_cards(database: Database, old: Select[tuple[str | None]]) -> int:
    """Deletes the cards of old decisions, in the order of their keys, up to a batch without any.

    Cards are stored together with their decision, so later ones are newer.
    """
    total, after = 0, -1
    while True:
        seen, deleted, after = database.run(partial(_delete_range, old=old, after=after))
        total += deleted
        if not seen or not deleted:
            return total


def _delete_range(
    connection: Connection, old: Select[tuple[str | None]], after: int
) -> tuple[int, int, int]:
    """Of the next batch of cards: how many there are, how many were deleted, and the last key."""
    following = select(cards.c.key).where(cards.c.key > after).order_by(cards.c.key).limit(BATCH)
    keys = [row[0] for row in connection.execute(following)]
    if not keys:
        return 0, 0, after
    belonging = select(cards.c.key).where(cards.c.key.in_(keys), cards.c.decision.in_(old))
    found = [row[0] for row in connection.execute(belonging)]
    if found:
        connection.execute(delete(cards).where(cards.c.key.in_(found)))
    return len(keys), len(found), keys[-1]
