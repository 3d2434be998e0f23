"""What is old is deleted and nothing else; a copy is a whole database that the store goes on with."""

import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from support.postgres import Postgres, programs

from service.errors import SettingsError, StoreError
from service.store import Store
from service.store.database import Database
from service.store.retention import BATCH, back_up, older_than, purge
from service.store.tables import cards, decisions, feedback, gaps, kept_requests

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LIMIT = NOW - timedelta(days=400)
DAY = timedelta(days=1)
OLD, RECENT = LIMIT - DAY, LIMIT + DAY


def filled(url: str, old: int, recent: int) -> None:
    """A store with so many decisions, each with a card and feedback, and a gap of each age."""
    moments = [OLD] * old + [RECENT] * recent
    of_all: dict[Any, list[dict[str, Any]]] = {decisions: [], cards: [], feedback: [], gaps: []}
    for n, at in enumerate(moments):
        of_all[decisions].append(
            {
                "id": f"d{n}",
                "at": at,
                "service": "s",
                "hook": "h",
                "awaits": "[]",
                "open": "[]",
                "milliseconds": 1.0,
            }
        )
        of_all[cards].append(
            {"card": f"c{n}", "decision": f"d{n}", "kind": "coverage", "criteria": "[]"}
            | {"suggestions": "{}"}
        )
        of_all[feedback].append(
            {"service": "s", "card": f"c{n}", "outcome": "accepted", "accepted": "[]"}
            | {"outcome_at": at, "received_at": at}
        )
    of_all[gaps] = [
        {"kind": "decisions", "missing": 1, "began_at": OLD - DAY, "ended_at": at, "reason": "r"}
        for at in (OLD, RECENT)
    ]
    database = Database(url)
    database.insert(of_all)
    database.close()


def keep_requests(url: str) -> None:
    """A kept request whose time is over, and one of the next half hour."""
    row = {"content": b"Ada Lovelace", "size": 12}
    now = datetime.now(UTC)
    times = (now, now + timedelta(minutes=30))
    database = Database(url)
    database.insert(
        {kept_requests: [{**row, "id": f"{n}", "expires_at": at} for n, at in enumerate(times)]}
    )
    database.close()


def left(reader: Engine, table: str, column: str = "key") -> list[Any]:
    with reader.connect() as connection:
        return [row[0] for row in connection.execute(text(f"select {column} from {table}"))]  # noqa: S608


def test_rows_older_than_the_moment_are_deleted_and_no_others(url: str, reader: Engine) -> None:
    filled(url, 2, 3)
    of_old = {"feedback": 2, "decisions": 2, "gaps": 1, "kept_requests": 0}
    assert older_than(url, LIMIT) == of_old
    assert len(left(reader, "feedback")) == 5
    assert purge(url, LIMIT) == {**of_old, "cards": 2}
    for table, column in (("decisions", "id"), ("cards", "decision")):
        assert sorted(left(reader, table, column)) == ["d2", "d3", "d4"]
    assert sorted(left(reader, "feedback", "card")) == ["c2", "c3", "c4"]
    assert len(left(reader, "gaps")) == 1
    assert {*purge(url, LIMIT).values()} == {0}


def test_kept_requests_are_deleted_once_they_have_expired_whatever_the_moment(
    url: str, reader: Engine
) -> None:
    keep_requests(url)
    assert older_than(url, LIMIT)["kept_requests"] == 1
    assert purge(url, LIMIT)["kept_requests"] == 1
    assert left(reader, "kept_requests", "id") == ["1"]
    assert purge(url, LIMIT)["kept_requests"] == 0


def test_more_than_a_batch_is_deleted(url: str, reader: Engine) -> None:
    filled(url, 2 * BATCH + 1, 1)
    assert purge(url, LIMIT)["decisions"] == 2 * BATCH + 1
    assert left(reader, "cards", "decision") == [f"d{2 * BATCH + 1}"]


