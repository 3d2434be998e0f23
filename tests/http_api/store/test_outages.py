"""A real server whose database fails: cards come, feedback is refused, `/ready` says what and since when."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from support.store_server import FIRST, Callers, StoreServer, serving_store


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def file(folder: Path) -> Path:
    return folder / "cds.db"


@pytest.fixture(scope="module")
def server(folder: Path, file: Path) -> Iterator[StoreServer]:
    with serving_store(folder, f"sqlite:///{file}") as started:
        yield started


def query(file: Path, statement: str) -> list[str]:
    with sqlite3.connect(file) as connection:
        found = [str(row[0]) for row in connection.execute(statement)]
    connection.close()
    return found


def assert_fails(server: StoreServer, reason: str) -> None:
    """Cards come, feedback does not, and the page says why."""
    before = datetime.now(UTC).replace(microsecond=0)
    assert server.feedback("lost") == 503
    assert [server.sign() for _ in range(5)] == [200] * 5
    body: Any = server.await_status(503, "/ready")
    assert body["ready"] is False
    failure = body["notStored"]["feedback"]
    assert reason in failure["reason"]
    assert before <= datetime.fromisoformat(failure["since"]) <= datetime.now(UTC)


def assert_works(server: StoreServer, file: Path, card: str) -> None:
    """Feedback is stored at once, in the file that is there, and the page says so."""
    assert server.feedback(card) == 200
    assert server.await_status(200, "/ready") == {"ready": True, "decisionsMissed": 0}
    stored = query(file, "select card from feedback")
    assert card in stored
    assert "lost" not in stored


def test_file_that_was_moved(server: StoreServer, file: Path) -> None:
    assert_works(server, file, "before-move")
    file.rename(file.with_name("moved.db"))
    assert_fails(server, "moved or deleted")
    assert not file.exists()
    file.with_name("moved.db").rename(file)
    assert_works(server, file, "after-move")


def test_file_that_was_replaced_by_a_copy(server: StoreServer, file: Path) -> None:
    copy = file.with_name("copy.db")
    shutil.copy(file, copy)
    file.rename(file.with_name("moved.db"))
    copy.rename(file)
    assert_fails(server, "replaced by another one")
    file.with_name("moved.db").rename(file)
    assert_works(server, file, "after-replacement")


def test_file_that_another_process_has_locked(server: StoreServer, file: Path) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("begin exclusive")
    assert_fails(server, "another process has locked it")
    connection.execute("rollback")
    connection.close()
    assert_works(server, file, "after-lock")


def test_disk_that_is_full(server: StoreServer, file: Path) -> None:
    server.limit_files(4_096)
    assert_fails(server, "the disk f")  # is full, or failed: SQLite's name depends on the system
    server.limit_files(1 << 40)
    assert_works(server, file, "after-full-disk")


def test_no_decision_was_lost_in_all_this_and_no_feedback_when_the_service_is_killed(
    server: StoreServer, file: Path
) -> None:
    until = monotonic() + 90  # a busy machine writes late; what is lost never comes
    while len(query(file, "select id from decisions")) < 20:
        assert monotonic() < until
        sleep(0.05)
    callers = Callers(server, "killed")
    callers.after_some()
    server.kill()
    callers.stop()
    stored = {*query(file, "select card from feedback")}
    assert query(file, "select key from gaps") == []
    assert len(callers.acknowledged) >= FIRST
    assert {*callers.acknowledged} <= stored
