"""Databases of earlier versions are migrated with all rows; unknown ones are refused and not touched."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect, text
from support.paths import ROOT

from service.errors import DatabaseShapeError
from service.store import Store
from service.store.database.connections import MIGRATING, make_engine, read_url
from service.store.database.migrate import bring_up_to_date, revision_of
from service.store.database.sqlite_file import SqliteFile
from service.store.tables import REVISION, metadata

OLD = ROOT / "tests/support/old_stores"
SHAPES = sorted({one.name.split(".")[0] for one in OLD.glob("*.sql")})
TABLES = {*metadata.tables, "alembic_version"}
OLD_ROWS = (
    (
        "insert into feedback (service, card, outcome, accepted, outcome_at, received_at) values"
        " ('sign', 'c1', 'accepted', '[]', '2026-11-20 10:00:00', '2026-11-20 10:00:00')"
    ),
    (
        "insert into decisions (id, at, service, hook, awaits, open, milliseconds) values"
        " ('d1', '2026-11-20 10:00:00', 'sign', 'order-sign', '[]', '[]', 1.5)"
    ),
)


def execute(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for one in statements:
            connection.exec_driver_sql(one)


@pytest.fixture
def reader(reader: Engine, tmp_path: Path) -> Engine:
    (tmp_path / "deep/er").mkdir(parents=True)
    return reader


@pytest.fixture
def old(request: pytest.FixtureRequest, reader: Engine) -> Engine:
    """A database as some earlier version made it, with rows."""
    script = (OLD / f"{request.param}.{reader.dialect.name}.sql").read_text(encoding="utf-8")
    execute(reader, *filter(str.strip, script.split(";")), *OLD_ROWS)
    return reader


def rows(connection: Connection, table: str) -> int:
    return int(connection.scalar(text(f"select count(*) from {table}")) or 0)  # noqa: S608 - ours


def tables(engine: Engine) -> dict[str, list[str]]:
    inspector = inspect(engine)
    return {
        name: [column["name"] for column in inspector.get_columns(name)]
        for name in inspector.get_table_names()
    }


def assert_current(engine: Engine) -> None:
    assert {*tables(engine)} >= TABLES
    with engine.connect() as connection:
        assert revision_of(connection) == REVISION


def test_new_database_gets_all_tables(url: str, reader: Engine) -> None:
    Store.open(url).close()
    assert_current(reader)


@pytest.mark.parametrize("old", SHAPES, indirect=True)
def test_database_of_an_earlier_version_is_migrated_with_its_rows(url: str, old: Engine) -> None:
    Store.open(url).close()
    assert_current(old)
    with old.connect() as connection:
        assert (rows(connection, "feedback"), rows(connection, "decisions")) == (1, 1)


@pytest.mark.parametrize("old", ["5_before_alembic"], indirect=True)
def test_table_that_was_never_made_is_added(url: str, old: Engine) -> None:
    execute(old, "drop table feedback")
    Store.open(url).close()
    assert_current(old)


CHANGES = {
    "alter table decisions add column extra text": "decisions has an unknown column extra",
    "alter table feedback drop column comment": "feedback has no column comment",
    "alter table decisions rename column open to opened": "decisions has no column open",
    "drop table cards; create table cards (card text)": "cards has no column criteria",
    "drop table seen_tokens; create table seen_tokens (id varchar(64) not null, call varchar(64)"
    " not null, expires_at bigint not null)": "seen_tokens has another primary key",
    "drop table seen_tokens; create table seen_tokens (id varchar(64) not null primary key,"
    " call varchar(64), expires_at bigint not null)": "seen_tokens.call has another nullable",
    "drop table seen_tokens; create table seen_tokens (id varchar(64) not null primary key,"
    " call varchar(64) not null, expires_at text not null)": "seen_tokens.expires_at has another type",
    "create table gaps (key integer)": "the table gaps, but does not say which revision",
}


@pytest.mark.parametrize("old", ["5_before_alembic"], indirect=True)
@pytest.mark.parametrize("change", CHANGES)
def test_unknown_shape_is_refused_and_not_touched(url: str, old: Engine, change: str) -> None:
    execute(old, *change.split(";"))
    before = tables(old)
    with pytest.raises(DatabaseShapeError, match=CHANGES[change]) as refusal:
        Store.open(url)
    assert str(refusal.value).startswith("CDS_DATABASE_URL: ")
    assert tables(old) == before


def test_shape_is_looked_at_behind_the_right_revision_too(url: str, reader: Engine) -> None:
    Store.open(url).close()
    execute(reader, "alter table decisions drop column milliseconds")
    with pytest.raises(DatabaseShapeError, match="decisions has no column milliseconds"):
        Store.open(url)


def test_newer_revision_is_refused_with_both_numbers(url: str, reader: Engine) -> None:
    Store.open(url).close()
    execute(reader, "update alembic_version set version_num = '0042'")
    with pytest.raises(DatabaseShapeError, match=f"0042.*{REVISION}"):
        Store.open(url)


def test_what_an_operator_added_beside_our_tables_is_let_be(url: str, reader: Engine) -> None:
    Store.open(url).close()
    execute(
        reader,
        "create table notes (text text)",
        "create index decisions_by_outcome on decisions (outcome)",
        "create view today as select * from decisions",
    )
    Store.open(url).close()
    assert "notes" in tables(reader)


def test_file_of_another_program_is_refused(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("create table moz_places (id integer)")
    connection.close()
    with pytest.raises(DatabaseShapeError, match=r"not one of this service: .*moz_places"):
        Store.open(f"sqlite:///{file}")


def test_file_that_is_no_database_is_refused(file: Path) -> None:
    file.write_text("a letter, not a database\n" * 100, encoding="utf-8")
    with pytest.raises(DatabaseShapeError, match="its file is damaged or no database"):
        Store.open(f"sqlite:///{file}")
    assert file.read_text(encoding="utf-8").startswith("a letter")


# forks processes that open the store at the same time, and says how each ended
OPENS = """
import logging, os, sys
from service.store import Store
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
gate, opened = os.pipe()
children = []
for _ in range(4):
    if not (child := os.fork()):
        os.close(opened)
        os.read(gate, 1)
        Store.open(sys.argv[1]).close()
        sys.stdout.flush()
        os._exit(0)
    children.append(child)
os.close(opened)
print("ends", [os.waitpid(child, 0)[1] for child in children])
"""


@pytest.mark.slow
@pytest.mark.parametrize("old", ["1_decisions_and_feedback"], indirect=True)
def test_of_several_starts_at_once_one_migrates(url: str, old: Engine) -> None:
    command = [sys.executable, "-c", OPENS, url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    assert "ends [0, 0, 0, 0]" in done.stdout
    assert done.stdout.count(f"tables changed from revision none to {REVISION}") == 1
    assert_current(old)


def test_database_that_needs_no_change_is_only_read(file: Path) -> None:
    url = f"sqlite:///{file}"
    Store.open(url).close()
    parsed = read_url(url)
    engine = make_engine(parsed, MIGRATING, SqliteFile(parsed))
    with engine.begin():  # a lock that another process holds
        bring_up_to_date(engine)
    engine.dispose()