def test_no_database_is_made_to_delete_from(file: Path) -> None:
    with pytest.raises(SettingsError, match="there is no file"):
        purge(f"sqlite:///{file}", LIMIT)
    assert not file.exists()


def test_copy_of_an_open_database_has_every_row_and_the_store_goes_on_with_it(
    file: Path, tmp_path: Path
) -> None:
    url, copy = f"sqlite:///{file}", tmp_path / "copy.db"
    filled(url, 1, 2)
    store = Store.open(url)
    item = {"card": "late", "outcome": "accepted", "accepted": (), "outcome_at": NOW}
    store.keep_feedback("s", [item])
    back_up(url, copy)
    store.keep_feedback("s", [{**item, "card": "later"}])
    store.close()
    for one in (file, *tmp_path.glob("cds.db-*")):
        one.unlink()
    copy.rename(file)  # as docs/how-to/deploy.md says: stop, delete -wal and -shm, put it in place
    again = Store.open(url)
    again.keep_feedback("s", [{**item, "card": "next"}])
    assert again.failures() == {}
    again.close()
    with closing(sqlite3.connect(file)) as connection:
        found = [row[0] for row in connection.execute("select card from feedback order by key")]
    assert found == ["c0", "c1", "c2", "late", "next"]


def test_copy_holds_nothing_of_a_kept_request_and_the_database_still_does(
    file: Path, tmp_path: Path
) -> None:
    filled(f"sqlite:///{file}", 0, 1)
    keep_requests(f"sqlite:///{file}")
    back_up(f"sqlite:///{file}", tmp_path / "copy.db")
    assert b"Ada Lovelace" not in (tmp_path / "copy.db").read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir() if "copy" in one.name) == ["copy.db"]
    with (
        closing(sqlite3.connect(file)) as ours,
        closing(sqlite3.connect(tmp_path / "copy.db")) as copy,
    ):
        asked = "select count(*) from kept_requests", "select count(*) from decisions"
        counts = [[one.execute(ask).fetchone()[0] for ask in asked] for one in (ours, copy)]
    assert counts == [[2, 1], [0, 1]]


def test_database_from_before_that_table_is_copied(file: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(file)) as older:
        older.execute("create table feedback (key integer primary key)")
    back_up(f"sqlite:///{file}", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").is_file()


def test_only_its_owner_reads_a_copy(file: Path, tmp_path: Path) -> None:
    filled(f"sqlite:///{file}", 0, 1)
    back_up(f"sqlite:///{file}", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_copy_never_takes_the_place_of_a_file(file: Path, tmp_path: Path) -> None:
    filled(f"sqlite:///{file}", 0, 1)
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(SettingsError, match="already"):
        back_up(f"sqlite:///{file}", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_file_that_is_no_database_is_not_copied(file: Path, tmp_path: Path) -> None:
    file.write_text("no database")
    with pytest.raises(StoreError, match="not copied"):
        back_up(f"sqlite:///{file}", tmp_path / "copy.db")
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_postgresql_is_left_to_its_own_programs(postgres: Postgres, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="pg_dump"):
        back_up(postgres.fresh(), tmp_path / "copy.db")


def test_dump_of_postgresql_comes_back_with_every_row(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.fresh()
    schema = url.rpartition("%3D")[2]
    filled(url, 1, 2)
    plain = url.partition("&options")[0]
    dump = tmp_path / "cds.sql"
    folder = programs()
    assert folder is not None
    commands: tuple[list[str | Path], ...] = (
        [folder / "pg_dump", "-d", plain, "-n", schema, "-f", dump],
        [folder / "psql", "-q", "-d", plain, "-c", f"drop schema {schema} cascade"],
        [folder / "psql", "-q", "-d", plain, "-v", "ON_ERROR_STOP=1", "-f", dump],
    )
    for command in commands:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - Debian's programs
    store = Store.open(url)
    assert store.failures() == {}
    store.close()
    came_back = {"feedback": 3, "decisions": 3, "gaps": 2, "kept_requests": 0}
    assert older_than(url, NOW) == came_back
