"""What was acknowledged is in the database, whatever is killed at whatever moment: PostgreSQL.

With SQLite: test_outages.py, which has a server on it already.
"""

from collections.abc import Iterator
from threading import Timer
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, create_engine, text
from support.postgres import Postgres
from support.store_server import FIRST, Callers, StoreServer, serving_store


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    return postgres.fresh()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, url: str) -> Iterator[StoreServer]:
    with serving_store(tmp_path_factory.mktemp("kills"), url) as started:
        yield started


@pytest.fixture(scope="module")
def reader(url: str) -> Iterator[Engine]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), pool_pre_ping=True)
    yield engine
    engine.dispose()


def decisions(reader: Engine) -> int:
    with reader.connect() as connection:
        return int(connection.scalar(text("select count(*) from decisions")) or 0)


def cards(reader: Engine) -> set[str]:
    with reader.connect() as connection:
        return {str(row[0]) for row in connection.execute(text("select card from feedback"))}


def test_feedback_acknowledged_before_postgresql_was_killed_is_there(
    server: StoreServer, reader: Engine, postgres: Postgres
) -> None:
    callers = Callers(server, "first")
    callers.after_some()
    postgres.kill()
    try:
        assert server.feedback("lost") == 503
        # the answer comes all the same, and its decision waits
        assert server.sign() == 200
        body = server.await_status(503, "/ready")
        assert {*body["notStored"]} == {"decisions", "feedback"}
    finally:
        callers.stop()
        postgres.start()
    assert {*callers.acknowledged} <= cards(reader)
    assert server.feedback("after") == 200
    assert server.await_status(200, "/ready") == {"ready": True, "decisionsMissed": 0}


def test_feedback_waits_for_a_database_that_starts_again(
    server: StoreServer, reader: Engine, postgres: Postgres
) -> None:
    assert server.feedback("before-restart") == 200
    postgres.kill()
    start = Timer(0.5, postgres.start)
    start.start()
    try:
        assert server.feedback("during-restart") == 200
    finally:
        start.join()
    assert "during-restart" in cards(reader)
    assert "after" in cards(reader)
    assert "lost" not in cards(reader)
    # a decision is written after its answer, and again once the database is back
    until = monotonic() + 20
    while decisions(reader) != 1 and monotonic() < until:
        sleep(0.1)
    assert decisions(reader) == 1


def test_feedback_acknowledged_before_the_service_was_killed_is_there(
    server: StoreServer, reader: Engine
) -> None:
    callers = Callers(server, "second")
    callers.after_some()
    server.kill()
    callers.stop()
    assert len(callers.acknowledged) >= FIRST
    assert {*callers.acknowledged} <= cards(reader)
