"""What is kept, how surely, and what is never kept."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from support.postgres import Postgres

from service.errors import SettingsError, StoreError
from service.store import Store

ITEM: dict[str, Any] = {
    "card": "c1",
    "outcome": "accepted",
    "accepted": ("s1", "s2"),
    "reason_code": None,
    "outcome_at": datetime(2026, 11, 20, 10, 0, 0, 500_000, UTC),
}
DECISION: dict[str, Any] = {
    "id": "a1",
    "order": "MedicationRequest/rx1",
    "policy": "payer/policy",
    "effective": "2025-10-01",
    "content": "sha256:0",
    "path": "initial",
    "indication": "ad",
    "outcome": "unknown",
    "awaits": ["attestation"],
    "open": frozenset({"b", "a"}),
    "patient": "p1",
    "evidence": ["Observation/secret"],
}


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store.open(url)
    yield opened
    opened.close()


def rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"select * from {table}"))]  # noqa: S608, SLF001 - SQLAlchemy's name


def recovered(store: Store) -> bool:
    """Whether all can be stored, soon: an answer that fails is given before a slow machine has tried."""
    until = monotonic() + 30
    while store.failures() and monotonic() < until:
        sleep(0.01)
    return not store.failures()


def test_feedback_is_there_for_another_reader_at_once(store: Store, reader: Engine) -> None:
    store.keep_feedback("sign", [ITEM, ITEM])
    first, second = rows(reader, "feedback")
    assert (first["service"], first["card"], first["outcome"]) == ("sign", "c1", "accepted")
    assert json.loads(first["accepted"]) == ["s1", "s2"]
    assert second["received_at"] == first["received_at"]


def test_decisions_are_there_after_closing_with_ids_hashes_and_times_only(
    store: Store, reader: Engine
) -> None:
    store.keep_decisions([DECISION], "sign", "order-sign", 12.3456)
    store.close()
    (row,) = rows(reader, "decisions")
    assert row["order_hash"] == sha256(b"MedicationRequest/rx1").hexdigest()
    assert (row["milliseconds"], row["hook"], row["outcome"]) == (12.346, "order-sign", "unknown")
    assert json.loads(row["open"]) == ["a", "b"]
    kept = json.dumps(row, default=str)
    assert "p1" not in kept
    assert "secret" not in kept
    assert "MedicationRequest" not in kept


def test_a_store_that_was_closed_can_be_used_again(store: Store, reader: Engine) -> None:
    store.close()
    store.keep_decisions([DECISION], "sign", "order-sign", 1.0)
    store.close()
    assert len(rows(reader, "decisions")) == 1


def test_a_decision_that_cannot_be_written_is_counted_and_the_next_is_kept(
    store: Store, reader: Engine
) -> None:
    store.keep_decisions([{"awaits": object()}], "sign", "order-sign", 1.0)
    store.close()
    store.keep_decisions([DECISION], "sign", "order-sign", 1.0)
    store.close()
    assert store.missed == 1
    assert len(rows(reader, "decisions")) == 1


@pytest.fixture
def locked(url: str) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Lets another program hold a lock that no row can be stored behind."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))

    @contextmanager
    def lock() -> Iterator[None]:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("begin immediate")
            else:
                connection.exec_driver_sql("lock table feedback, decisions, checks")
            yield

    yield lock
    engine.dispose()


def test_store_that_can_be_written_to_has_no_failures(store: Store) -> None:
    assert recovered(store)


@pytest.mark.slow
def test_behind_a_lock_feedback_is_refused_and_decisions_are_kept_for_later(
    store: Store, reader: Engine, locked: Callable[[], AbstractContextManager[None]]
) -> None:
    begun = datetime.now(UTC)
    with locked():
        with pytest.raises(StoreError, match=r"feedback cannot be stored: .* has locked it"):
            store.keep_feedback("sign", [ITEM])
        store.keep_decisions([DECISION], "sign", "order-sign", 1.0)
        failure = store.failures()["feedback"]
        assert begun < failure.since < datetime.now(UTC)
        assert "has locked it" in failure.reason
    store.keep_feedback("sign", [ITEM])
    assert recovered(store)
    store.close()
    assert (len(rows(reader, "feedback")), len(rows(reader, "decisions"))) == (1, 1)
    assert (store.missed, rows(reader, "gaps")) == (0, [])


def test_kind_that_cannot_be_stored_is_named_and_the_other_goes_on(
    store: Store, reader: Engine
) -> None:
    with reader.begin() as connection:
        connection.execute(text("alter table feedback rename to elsewhere"))
    with pytest.raises(StoreError, match="feedback cannot be stored"):
        store.keep_feedback("sign", [ITEM])
    assert {*store.failures()} == {"feedback"}
    store.keep_decisions([DECISION], "sign", "order-sign", 1.0)
    with reader.begin() as connection:
        connection.execute(text("alter table elsewhere rename to feedback"))
    store.keep_feedback("sign", [ITEM])
    assert recovered(store)
    store.close()
    assert len(rows(reader, "decisions")) == 1


def test_lost_decisions_are_counted_and_stand_in_the_table_of_gaps(
    store: Store, reader: Engine
) -> None:
    store.keep_decisions([{"awaits": object()}], "sign", "order-sign", 1.0)
    store.keep_decisions([DECISION], "sign", "order-sign", 1.0)
    store.close()
    assert store.missed == 1
    assert len(rows(reader, "decisions")) == 1
    (gap,) = rows(reader, "gaps")
    assert (gap["kind"], gap["missing"]) == ("decisions", 1)


def test_database_that_is_down_at_the_start_is_migrated_when_it_comes_up(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("a file where the folder should be")
    broken = Store.open(f"sqlite:///{tmp_path}/deep/cds.db")
    assert {kind: one.reason for kind, one in broken.failures().items()} == {
        "decisions": "no folder for the database: File exists",
        "feedback": "no folder for the database: File exists",
    }
    with pytest.raises(StoreError, match="feedback cannot be stored: no folder"):
        broken.keep_feedback("sign", [ITEM])
    (tmp_path / "deep").unlink()
    assert recovered(broken)
    broken.keep_feedback("sign", [ITEM])
    broken.close()


def test_decisions_of_a_store_that_is_down_to_the_end_are_counted(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("a file where the folder should be")
    broken = Store.open(f"sqlite:///{tmp_path}/deep/cds.db")
    broken.keep_decisions([DECISION, DECISION], "sign", "order-sign", 1.0)
    broken.close()
    assert broken.missed == 2


@pytest.fixture
def in_file(file: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{file}")
    yield opened
    opened.close()


def test_file_that_was_moved_is_told_and_used_again_once_it_is_back(
    in_file: Store, file: Path
) -> None:
    in_file.keep_feedback("sign", [ITEM])
    in_file.keep_decisions([DECISION], "sign", "order-sign", 1.0)
    file.rename(file.with_name("moved.db"))
    with pytest.raises(StoreError, match=r"feedback cannot be stored: .*moved or deleted"):
        in_file.keep_feedback("sign", [ITEM])
    assert {*in_file.failures()} == {"decisions", "feedback"}
    assert not file.exists()
    file.with_name("moved.db").rename(file)
    in_file.keep_feedback("sign", [ITEM])
    assert recovered(in_file)
    in_file.close()
    engine = create_engine(f"sqlite:///{file}")
    assert (len(rows(engine, "feedback")), len(rows(engine, "decisions"))) == (2, 1)
    engine.dispose()


def test_write_ahead_log_that_was_deleted_is_told(in_file: Store, file: Path) -> None:
    in_file.keep_feedback("sign", [ITEM])
    file.with_name("cds.db-wal").rename(file.with_name("log"))
    with pytest.raises(StoreError, match="of its write-ahead log"):
        in_file.keep_feedback("sign", [ITEM])
    file.with_name("log").rename(file.with_name("cds.db-wal"))
    in_file.keep_feedback("sign", [ITEM])
    assert recovered(in_file)
    # all connections are closed and the log with them: another one is right
    in_file.close()
    in_file.keep_feedback("sign", [ITEM])


def test_database_that_can_only_be_read_is_told(in_file: Store, file: Path) -> None:
    in_file.keep_feedback("sign", [ITEM])
    only_read = Store.open(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(StoreError, match="it can only be read"):
        only_read.keep_feedback("sign", [ITEM])
    assert {*only_read.failures()} == {"decisions", "feedback"}
    only_read.close()


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/db", ""])
def test_a_url_that_names_no_database_stops_the_start_without_echoing_it(url: str) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL") as error:
        Store.open(url)
    assert "host" not in str(error.value)


@pytest.mark.slow
def test_postgresql_that_does_nothing_for_a_while_costs_nobody_more_than_his_patience(
    postgres: Postgres,
) -> None:
    store = Store.open(postgres.fresh())
    store.keep_feedback("sign", [ITEM])
    postgres.suspend()
    try:
        failures = store.failures()
        assert {one.reason for one in failures.values()} == {
            "the database did not answer within 2.5 s"
        }
        with pytest.raises(StoreError, match="did not answer within"):
            store.note_token("a", "first", 100, 50)
    finally:
        postgres.resume()
    store.keep_feedback("sign", [ITEM])
    assert recovered(store)
    store.close()
