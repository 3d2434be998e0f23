"""The database: made on first use, durable at once, and usable again after it was down or closed."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, inspect, select, text

from service.errors import DatabaseShapeError, RefusedRowsError, SettingsError, StoreError
from service.store.database.transactions import Database
from service.store.tables import cards, metadata, seen_tokens

# tables that a database before Alembic may lack
LATER = (
    "seen_tokens",
    "gaps",
    "checks",
    "shadow_counts",
    "statements",
    "statement_drafts",
    "kept_requests",
    "alembic_version",
)
ROW = {"id": "t1", "call": "c1", "expires_at": 1}


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def in_file(file: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{file}")
    yield opened
    opened.close()


def ids(connection: Connection) -> list[str]:
    return [str(row[0]) for row in connection.execute(text("select id from seen_tokens"))]


def test_folder_and_tables_are_made_on_first_use(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/er/cds.db")
    assert not (tmp_path / "deep").exists()
    assert database.run(ids) == []
    assert (tmp_path / "deep/er/cds.db").exists()
    database.close()


def test_inserted_rows_are_there_for_another_connection(database: Database, url: str) -> None:
    database.insert({seen_tokens: [ROW, {**ROW, "id": "t2"}]})
    other = Database(url)
    assert other.run(ids) == ["t1", "t2"]
    other.close()


@pytest.mark.parametrize("count", [1, 3])
def test_rows_that_the_database_leaves_out_are_not_taken_for_inserted(
    database: Database, reader: Engine, count: int
) -> None:
    rule = {
        "sqlite": "create trigger t before insert on seen_tokens when new.id = 'left out'"
        " begin select raise(ignore); end",
        "postgresql": "create rule t as on insert to seen_tokens where new.id = 'left out'"
        " do instead nothing",
    }
    database.prepare()
    with reader.begin() as connection:
        connection.execute(text(rule[reader.dialect.name]))
    rows = [{**ROW, "id": str(n)} for n in range(1, count)]
    with pytest.raises(StoreError, match="did not keep every row"):
        database.insert({seen_tokens: [*rows, {**ROW, "id": "left out"}]})
    assert database.run(ids) == []


def test_nothing_is_stored_in_a_damaged_file_even_where_another_table_is_whole(
    in_file: Database, file: Path
) -> None:
    in_file.insert({seen_tokens: [ROW]})
    in_file.close()
    with sqlite3.connect(file) as other:
        (page,) = other.execute(
            "select rootpage from sqlite_schema where name = 'cards'"
        ).fetchone()
        (size,) = other.execute("pragma page_size").fetchone()
    other.close()
    with file.open("r+b") as stream:
        stream.seek((page - 1) * size)
        stream.write(b"x" * size)
    with pytest.raises(StoreError, match="damaged"):
        in_file.run(lambda connection: connection.execute(select(cards)).all())
    with pytest.raises(StoreError, match="the database file is damaged; stop the service"):
        in_file.insert({seen_tokens: [{**ROW, "id": "t2"}]})


def test_quick_database_is_the_same_one(database: Database) -> None:
    quick = database.quick()
    quick.insert({seen_tokens: [ROW]})
    assert database.run(ids) == ["t1"]
    quick.close()


def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    database.insert({seen_tokens: [ROW]})
    with pytest.raises(RefusedRowsError, match="the database refused a row"):
        database.insert({seen_tokens: [{**ROW, "id": "t2"}, ROW]})
    assert database.run(ids) == ["t1"]


def test_other_errors_of_the_work_come_through(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(seen_tokens.insert(), [ROW])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(fail)
    assert database.run(ids) == []


def test_closed_database_is_opened_again(database: Database) -> None:
    database.insert({seen_tokens: [ROW]})
    database.close()
    assert database.run(ids) == ["t1"]


def test_database_that_is_down_fails_until_it_comes_up(tmp_path: Path) -> None:
    place = tmp_path / "deep"
    place.write_text("a file where the folder should be", encoding="utf-8")
    database = Database(f"sqlite:///{place}/cds.db")
    with pytest.raises(StoreError, match="no folder for the database"):
        database.insert({seen_tokens: [ROW]})
    place.unlink()
    database.insert({seen_tokens: [ROW]})
    database.close()


@pytest.mark.parametrize("url", ["nonsense", "", "nosuch://host/db"])
def test_url_that_names_no_database_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL") as error:
        Database(url)
    assert "host" not in str(error.value)


def test_tables_that_were_dropped_meanwhile_are_noticed_by_a_new_connection(
    database: Database, reader: Engine
) -> None:
    database.prepare()
    with reader.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    for what in ("have revision 9999", "changed by a newer version"):
        with pytest.raises(DatabaseShapeError, match=what):
            database.run(ids)


def test_tables_of_an_older_copy_that_was_restored_are_migrated(
    database: Database, reader: Engine
) -> None:
    database.insert({seen_tokens: [ROW]})
    with reader.begin() as connection:
        for name in LATER:
            connection.execute(text(f"drop table {name}"))
    for reason in ("tables are not as this version made them", "the tables have revision None"):
        with pytest.raises(StoreError, match=reason):
            database.insert({seen_tokens: [ROW]})
    database.insert({seen_tokens: [ROW]})
    with reader.connect() as connection:
        assert {*inspect(connection).get_table_names()} >= {*metadata.tables}


def test_table_that_is_missing_costs_no_other(database: Database, reader: Engine) -> None:
    database.insert({seen_tokens: [ROW]})
    with reader.begin() as connection:
        connection.execute(text("drop table cards"))
    with pytest.raises(StoreError, match="tables are not as this version made them"):
        database.run(lambda connection: connection.execute(select(cards)))
    assert database.run(ids) == ["t1"]


def test_row_is_not_acknowledged_when_the_file_went_away_meanwhile(
    in_file: Database, file: Path
) -> None:
    def move(connection: Connection) -> None:
        connection.execute(seen_tokens.insert(), [ROW])
        file.rename(file.with_name("moved.db"))

    in_file.prepare()
    with pytest.raises(StoreError, match="moved or deleted"):
        in_file.run(move)
    assert not file.exists()


def test_nothing_is_written_into_a_file_that_took_the_place_of_ours(
    in_file: Database, file: Path
) -> None:
    in_file.insert({seen_tokens: [ROW]})
    file.rename(file.with_name("moved.db"))
    with sqlite3.connect(file) as other:
        other.execute("create table seen_tokens (id)")
    other.close()
    for _ in range(2):
        with pytest.raises(StoreError, match="replaced by another one"):
            in_file.insert({seen_tokens: [{**ROW, "id": "t2"}]})
        in_file.close()
    with sqlite3.connect(file) as other:
        assert other.execute("select count(*) from seen_tokens").fetchall() == [(0,)]
    other.close()


def test_database_in_memory_is_one_for_all_threads_and_leaves_no_file_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database("sqlite://")
    database.insert({seen_tokens: [ROW]})
    with ThreadPoolExecutor(1) as other:
        assert other.submit(database.run, ids).result() == ["t1"]
    quick = database.quick()
    assert quick.run(ids) == ["t1"]
    assert list(tmp_path.iterdir()) == []
    quick.close()
    database.close()
