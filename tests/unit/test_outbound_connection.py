"""An outbound call that can be cut, from any thread and before or while it is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server, socket
from threading import Event, Thread

import pytest
import requests

from service.outbound_connection import CuttableAdapter, CuttableConnection

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """A server on this machine that answers, or says nothing once it was asked."""

    def __init__(self, *, answers: bool) -> None:
        self.answers = answers
        self.asked = Event()
        self.connections: list[socket] = []
        self._listener = create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket) -> None:
        try:
            while connection.recv(65536):
                if self.answers:
                    connection.sendall(ANSWER)
                self.asked.set()
        except OSError:
            return

    def close(self) -> None:
        """Ends all connections."""
        self._listener.close()
        for connection in self.connections:
            connection.close()


@contextmanager
def serving(*, answers: bool) -> Iterator[Server]:
    server = Server(answers=answers)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A session whose connections can be cut."""
    opened = requests.Session()
    opened.trust_env = False
    opened.mount("http://", CuttableAdapter(1))
    yield opened
    opened.close()


def test_call_that_is_not_cut_is_answered(session: requests.Session) -> None:
    wire = CuttableConnection()
    with serving(answers=True) as server, wire.held():
        assert session.get(server.url, timeout=30).text == "ok"
    assert not wire.is_cut


def test_call_that_waits_ends_when_another_thread_cuts_it(session: requests.Session) -> None:
    wire = CuttableConnection()
    with serving(answers=False) as server:

        def cut() -> None:
            server.asked.wait(30)
            wire.cut()

        Thread(target=cut, daemon=True).start()
        with pytest.raises(requests.RequestException), wire.held():
            session.get(server.url, timeout=30)
    assert wire.is_cut


def test_call_that_waits_ends_when_its_time_is_over(session: requests.Session) -> None:
    wire = CuttableConnection()
    with serving(answers=False) as server:
        with pytest.raises(requests.RequestException), wire.cut_after(0.05):
            session.get(server.url, timeout=30)
        assert wire.is_cut


def test_time_that_is_not_over_cuts_nothing(session: requests.Session) -> None:
    wire = CuttableConnection()
    with serving(answers=True) as server, wire.cut_after(30):
        assert session.get(server.url, timeout=30).text == "ok"
    assert not wire.is_cut


def test_call_that_begins_after_the_cut_fails_at_once(session: requests.Session) -> None:
    wire = CuttableConnection()
    wire.cut()
    with serving(answers=True) as server:
        with pytest.raises((requests.RequestException, TimeoutError)), wire.held():
            session.get(server.url, timeout=30)
        assert not server.asked.is_set()


def test_cut_ends_its_own_call_only(session: requests.Session) -> None:
    first, second = CuttableConnection(), CuttableConnection()
    with serving(answers=True) as server:
        with first.held():
            session.get(server.url, timeout=30)
        # the connection is kept open and serves the next call
        with second.held():
            first.cut()
            assert session.get(server.url, timeout=30).text == "ok"
        assert len(server.connections) == 1
    assert not second.is_cut


def test_cut_spares_a_connection_that_serves_another_call_by_now(
    session: requests.Session,
) -> None:
    first, answers = CuttableConnection(), list[str]()

    def call() -> None:
        with CuttableConnection().held():
            answers.append(session.get(server.url, timeout=30).text)

    with serving(answers=True) as server, first.held():
        session.get(server.url, timeout=30)
        server.asked.wait(30)
        server.asked.clear()
        server.answers = False
        other = Thread(target=call)
        other.start()
        assert server.asked.wait(30)
        first.cut()
        (connection,) = server.connections
        connection.sendall(ANSWER)
        other.join(30)
    assert answers == ["ok"]
