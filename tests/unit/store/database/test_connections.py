"""Connections: which database a URL names, how surely rows are kept and how long is waited."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from service.errors import SettingsError
from service.store.database.connections import (
    DURABLE,
    MIGRATING,
    QUICK,
    Care,
    lasts,
    make_engine,
    read_url,
)
from service.store.database.sqlite_file import SqliteFile


@pytest.fixture
def engine(request: pytest.FixtureRequest, file: Path) -> Iterator[Engine]:
    url = read_url(f"sqlite:///{file}")
    made = make_engine(url, getattr(request, "param", DURABLE), SqliteFile(url))
    yield made
    made.dispose()


def pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(f"pragma {name}"))


@pytest.mark.parametrize(
    ("engine", "synchronous", "timeout"),
    [(DURABLE, 2, 2_000), (QUICK, 1, 400), (MIGRATING, 2, 4_000)],
    indirect=["engine"],
)
def test_sqlite_writes_ahead_and_waits_for_the_disk_and_for_others_as_is_said(
    engine: Engine, synchronous: int, timeout: int
) -> None:
    assert pragma(engine, "journal_mode") == "wal"
    assert pragma(engine, "synchronous") == synchronous
    assert pragma(engine, "busy_timeout") == timeout


@pytest.mark.parametrize("engine", [Care("FULL", lock_ms=1, statement_ms=0)], indirect=True)
def test_transaction_of_sqlite_locks_at_its_beginning_unless_it_only_reads(engine: Engine) -> None:
    with engine.begin():
        with engine.connect().execution_options(only_reads=True) as reader:
            assert reader.scalar(text("select 1")) == 1
        with pytest.raises(OperationalError, match="locked"), engine.begin():
            pass


def test_file_that_was_there_before_is_not_made_anew(file: Path) -> None:
    url = read_url(f"sqlite:///{file}")
    kept = SqliteFile(url)
    engine = make_engine(url, DURABLE, kept)
    with engine.begin() as connection:
        connection.execute(text("create table t (x)"))
    kept.remember()
    engine.dispose()
    file.unlink()
    with pytest.raises(OperationalError, match="unable to open"):
        engine.connect()
    assert not file.exists()


@pytest.mark.parametrize(("set_by_operator", "used"), [("off", "on"), ("local", "local")])
def test_postgresql_waits_for_its_disk_whatever_the_operator_has_set(
    postgres: object, set_by_operator: str, used: str
) -> None:
    url = read_url(postgres.fresh())  # type: ignore[attr-defined]  # support.postgres
    option = f"{url.query['options']} -csynchronous_commit={set_by_operator}"
    engine = make_engine(url.update_query_dict({"options": option}), DURABLE, None)
    with engine.connect() as connection:
        found = [
            connection.scalar(text(f"show {name}"))
            for name in ("synchronous_commit", "lock_timeout", "statement_timeout")
        ]
    engine.dispose()
    assert found == [used, "2s", "4s"]


@pytest.mark.parametrize("url", ["nonsense", "", "postgresql+psycopg://u:SECRET@host:port/db"])
def test_what_is_no_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL: not a URL"):
        read_url(url)


def test_database_without_a_driver_is_refused_without_its_host() -> None:
    with pytest.raises(SettingsError, match="no driver for nosuch") as error:
        make_engine(read_url("nosuch://host/db"), DURABLE, None)
    assert "host" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("sqlite://", False), ("sqlite:///cds.db", True), ("postgresql://db/cds", True)],
)
def test_database_in_memory_does_not_last(url: str, *, expected: bool) -> None:
    assert lasts(url) is expected
