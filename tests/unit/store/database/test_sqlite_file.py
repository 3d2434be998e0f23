"""The file of a SQLite database stays the one that was prepared."""

import os
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from service.errors import StoreError
from service.store.database.sqlite_file import SqliteFile, is_in_memory


@pytest.fixture
def kept(file: Path) -> SqliteFile:
    """A file that was remembered."""
    file.write_text("rows", encoding="utf-8")
    found = SqliteFile(make_url(f"sqlite:///{file}"))
    found.remember()
    return found


def test_any_file_will_do_before_one_is_remembered(file: Path) -> None:
    found = SqliteFile(make_url(f"sqlite:///{file}"))
    found.check()
    assert found.name_to_open is None


def test_file_that_is_still_there_is_right(kept: SqliteFile) -> None:
    kept.check()


def test_file_that_was_moved_is_right_once_it_is_back(kept: SqliteFile, file: Path) -> None:
    file.rename(file.with_name("moved.db"))
    with pytest.raises(StoreError, match="moved or deleted"):
        kept.check()
    file.with_name("moved.db").rename(file)
    kept.check()


def test_another_file_in_its_place_is_not_right(kept: SqliteFile, file: Path) -> None:
    other = file.with_name("other.db")
    other.write_text("rows", encoding="utf-8")
    first = file.with_name("first.db")
    file.rename(first)
    other.rename(file)
    with pytest.raises(StoreError, match="replaced by another one"):
        kept.check()
    kept.remember()  # what is remembered once stays
    with pytest.raises(StoreError, match="replaced by another one"):
        kept.check()
    first.rename(file)
    kept.check()


def test_folder_that_is_another_one_now_is_noticed(kept: SqliteFile, file: Path) -> None:
    folder = file.parent
    folder.rename(folder.with_name("elsewhere"))
    folder.mkdir()
    with pytest.raises(StoreError, match="moved or deleted"):
        kept.check()
    folder.rmdir()
    folder.with_name("elsewhere").rename(folder)
    kept.check()


def test_emptied_file_is_not_right(kept: SqliteFile, file: Path) -> None:
    os.truncate(file, 0)
    with pytest.raises(StoreError, match="emptied"):
        kept.check()


def test_folder_that_is_a_file_is_out_of_reach(kept: SqliteFile, file: Path) -> None:
    folder = file.parent
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError, match="out of reach: Not a directory"):
        kept.check()
    folder.unlink()
    folder.with_name("elsewhere").rename(folder)


def test_remembered_file_is_opened_but_never_made(kept: SqliteFile, file: Path) -> None:
    assert kept.name_to_open == f"file:{file}?mode=rw"


@pytest.mark.parametrize("end", ["-wal", "-shm"])
def test_log_must_stay_the_same_while_a_connection_is_open(
    kept: SqliteFile, file: Path, end: str
) -> None:
    beside = [file.with_name(f"cds.db{one}") for one in ("-wal", "-shm")]
    for one in beside:
        one.write_text("rows", encoding="utf-8")
    kept.opened()
    kept.check()
    log, moved = file.with_name(f"cds.db{end}"), file.with_name("moved")
    log.rename(moved)
    with pytest.raises(StoreError, match="write-ahead log"):
        kept.check()
    log.write_text("another", encoding="utf-8")
    with pytest.raises(StoreError, match="write-ahead log"):
        kept.check()
    moved.rename(log)
    kept.check()
    log.unlink()
    kept.closed()
    kept.opened()
    kept.check()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////data/cds.db", "/data/cds.db"),
        ("sqlite:///file:/data/a%2520b.db?uri=true", "/data/a b.db"),
        ("sqlite+pysqlite:////data/cds.db?timeout=3", "/data/cds.db"),
    ],
)
def test_path_of_a_url(url: str, path: str) -> None:
    assert SqliteFile(make_url(url)).path == Path(path)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:x?mode=memory&uri=true",
    ],
)
def test_database_in_memory_has_no_file(url: str) -> None:
    assert is_in_memory(make_url(url))
    with pytest.raises(ValueError, match="has no file"):
        SqliteFile(make_url(url))
    assert not is_in_memory(make_url("sqlite:///cds.db"))
