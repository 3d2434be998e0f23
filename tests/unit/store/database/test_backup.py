"""A copy is a whole database that the store goes on with."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from support.old_rows import NOW, filled, keep_requests
from support.postgres import Postgres, programs

from service.errors import SettingsError, StoreError
from service.store import Store
from service.store.database.backup import back_up
from service.store.retention import older_than


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
