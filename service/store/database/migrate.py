"""Brings the tables of a database to the shape of this version, or refuses a shape that it does not know."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from service.errors import DatabaseShapeError
from service.store.migrations.versions.initial_tables import initial
from service.store.tables import REVISION, metadata

MIGRATIONS = Path(__file__).parents[1] / "migrations"
log = logging.getLogger("service.store")
# it would tell at each start which kind of database it found
logging.getLogger("alembic").setLevel(logging.WARNING)
# an arbitrary number: PostgreSQL's lock for the change of our tables
LOCK = 6_004_318_201
VERSION_TABLE = "alembic_version"
# Alembic holds the connection that it works on in a global variable
_one_at_a_time = Lock()


def bring_up_to_date(engine: Engine) -> None:
    """Makes or changes the tables in one transaction; the first of several processes does it alone.

    Raises DatabaseShapeError, and changes nothing, if the tables are of an unknown shape or a newer version.
    A database that needs no change is only read.
    """
    with _one_at_a_time:
        with engine.connect().execution_options(only_reads=True) as connection:
            if _revision(connection) == REVISION:
                return _refuse_other_shape(connection, metadata)
        with engine.begin() as connection:
            _lock(connection)
            _migrate(connection)
    return None


def revision_of(connection: Connection) -> str | None:
    """The revision that a connection's database says it has; raises if it says none."""
    found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - our own name
    return None if found is None else str(found)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(None))


def alembic_config(connection: Connection | None) -> Config:
    """Alembic's configuration for our migrations, to be done on a connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    """Waits until no other process migrates; SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _revision(connection: Connection) -> str | None:
    heads = MigrationContext.configure(connection).get_current_heads()
    return ", ".join(heads) or None


def _migrate(connection: Connection) -> None:
    revision = _revision(connection)
    if revision is None:
        _refuse_unknown_tables(connection)
    elif revision not in {one.revision for one in _scripts().walk_revisions()}:
        raise DatabaseShapeError(
            f"the database was changed by a newer version of the service (its tables have revision"
            f" {revision}, this version knows them up to {REVISION}); start that version, or restore"
            f" the copy that was made before"
        )
    command.upgrade(alembic_config(connection), "head")
    _refuse_other_shape(connection, metadata)
    log.info("tables changed from revision %s to %s", revision or "none", REVISION)


def _refuse_unknown_tables(connection: Connection) -> None:
    """Refuses a database without a revision, unless it is empty or as versions before Alembic made it."""
    there = {*inspect(connection).get_table_names()} - {VERSION_TABLE}
    ours = there & {*initial.tables}
    if later := there & {*metadata.tables} - {*initial.tables}:
        raise DatabaseShapeError(
            f"the database has the table {min(later)}, but does not say which revision its tables"
            f" have ({VERSION_TABLE})"
        )
    # a schema of PostgreSQL may be shared; a file that holds other tables is another program's
    if there and not ours and connection.dialect.name == "sqlite":
        raise DatabaseShapeError(
            f"the database is not one of this service: it has a table {min(there)}, but none of"
            f" {', '.join(sorted(initial.tables))}"
        )
    _refuse_other_shape(connection, initial, ours)


def _refuse_other_shape(
    connection: Connection, expected: MetaData, tables: set[str] | None = None
) -> None:
    """Raises DatabaseShapeError unless the tables (all, or those named) are as expected."""
    names = {*expected.tables} if tables is None else tables
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_object": lambda thing, name, kind, *_: _matters(thing, name, kind, names),
        },
    )
    differences = [
        *_in_words(compare_metadata(context, expected)),
        *_keys(connection, expected, names),
    ]
    if differences:
        raise DatabaseShapeError(
            "the tables of the database are not as a version of this service made them: "
            + "; ".join(sorted(differences))
        )


def _matters(thing: Any, name: str | None, kind: str, tables: set[str]) -> bool:
    """Indexes are of no account here, and neither are tables of others."""
    if kind == "table":
        return name in tables
    return kind == "column" and thing.table.name in tables


def _in_words(differences: list[Any]) -> Iterator[str]:
    for one in differences:
        match one:
            case ("add_table", table):
                yield f"there is no table {table.name}"
            case ("add_column", _, table, column):
                yield f"{table} has no column {column.name}"
            case ("remove_column", _, table, column):
                yield f"{table} has an unknown column {column.name}"
            case [*changes]:
                # what an existing column is instead; a comment is of no account
                for what, _, table, column, *_ in changes:
                    if what in {"modify_type", "modify_nullable"}:
                        yield f"{table}.{column} has another {what.removeprefix('modify_')}"
            case _:
                pass


def _keys(connection: Connection, expected: MetaData, tables: set[str]) -> Iterator[str]:
    """Primary keys, which Alembic does not compare."""
    inspector = inspect(connection)
    there = {*inspector.get_table_names()}
    for name in sorted(tables & there):
        key = [column.name for column in expected.tables[name].primary_key]
        if inspector.get_pk_constraint(name)["constrained_columns"] != key:
            yield f"{name} has another primary key"
