"""Kept requests: read under their id alone, for their time alone, within the bounds of bytes and seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from support.postgres import Postgres

from service.errors import StoreError
from service.store import RequestStore, Store, request_store
from service.store.database.transactions import Database
from service.store.outage import Outage
from service.store.request_store import BATCH, SECONDS, TURN

LIFE, MOST = timedelta(minutes=30), 1_000
RAW = b'{"patient": "na\xc3\xafve \\u0000"}'


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """What the test set."""
        return self.now


@dataclass(frozen=True, slots=True)
class Kept:
    """A store of requests, its clock and its outage."""

    store: RequestStore
    clock: Clock
    outage: Outage


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine costs no request."""
    monkeypatch.setattr(request_store, "SECONDS", 30.0)


@pytest.fixture
def kept(url: str) -> Iterator[Kept]:
    database, clock, outage = Database(url), Clock(), Outage("kept_requests")
    database.prepare()
    yield Kept(store := RequestStore(database, outage, clock), clock, outage)
    store.close()
    database.close()


def rows(reader: Engine) -> list[Any]:
    with reader.connect() as connection:
        return [*connection.execute(text("select * from kept_requests order by key"))]


def keep(store: RequestStore, raw: bytes = RAW, most: int = MOST) -> str:
    id_ = store.keep(raw, LIFE, most)
    assert id_ is not None
    return id_


def test_request_comes_back_under_its_id_and_no_other(kept: Kept) -> None:
    first, second = keep(kept.store), keep(kept.store, b"other")
    assert (kept.store.read(first), kept.store.read(second)) == (RAW, b"other")
    for wrong in ("", "x" * 32, first.swapcase(), f"{first} ", "%", "\udcff\x00"):
        assert kept.store.read(wrong) is None


def test_table_holds_the_hash_of_the_id_alone(kept: Kept, reader: Engine) -> None:
    id_ = keep(kept.store)
    (row,) = rows(reader)
    assert row.id == sha256(id_.encode()).hexdigest()
    assert id_ not in str(row)
    assert kept.store.read(row.id) is None


def test_another_host_reads_it_at_once_and_after_a_restart(kept: Kept, url: str) -> None:
    id_ = keep(kept.store)
    database = Database(url)
    other = RequestStore(database, Outage("kept_requests"), kept.clock)
    assert other.read(id_) == RAW
    other.close()
    database.close()


def kept_soon(store: RequestStore) -> str:
    """The id of a request that is kept as soon as the database is quick enough."""
    until = monotonic() + 30
    while (id_ := store.keep(RAW, LIFE, MOST)) is None:
        assert monotonic() < until
        sleep(0.05)
    return id_


@pytest.mark.parametrize(("minutes", "there"), [(29, True), (30, False)])
def test_request_is_shown_for_its_time_and_deleted_after_it(
    kept: Kept, reader: Engine, minutes: int, there: bool
) -> None:
    id_ = keep(kept.store)
    kept.clock.now += timedelta(minutes=minutes)
    assert (kept.store.read(id_) is not None) == there
    assert kept.store.purge() == len(rows(reader)) == int(there)


def test_more_than_a_batch_is_purged_and_younger_ones_stay(kept: Kept, reader: Engine) -> None:
    for _ in range(2 * BATCH + 1):
        keep(kept.store, b"1")
    kept.clock.now += timedelta(minutes=20)
    young = keep(kept.store)
    kept.clock.now += timedelta(minutes=20)
    assert kept.store.purge() == 1
    assert kept.store.read(young) == RAW
    assert len(rows(reader)) == 1


def test_oldest_go_when_all_together_are_too_large(kept: Kept, reader: Engine) -> None:
    ids = [keep(kept.store, b"x" * 400) for _ in range(4)]
    assert [kept.store.read(one) is not None for one in ids] == [False, False, True, True]
    assert sum(one.size for one in rows(reader)) == 800


def test_service_deletes_what_has_expired_though_no_more_requests_come(
    kept: Kept, reader: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_store, "SECONDS_BETWEEN_PURGES", 0.05)
    keep(kept.store)
    sleep(0.2)  # it goes on after it has found nothing old
    assert len(rows(reader)) == 1
    kept.clock.now += timedelta(minutes=31)
    until = monotonic() + 30
    while rows(reader) and monotonic() < until:
        sleep(0.02)
    assert rows(reader) == []


def test_database_that_is_down_keeps_nothing_and_the_next_one_does_not_ask_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("no folder")
    database, outage = Database(f"sqlite:///{tmp_path}/file/cds.db"), Outage("kept_requests")
    store = RequestStore(database, outage)
    assert store.keep(RAW, LIFE, MOST) is None
    assert outage.failure is not None
    (tmp_path / "file").unlink()
    assert store.keep(RAW, LIFE, MOST) is None
    with pytest.raises(StoreError):
        RequestStore(Database(f"sqlite:///{tmp_path}"), outage).read("x")
    store.close()


def test_nobody_waits_longer_than_the_bound_for_a_server_that_hangs(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, outage = Database(postgres.fresh()), Outage("kept_requests")
    database.prepare()
    monkeypatch.setattr(request_store, "SECONDS", SECONDS)
    store = RequestStore(quick := database.quick(), outage)
    id_ = kept_soon(store)
    postgres.suspend()
    try:
        began = monotonic()
        assert store.keep(RAW, LIFE, MOST) is None
        assert store.keep(RAW, LIFE, MOST) is None  # at once: the first one has just failed
        with pytest.raises(StoreError, match="did not answer"):
            store.read(id_)
        # two calls have waited; the rest is for a slow machine
        assert monotonic() - began < 2 * (TURN + SECONDS) + 2
    finally:
        postgres.resume()
    kept_soon(store)
    assert outage.failure is None
    assert store.read(id_) == RAW
    store.close()
    quick.close()
    database.close()


def test_writer_that_holds_the_table_costs_the_link_and_not_more(kept: Kept, url: str) -> None:
    other = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with other.connect() as connection:
        if other.dialect.name == "sqlite":
            connection.exec_driver_sql("begin immediate")
        else:
            connection.exec_driver_sql("lock table kept_requests in exclusive mode")
        assert kept.store.keep(RAW, LIFE, MOST) is None
    other.dispose()
    assert kept.outage.failure is not None


def test_store_keeps_requests_only_if_it_is_told_so(url: str) -> None:
    without = Store.open(url)
    assert without.requests is None
    without.close()


def test_ready_names_the_table_if_it_takes_no_row(url: str, reader: Engine) -> None:
    opened, without = Store.open(url, keeps_requests=True), Store.open(url)
    try:
        assert opened.requests is not None
        assert opened.failures() == {}
        assert rows(reader) == []
        with reader.begin() as connection:
            connection.execute(text("alter table kept_requests rename to elsewhere"))
        assert opened.requests.keep(RAW, LIFE, MOST) is None
        assert {*opened.failures()} == {"kept_requests"}
        assert without.failures() == {}  # nothing is kept there
    finally:
        opened.close()
        without.close()


def test_what_was_kept_before_it_was_turned_off_is_deleted_all_the_same(
    url: str, reader: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Store.open(url, keeps_requests=True)
    assert before.requests is not None
    assert before.requests.keep(RAW, timedelta(0), MOST)
    before.close()
    monkeypatch.setattr(request_store, "SECONDS_BETWEEN_PURGES", 0.05)
    now = Store.open(url)
    now.watch(lambda _lost: None, lambda _kind, _failure: None)
    until = monotonic() + 30
    while rows(reader) and monotonic() < until:
        sleep(0.02)
    now.close()
    assert rows(reader) == []
