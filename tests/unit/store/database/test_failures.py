"""Errors of the databases in a few words, which name no row."""

import sqlite3

import psycopg.errors
import pytest
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError

from service.errors import DatabaseShapeError, NoConnectionError, RefusedRowsError, StoreError
from service.store.database.failures import store_error

ROW = "a row"


def of_sqlite(name: str) -> SQLAlchemyError:
    error = sqlite3.OperationalError(ROW)
    error.sqlite_errorname = name
    return OperationalError(ROW, None, error)


def of_postgresql(code: str) -> SQLAlchemyError:
    return ProgrammingError(ROW, None, psycopg.errors.lookup(code)(ROW))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (of_sqlite("SQLITE_FULL"), "the database: the disk is full (SQLITE_FULL)"),
        (
            of_sqlite("SQLITE_BUSY_SNAPSHOT"),
            "the database: another process has locked it (SQLITE_BUSY_SNAPSHOT)",
        ),
        (
            of_sqlite("SQLITE_READONLY_DIRECTORY"),
            "the database: it can only be read (SQLITE_READONLY_DIRECTORY)",
        ),
        (of_sqlite("SQLITE_IOERR_WRITE"), "the database: the disk failed (SQLITE_IOERR_WRITE)"),
        (of_postgresql("53100"), "the database: the disk is full (53100)"),
        (of_postgresql("25006"), "the database: it can only be read (25006)"),
        (of_postgresql("57P01"), "the database: it is stopping or starting (57P01)"),
        (
            of_postgresql("42P01"),
            "the database: its tables are not as this version made them (42P01)",
        ),
        (of_postgresql("42501"), "the database: access to its tables is denied (42501)"),
        (
            OperationalError(ROW, None, psycopg.OperationalError(ROW)),
            "no connection to the database (OperationalError)",
        ),
        (NoFreeConnectionError(ROW), "no connection to the database was free"),
    ],
)
def test_reason_is_told_with_the_databases_own_code(error: SQLAlchemyError, reason: str) -> None:
    found = store_error(error)
    assert (isinstance(found, StoreError), str(found)) == (True, reason)


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError(ROW, None, sqlite3.IntegrityError(ROW)),
        DataError(ROW, None, psycopg.DataError(ROW)),
        StatementError(ROW, ROW, None, TypeError(ROW)),
    ],
)
def test_row_that_is_refused_is_told_from_a_database_that_fails(error: SQLAlchemyError) -> None:
    found = store_error(error)
    assert (type(found), str(found)) == (RefusedRowsError, "the database refused a row")


@pytest.mark.parametrize("name", ["SQLITE_NOTADB", "SQLITE_CORRUPT_VTAB"])
def test_file_that_is_no_database_has_an_unknown_shape(name: str) -> None:
    assert type(store_error(of_sqlite(name))) is DatabaseShapeError


def test_postgresql_that_was_not_reached_or_starts_has_no_connection() -> None:
    refused = OperationalError(ROW, None, psycopg.OperationalError(ROW))
    starting = OperationalError(ROW, None, psycopg.errors.lookup("57P03")(ROW))
    full = OperationalError(ROW, None, psycopg.errors.lookup("53100")(ROW))
    found = [type(store_error(each)) for each in (refused, starting, full)]
    assert found == [NoConnectionError, NoConnectionError, StoreError]
    assert type(store_error(of_sqlite("SQLITE_BUSY"))) is StoreError
