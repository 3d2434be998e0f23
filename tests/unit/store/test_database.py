"""The database: made on first use, durable at once, and usable again after it was down or closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from service.errors import SettingsError, StoreError
from service.store.database import QUICK_PRAGMAS, Database
from service.store.tables import seen_tokens

ROW = {"id": "t1", "call": "c1", "expires_at": 1}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/deep/er/cds.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def ids(connection: Connection) -> list[str]:
    return [str(row[0]) for row in connection.execute(text("select id from seen_tokens"))]


def test_folder_and_tables_are_made_on_first_use(database: Database, tmp_path: Path) -> None:
    assert not (tmp_path / "deep").exists()
    assert database.run(ids) == []
    assert (tmp_path / "deep/er/cds.db").exists()


def test_inserted_rows_are_there_for_another_connection(database: Database, url: str) -> None:
    database.insert(seen_tokens, [ROW, {**ROW, "id": "t2"}])
    other = Database(url)
    assert other.run(ids) == ["t1", "t2"]
    other.close()


def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    database.insert(seen_tokens, [ROW])
    with pytest.raises(StoreError):
        database.insert(seen_tokens, [{**ROW, "id": "t2"}, ROW])
    assert database.run(ids) == ["t1"]


def test_other_errors_of_the_work_come_through(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(seen_tokens.insert(), [ROW])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(fail)
    assert database.run(ids) == []


def test_error_of_the_store_tells_nothing_of_the_row(database: Database) -> None:
    database.insert(seen_tokens, [ROW])
    with pytest.raises(StoreError) as error:
        database.insert(seen_tokens, [ROW])
    assert str(error.value) == "the store did not take it"


@pytest.mark.parametrize(
    ("pragmas", "synchronous", "timeout"), [((), 2, 5000), (QUICK_PRAGMAS, 1, 1000)]
)
def test_write_ahead_log_is_used_and_the_disk_waited_for_as_is_said(
    url: str, pragmas: tuple[str, ...], synchronous: int, timeout: int
) -> None:
    opened = Database(url, pragmas) if pragmas else Database(url)

    def pragma(connection: Connection) -> tuple[object, object, object]:
        names = ("journal_mode", "synchronous", "busy_timeout")
        mode, level, wait = (
            connection.execute(text(f"pragma {name}")).scalar_one() for name in names
        )
        return mode, level, wait

    assert opened.run(pragma) == ("wal", synchronous, timeout)
    opened.close()


def test_closed_database_is_opened_again(database: Database) -> None:
    database.insert(seen_tokens, [ROW])
    database.close()
    assert database.answers()
    assert database.run(ids) == ["t1"]


def test_database_that_is_down_does_not_answer_until_it_comes_up(tmp_path: Path) -> None:
    place = tmp_path / "deep"
    place.write_text("a file where the folder should be", encoding="utf-8")
    database = Database(f"sqlite:///{place}/cds.db")
    assert not database.answers()
    with pytest.raises(StoreError, match="no folder for the database"):
        database.insert(seen_tokens, [ROW])
    place.unlink()
    assert database.answers()
    database.close()


@pytest.mark.parametrize("url", ["nonsense", "", "nosuch://host/db"])
def test_url_that_names_no_database_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL") as error:
        Database(url)
    assert "host" not in str(error.value)


def test_database_in_memory_needs_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database("sqlite://")
    assert database.answers()
    assert list(tmp_path.iterdir()) == []
    database.close()
