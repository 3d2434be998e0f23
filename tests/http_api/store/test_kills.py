"""What was acknowledged is in the database, whatever is killed at whatever moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import create_engine, text
from support.postgres import Postgres
from support.store_server import StoreServer, serving_store

CALLERS = 4
# acknowledged before the kill; further ones come while it happens
FIRST = 25


class Callers:
    """Several callers that send feedback one after the other and note what was acknowledged."""

    def __init__(self, server: StoreServer) -> None:
        self._server = server
        self._pool = ThreadPoolExecutor(CALLERS)
        self._stop = Event()
        self._enough = Event()
        self.acknowledged: list[str] = []
        self._calls = [self._pool.submit(self._call, n) for n in range(CALLERS)]

    def after_some(self) -> None:
        """Waits until some feedback was acknowledged."""
        assert self._enough.wait(60)

    def stop(self) -> None:
        """Lets each end its call."""
        self._stop.set()
        self._pool.shutdown()
        for call in self._calls:
            call.result()

    def _call(self, caller: int) -> None:
        for n in range(10_000):
            if self._stop.is_set():
                return
            card = f"{caller}-{n}"
            if self._server.feedback(card) == 200:
                self.acknowledged.append(card)
            if len(self.acknowledged) >= FIRST:
                self._enough.set()


def cards(url: str) -> list[str]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.execute(text("select card from feedback"))]
    engine.dispose()
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cds.db"
    fresh: str = request.getfixturevalue("postgres").fresh()
    return fresh


@pytest.fixture
def server(tmp_path: Path, url: str) -> Iterator[StoreServer]:
    with serving_store(tmp_path, url) as started:
        yield started


def test_feedback_acknowledged_before_the_service_was_killed_is_there(
    server: StoreServer, url: str
) -> None:
    callers = Callers(server)
    callers.after_some()
    server.kill()
    callers.stop()
    stored = cards(url)
    assert len(callers.acknowledged) >= FIRST
    assert {*callers.acknowledged} <= {*stored}
    assert len(stored) <= len(callers.acknowledged) + CALLERS  # not one more than was being sent


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_feedback_acknowledged_before_postgresql_was_killed_is_there(
    server: StoreServer, url: str, postgres: Postgres
) -> None:
    callers = Callers(server)
    callers.after_some()
    postgres.kill()
    before = [*callers.acknowledged]
    try:
        assert server.feedback("lost") == 503
        # the answer comes all the same, and its decision waits
        assert server.sign() == 200
        body = server.await_status(503, "/ready")
        assert {*body["notStored"]} == {"decisions", "feedback"}
    finally:
        callers.stop()
        postgres.start()
    assert {*before} <= {*callers.acknowledged} <= {*cards(url)}
    assert "lost" not in cards(url)
    assert server.await_status(200, "/ready") == {"ready": True, "decisionsMissed": 0}
    assert server.feedback("after") == 200
    assert "after" in cards(url)
    server.stop()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from decisions")) == 1
    engine.dispose()
