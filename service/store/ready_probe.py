"""Tries whether rows of each kind can be stored now, for `/ready`."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from threading import Lock
from time import monotonic

from sqlalchemy import Connection, DateTime, Table, bindparam, text
from sqlalchemy.exc import SQLAlchemyError

from service.errors import StoreError
from service.store.database.failures import store_error
from service.store.database.transactions import Database
from service.store.tables import (
    cards,
    checks,
    decisions,
    feedback,
    gaps,
    insert_all,
    kept_requests,
    statement_drafts,
    statements,
)

TABLES: Mapping[str, Sequence[Table]] = {
    "decisions": (decisions, cards, gaps),
    "feedback": (feedback,),
}
# only where statements are kept
STATEMENTS: Mapping[str, Sequence[Table]] = {"statements": (statements, statement_drafts)}
# only where requests are kept in the database
REQUESTS: Mapping[str, Sequence[Table]] = {"kept_requests": (kept_requests,)}
# in seconds: how long the result of a try that went well stands for callers who ask at the same time
FRESH = 0.2
# what a row that is taken back holds, by the type of its column
_SAMPLES: Mapping[type, object] = {
    str: "",
    bytes: b"",
    int: 0,
    float: 0.0,
    datetime: datetime(2000, 1, 1, tzinfo=UTC),
}
WRITE = text(
    f"INSERT INTO {checks.name} (name, at) VALUES ('write', :at)"  # noqa: S608 - our own name
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
).bindparams(bindparam("at", type_=DateTime(timezone=True)))


class Probe:
    """Makes one try at a time, in a thread of its own; all who ask meanwhile wait for that one."""

    def __init__(self, one_try: Callable[[], None]) -> None:
        self._try = one_try
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._running: Future[None] | None = None
        self._began_at = 0.0

    def ended(self, patience: float, *, anew: bool) -> bool:
        """Whether a try ends within so many seconds; `anew` takes none that ended before."""
        with self._lock:
            future = self._running
            old = anew or monotonic() - self._began_at > FRESH
            if future is None or (future.done() and old):
                if self._pool is None:
                    self._pool = ThreadPoolExecutor(1, "probe")
                self._began_at = monotonic()
                future = self._running = self._pool.submit(self._try)
        wait((future,), patience)
        return future.done()

    def close(self) -> None:
        """Ends the thread; a later try starts another."""
        with self._lock:
            pool, self._pool, self._running = self._pool, None, None
        if pool is not None:
            pool.shutdown()


def failures_now(
    database: Database, kinds: Mapping[str, Sequence[Table]] = TABLES
) -> dict[str, str]:
    """Why rows of a kind cannot be stored, by kind; empty where all can. Writes one row."""
    try:
        return database.run(lambda connection: _failures(connection, kinds))
    except StoreError as error:
        return dict.fromkeys(kinds, str(error))


def _failures(connection: Connection, kinds: Mapping[str, Sequence[Table]]) -> dict[str, str]:
    failures = {}
    for kind, tables in kinds.items():
        try:
            for table in tables:
                _try_row(connection, table)
        except StoreError as error:
            failures[kind] = str(error)
        except SQLAlchemyError as error:
            failures[kind] = str(store_error(error))
    # only a row that is really written shows that the disk takes it
    connection.execute(WRITE, {"at": datetime.now(UTC)})
    return failures


def _try_row(connection: Connection, table: Table) -> None:
    """Inserts one row and takes it back: so triggers and rules of the database have their say too."""
    columns = (column for column in table.columns if not column.primary_key)
    row = {column.name: _SAMPLES[column.type.python_type] for column in columns}
    with connection.begin_nested() as attempt:
        insert_all(connection, table, [row])
        attempt.rollback()
