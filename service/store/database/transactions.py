"""Transactions in the database, whose tables are made or migrated before the first one."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from service.errors import DatabaseShapeError
from service.store.database.connections import (
    DURABLE,
    MIGRATING,
    QUICK,
    Care,
    is_sqlite,
    make_engine,
    read_url,
)
from service.store.database.failures import is_damage, store_error, tables_changed
from service.store.database.migrate import bring_up_to_date, revision_of
from service.store.database.sqlite_file import SqliteFile
from service.store.tables import REVISION, Row, insert_all

T = TypeVar("T")


class _Preparation:
    """The tables of a database, made or migrated once; its file, if it is SQLite's."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self.file = SqliteFile(url) if is_sqlite(url) else None
        self.count = 0
        self._lock = Lock()
        self._done = False

    def prepare(self) -> None:
        """Makes the folder, makes or migrates the tables; raises StoreError if that cannot be done now."""
        with self._lock:
            if self._done:
                return
            engine = make_engine(self._url, MIGRATING, self.file)
            try:
                if self.file is not None:
                    self.file.make_folder()
                bring_up_to_date(engine)
                if self.file is not None:
                    self.file.remember()
            except SQLAlchemyError as error:
                raise store_error(error) from None
            finally:
                engine.dispose()
            self._done = True
            self.count += 1

    def redo(self) -> None:
        """The next call prepares again: an older copy may have been restored."""
        self._done = False

    def check_file(self) -> None:
        """Raises StoreError if the file is not the one that was prepared."""
        if self.file is not None:
            self.file.check()


class Database:
    """A database; it need not be available yet."""

    def __init__(
        self, url: str | URL, care: Care = DURABLE, preparation: _Preparation | None = None
    ) -> None:
        self._url = url if isinstance(url, URL) else read_url(url)
        self._preparation = preparation or _Preparation(self._url)
        self._engine = make_engine(self._url, care, self._preparation.file)
        self._reading = self._engine.execution_options(only_reads=True)

    def quick(self) -> "Database":
        """The same database for rows that a power cut may lose; waits less for locks of others."""
        return Database(self._url, QUICK, self._preparation)

    def insert(self, rows: Mapping[Table, Sequence[Row]]) -> None:
        """Inserts all rows or none; they are durable when it returns. Raises StoreError."""

        def work(connection: Connection) -> None:
            for table, of_table in rows.items():
                if of_table:
                    insert_all(connection, table, of_table)

        self.run(work)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Reads in one transaction, which waits for no lock of those that write; raises StoreError."""
        return self.run(work, self._reading)

    def run(self, work: Callable[[Connection], T], engine: Engine | None = None) -> T:
        """Does some work in one transaction; raises StoreError if it fails."""
        try:
            self.prepare()
            self._preparation.check_file()
            with (engine or self._engine).begin() as connection:
                self._check_revision(connection)
                done = work(connection)
        except DatabaseShapeError:
            self._preparation.redo()
            raise
        except SQLAlchemyError as error:
            if tables_changed(error):
                self._preparation.count += 1  # each connection looks at the revision again
            if self._preparation.file is not None and is_damage(error):
                self._preparation.file.found_damaged()
            raise store_error(error) from None
        # again, so that nothing is acknowledged that went into a file which is gone
        self._preparation.check_file()
        return done

    def prepare(self) -> None:
        """Makes or migrates the tables, once; raises StoreError if that cannot be done now."""
        self._preparation.prepare()

    def close(self) -> None:
        """Closes all connections; the database stays usable, also after a fork."""
        self._engine.dispose()

    def _check_revision(self, connection: Connection) -> None:
        """Looks once for each connection, and after each preparation, whether the tables are still ours."""
        if connection.info.get("prepared") == self._preparation.count:
            return
        try:
            found = revision_of(connection)
        except SQLAlchemyError as error:
            if not tables_changed(error):
                raise
            found = None
        if found != REVISION:
            raise DatabaseShapeError(f"the tables have revision {found}, and not {REVISION}")
        connection.info["prepared"] = self._preparation.count
