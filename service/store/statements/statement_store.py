"""Statements of prescribers and half-filled forms: kept, read, deleted by patient, and purged in time.

What `keep` returned from is on the disk. Reading waits half a second at most, since orders wait for it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from service.errors import RefusedRowsError, StoreError
from service.json_object import Json
from service.store.database.bounded_calls import BoundedCalls
from service.store.database.transactions import Database
from service.store.outage import Outage
from service.store.statements.statement_rows import (
    WITHDRAWN,
    Delivery,
    DraftKey,
    KeptDraft,
    KeptStatement,
    PatientKey,
    clean,
    draft_of,
    draft_row,
    statement_of,
    statement_row,
)
from service.store.tables import Row as NewRow
from service.store.tables import statement_drafts, statements

# How many calls write at once, how long each waits for its turn and for the database, in seconds.
WRITERS, WRITE_TURN, WRITE_SECONDS = 4, 1.0, 5.0
READERS, READ_TURN, READ_SECONDS = 4, 0.25, 0.5
# After a read that failed nobody else waits for so many seconds.
PAUSE_AFTER_FAILURE = 1.0
PURGE_EVERY = 3600.0
# How many days a form that nobody goes on with is kept.
DRAFT_DAYS = 30
T = TypeVar("T")


def _now() -> datetime:
    return datetime.now(UTC)


class StatementStore:
    """Keeps statements until `days_after` days after the last day on which they count."""

    def __init__(
        self,
        database: Database,
        outage: Outage,
        days_after: int,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._database = database
        self._outage = outage
        self._days_after = days_after
        self._now = now
        self._writes = BoundedCalls("statements", WRITERS, WRITE_SECONDS)
        self._reads = BoundedCalls("reading", READERS, READ_SECONDS)
        self._failed_at = self._purged_at = float("-inf")

    def keep(self, *made: KeptStatement, drafts: Iterable[DraftKey] = ()) -> bool:
        """Keeps all statements or none, and deletes the forms they were made with.

        They are durable when this returns; False if all were kept before. Raises StoreError if they are
        not kept, RefusedRowsError if another statement has the id of one.
        """
        now, forms = self._now(), [*drafts]
        # in one order, so that two calls never wait for each other
        rows = sorted((statement_row(one, now) for one in made), key=_id)

        def work(connection: Connection) -> bool:
            new = [_insert_once(connection, statements, row) for row in rows]
            for draft in forms:
                _delete_draft(connection, draft)
            return any(new)

        return self._write(work)

    def of(self, patient: PatientKey) -> tuple[KeptStatement, ...]:
        """All statements about a patient, oldest first, those that no longer count too.

        Raises StoreError if they cannot be read in time.
        """
        asked = select(statements).where(*_is_of(statements, patient)).order_by(statements.c.key)
        return tuple(statement_of(row) for row in self._rows(asked))

    def withdraw(self, patient: PatientKey, author: str, id_: str) -> bool:
        """Marks a statement of an author about a patient as entered in error; raises StoreError.

        It is kept as long as before, so that a copy in the EHR does not count either. False if there is
        none of this id, author and patient.
        """
        mine = (*_is_of(statements, patient), statements.c.author == clean(author))
        asked = select(statements.c.response).where(*mine, statements.c.id == clean(id_))

        def work(connection: Connection) -> bool:
            response = connection.scalar(asked)
            if response is None:
                return False
            changed = {**orjson.loads(response), "status": WITHDRAWN}
            written = orjson.dumps(changed, option=orjson.OPT_SORT_KEYS).decode()
            one = update(statements).where(statements.c.id == clean(id_))
            connection.execute(one.values(response=written))
            connection.execute(one.where(statements.c.delivery == "due").values(delivery="none"))
            return True

        return self._write(work)

    def note_delivery(self, id_: str, delivery: Delivery) -> None:
        """Notes what came of writing a statement to the EHR; raises StoreError."""
        changed = update(statements).where(statements.c.id == clean(id_)).values(delivery.columns)
        self._write(lambda connection: connection.execute(changed).rowcount)

    def claim_delivery(self, id_: str, tries: int) -> bool:
        """Whether the caller alone writes a statement to the EHR that was tried so often; raises StoreError.

        Of two callers the second one gets False: an EHR need not tell two copies to be one statement.
        """
        mine = (statements.c.id == clean(id_), statements.c.delivery == "due")
        claimed = update(statements).where(*mine, statements.c.delivery_tries == tries)
        claimed = claimed.values(delivery_tries=tries + 1)
        return self._write(lambda connection: connection.execute(claimed).rowcount) == 1

    def keep_drafts(self, patient: PatientKey, user: str, drafts: Iterable[KeptDraft]) -> None:
        """Keeps what a user has filled in so far, in place of all that was kept before.

        All forms of a patient or none; raises StoreError.
        """
        rows = sorted((draft_row(one, self._now()) for one in drafts), key=_id)

        def work(connection: Connection) -> None:
            connection.execute(delete(statement_drafts).where(*_are_drafts_of(patient, user)))
            for row in rows:
                # another call may have put its own there in between: the last one stays
                if not _insert_once(connection, statement_drafts, row, same=False):
                    mine = statement_drafts.c.id == row["id"]
                    connection.execute(update(statement_drafts).where(mine).values(row))

        self._write(work)

    def drafts_of(self, patient: PatientKey, user: str) -> tuple[KeptDraft, ...]:
        """All half-filled forms of a user about a patient, the newest first; raises StoreError."""
        asked = select(statement_drafts).where(*_are_drafts_of(patient, user))
        newest = (statement_drafts.c.changed_at.desc(), statement_drafts.c.key.desc())
        return tuple(draft_of(row) for row in self._rows(asked.order_by(*newest)))

    def delete(self, patient: PatientKey) -> int:
        """Deletes all that is kept of a patient, and says how much it was; raises StoreError."""
        return self._write(
            lambda connection: sum(
                connection.execute(delete(table).where(*_is_of(table, patient))).rowcount
                for table in (statements, statement_drafts)
            )
        )

    def purge(self, *, everything: bool = False) -> int:
        """Deletes what is too old, or all there is, and says how much it was; raises StoreError."""
        return self._write(_empty if everything else self._purge)

    def purge_now_and_then(self) -> None:
        """Has a thread of ours delete what is too old, once an hour at most."""
        if monotonic() - self._purged_at > PURGE_EVERY:
            self._purged_at = monotonic()
            self._writes.start(lambda: self._database.run(self._purge))

    def close(self) -> None:
        """Ends the threads; a later call starts new ones."""
        self._writes.close()
        self._reads.close()

    def _purge(self, connection: Connection) -> int:
        now = self._now()
        last = (now.date() - timedelta(days=self._days_after)).isoformat()
        old_draft = statement_drafts.c.changed_at < now - timedelta(days=DRAFT_DAYS)
        return sum(
            connection.execute(delete(table).where(is_old)).rowcount
            for table, is_old in (
                (statements, statements.c.expires < last),
                (statement_drafts, old_draft),
            )
        )

    def _write(self, work: Callable[[Connection], T]) -> T:
        self.purge_now_and_then()
        try:
            done = self._writes.run(
                lambda: self._database.run(work),
                patience=0 if self._outage.failure else WRITE_TURN,
            )
        except RefusedRowsError:
            raise
        except StoreError as error:
            self._outage.begin(str(error))
            raise StoreError(f"statements cannot be stored: {error}") from None
        self._outage.end()
        return done

    def _rows(self, asked: Select[tuple[object, ...]]) -> list[Row[tuple[object, ...]]]:
        self.purge_now_and_then()
        if monotonic() - self._failed_at < PAUSE_AFTER_FAILURE:
            raise StoreError("statements cannot be read: the store did not answer a moment ago")
        try:
            return self._reads.run(
                lambda: self._database.read(lambda connection: [*connection.execute(asked)]),
                patience=READ_TURN,
            )
        except StoreError as error:
            self._failed_at = monotonic()
            raise StoreError(f"statements cannot be read: {error}") from None


def _empty(connection: Connection) -> int:
    return sum(connection.execute(delete(one)).rowcount for one in (statements, statement_drafts))


def _is_of(table: Table, patient: PatientKey) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in patient.columns.items()]


def _are_drafts_of(patient: PatientKey, user: str) -> list[ColumnElement[bool]]:
    return [*_is_of(statement_drafts, patient), statement_drafts.c.author == clean(user)]


def _id(row: NewRow) -> str:
    return str(row["id"])


def _delete_draft(connection: Connection, key: DraftKey) -> None:
    connection.execute(delete(statement_drafts).where(statement_drafts.c.id == key.id))


def _insert_once(connection: Connection, table: Table, row: NewRow, *, same: bool = True) -> bool:
    """Inserts a row unless there is one of its id; with `same` that must be of the same content.

    Raises StoreError if a trigger or a rule of the database left the row out.
    """
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    made = insert(table).values(row).on_conflict_do_nothing(index_elements=["id"])
    if connection.execute(made.returning(table.c.key)).first() is not None:
        return True
    there = connection.execute(select(table).where(table.c.id == row["id"])).one_or_none()
    if there is None:
        raise StoreError("the database did not keep the row")
    whose = ("client", "server", "patient") if same else ()
    others = any(getattr(there, name) != row[name] for name in whose)
    if others or (same and _said(there.response) != _said(str(row["response"]))):
        raise RefusedRowsError("another statement has this id")
    return False


def _said(response: str) -> Json:
    """What a response says but for its time: a form that is sent again has another one."""
    return {**orjson.loads(response), "authored": None}
