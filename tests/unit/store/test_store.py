"""What is kept, how surely, and what is never kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, text

from service.errors import SettingsError, StoreError
from service.store import Store
from service.store.writer import Writer

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


def test_sqlite_writes_ahead(store: Store, reader: Engine) -> None:
    assert store.ready()
    with reader.connect() as connection:
        assert connection.execute(text("pragma journal_mode")).scalar_one() == "wal"


@pytest.fixture
def broken(tmp_path: Path) -> Store:
    (tmp_path / "deep").write_text("a file where the folder should be")
    return Store.open(f"sqlite:///{tmp_path}/deep/cds.db")


def test_a_store_that_is_down_says_so_and_refuses_feedback(broken: Store) -> None:
    assert not broken.ready()
    with pytest.raises(StoreError):
        broken.keep_feedback("sign", [ITEM])


def test_a_store_that_is_down_counts_what_it_misses(broken: Store) -> None:
    broken.keep_decisions([DECISION, DECISION], "sign", "order-sign", 1.0)
    broken.close()
    assert broken.missed == 2


def test_a_store_that_comes_up_is_used_from_then_on(broken: Store, tmp_path: Path) -> None:
    (tmp_path / "deep").unlink()
    broken.keep_feedback("sign", [ITEM])
    assert broken.ready()
    broken.close()


def test_decision_is_dropped_when_the_queue_is_full() -> None:
    begun, go_on, written = Event(), Event(), list[int]()

    def write(batch: Any) -> None:
        begun.set()
        go_on.wait(30)
        written.extend(batch)

    writer = Writer[int](write, capacity=2)
    writer.add([1])
    assert begun.wait(30)
    writer.add([2, 3, 4, 5])
    assert writer.missed == 2
    go_on.set()
    writer.close()
    assert written == [1, 2, 3]


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/db", ""])
def test_a_url_that_names_no_database_stops_the_start_without_echoing_it(url: str) -> None:
    with pytest.raises(SettingsError, match="CDS_DATABASE_URL"):
        Store.open(url)
