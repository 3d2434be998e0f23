"""Connections to the database of CDS_DATABASE_URL: SQLite with a write-ahead log, or PostgreSQL."""

from atexit import register
from dataclasses import dataclass
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from service.errors import SettingsError
from service.store.database.sqlite_file import SqliteFile, is_in_memory

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Care:
    """How surely a transaction is kept, and how many milliseconds it waits (0: for ever)."""

    synchronous: (
        str  # of SQLite. FULL: a power cut loses nothing; NORMAL: it may lose the last rows
    )
    lock_ms: int
    statement_ms: int
    checkpoint_pages: int = 1_000


DURABLE = Care("FULL", lock_ms=2_000, statement_ms=4_000)
QUICK = Care("NORMAL", lock_ms=400, statement_ms=400, checkpoint_pages=10_000)
# A change of the tables may take long. It waits for another process that is at it, but not for long, as
# no card is answered before a start has ended; what could not be changed then, a later call changes.
MIGRATING = Care("FULL", lock_ms=4_000, statement_ms=0)


def read_url(url: str) -> URL:
    """The URL, with our driver for PostgreSQL; raises SettingsError, which does not quote it.

    In place of a database in memory, which each thread would have its own of, there is a temporary file.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # the URL may hold a password
        raise SettingsError("CDS_DATABASE_URL: not a URL such as sqlite:///var/cds.db") from None
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if is_sqlite(parsed) and is_in_memory(parsed):
        folder = mkdtemp(prefix="dupilumab-cds-")
        register(rmtree, folder, ignore_errors=True)
        return URL.create("sqlite", database=f"{folder}/cds.db")
    return parsed


def lasts(url: str) -> bool:
    """Whether what a database stores is there after the process has ended; raises SettingsError."""
    parsed = read_url(url)
    return not (is_sqlite(parsed) and is_in_memory(make_url(url)))


def is_sqlite(url: URL) -> bool:
    """Whether a URL names a file of SQLite."""
    return url.get_backend_name() == "sqlite"


def make_engine(url: URL, care: Care, file: SqliteFile | None) -> Engine:
    """An engine whose transactions take so much care; `file` is the one that SQLite must open."""
    try:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=CONNECTIONS,
            pool_timeout=2,
            max_overflow=0,
            hide_parameters=True,
            connect_args=_patience(url),
        )
    except (SQLAlchemyError, ImportError):
        raise SettingsError(
            f"CDS_DATABASE_URL: no driver for {url.drivername} (pip install dupilumab-cds[postgres])"
        ) from None
    if file is not None:
        _listen_sqlite(engine, care, file)
    elif url.get_backend_name() == "postgresql":
        event.listen(engine, "begin", lambda connection: _begin_postgresql(connection, care))
    return engine


def _patience(url: URL) -> dict[str, int]:
    """Connection timeouts for PostgreSQL, because callers wait for the database."""
    if url.get_backend_name() != "postgresql":
        return {}
    return {"connect_timeout": 3, "tcp_user_timeout": 3000}


def _listen_sqlite(engine: Engine, care: Care, file: SqliteFile) -> None:
    def open_only(_dialect: object, _record: object, names: list[Any], options: Any) -> None:
        """SQLite may open the file that was there before, but never make another in its place."""
        if file.name_to_open is not None:
            names[0], options["uri"] = file.name_to_open, True

    def set_pragmas(connection: Any, _record: object) -> None:
        # transactions are begun below, not by the driver
        connection.isolation_level = None
        try:
            for pragma in (
                f"busy_timeout={care.lock_ms}",
                "journal_mode=WAL",
                f"synchronous={care.synchronous}",
                f"wal_autocheckpoint={care.checkpoint_pages}",
                "secure_delete=ON",  # what was deleted of a patient is overwritten in the file
            ):
                connection.execute(f"PRAGMA {pragma}").close()
        except Exception:
            connection.close()
            raise
        file.opened()

    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("only_reads")
        # a lock that is taken later could fail at once, without waiting
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    event.listen(engine, "do_connect", open_only)
    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "close", lambda _connection, _record: file.closed())
    event.listen(engine, "begin", begin)


def _begin_postgresql(connection: Connection, care: Care) -> None:
    connection.exec_driver_sql(
        f"SET LOCAL lock_timeout = {care.lock_ms}; SET LOCAL statement_timeout = {care.statement_ms};"
        # `off` would acknowledge what is not on disk yet; stricter values stay
        " SELECT set_config('synchronous_commit', 'on', true)"
        " WHERE current_setting('synchronous_commit') = 'off'"
    )
