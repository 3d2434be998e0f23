"""The database of CDS_DATABASE_URL: SQLite with a write-ahead log, or PostgreSQL."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from service.errors import SettingsError, StoreError
from service.store.tables import Row, metadata

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000")
# survives the end of the process but not a power cut; callers do not wait for the disk
QUICK_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=1000",
    "wal_autocheckpoint=10000",
)
T = TypeVar("T")
log = logging.getLogger("service.store")


class Database:
    """A database whose tables are made on first use, so that it may become available later."""

    def __init__(self, url: str, pragmas: Sequence[str] = PRAGMAS) -> None:
        self._url = _readable(url)
        self._engine = _engine(self._url, pragmas)
        self._prepared = False

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Inserts rows; they are durable when it returns. Raises StoreError."""
        self.run(lambda connection: connection.execute(table.insert(), list(rows)))

    def run(self, work: Callable[[Connection], T]) -> T:
        """Does some work in one transaction; raises StoreError if it fails."""
        try:
            self.prepare()
            with self._engine.begin() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise _failure(error) from None

    def answers(self) -> bool:
        """Whether the database answers now."""
        try:
            self.prepare()
            with self._engine.connect() as connection:
                connection.execute(text("select 1"))
        except (SQLAlchemyError, StoreError) as error:
            log.warning("store does not answer: %s", type(error).__name__)
            return False
        return True

    def prepare(self) -> None:
        """Makes folder and tables, once."""
        if self._prepared:
            return
        self._make_folder()
        try:
            metadata.create_all(self._engine)
        except SQLAlchemyError:
            # another worker may have created them at the same time; if not, this raises
            metadata.create_all(self._engine)
        self._prepared = True

    def close(self) -> None:
        """Closes all connections; the database stays usable, also after a fork."""
        self._engine.dispose()

    def _make_folder(self) -> None:
        name = self._url.database
        if self._url.get_backend_name() != "sqlite" or not name or name == ":memory:":
            return
        try:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"no folder for the database: {error.strerror}") from None


def _readable(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        # the URL may hold a password, so it is not quoted
        raise SettingsError("CDS_DATABASE_URL: not a URL such as sqlite:///var/cds.db") from None
    return (
        parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed
    )


def _engine(url: URL, pragmas: Sequence[str]) -> Engine:
    try:
        engine = create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args=_patience(url)
        )
    except (SQLAlchemyError, ImportError):
        raise SettingsError(
            f"CDS_DATABASE_URL: no driver for {url.drivername} (pip install dupilumab-cds[postgres])"
        ) from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", lambda connection, _: _set_pragmas(connection, pragmas))
    return engine


def _patience(url: URL) -> dict[str, int]:
    """Connection timeouts for PostgreSQL, because callers wait for the database."""
    if url.get_backend_name() != "postgresql":
        return {}
    return {"connect_timeout": 3, "tcp_user_timeout": 3000}


def _set_pragmas(connection: Any, pragmas: Sequence[str]) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _failure(error: SQLAlchemyError) -> StoreError:
    log.error("store failed: %s", type(error).__name__)
    return StoreError("the store did not take it")
