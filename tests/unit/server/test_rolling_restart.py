"""At SIGHUP workers are replaced one after the other, or none if what is new is refused; no call fails."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from support.paths import ROOT

SERVE = ROOT / "tests/support/serve_renewals.py"
PATIENCE = 30
PAUSES = (0.0, 0.05, 0.7)  # seconds between the calls of a caller


class WordServer:
    """A server with two workers, and callers who keep their connections."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
        self._folder = folder
        self.process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, SERVE, str(self.port), folder],
            env={**os.environ, "PYTHONPATH": paths},
        )
        self.last: dict[float, str] = {}  # by caller
        self.failed: list[str] = []
        self._ends = Event()
        self._await(self._answers)
        self._callers = [Thread(target=self._call, args=(pause,)) for pause in PAUSES]
        for caller in self._callers:
            caller.start()

    def stop(self) -> None:
        """Ends callers and server."""
        self._ends.set()
        for caller in self._callers:
            caller.join()
        self.process.terminate()
        self.process.wait(PATIENCE)

    def ask_for(self, word: str) -> str:
        """Has the server take up a word; why it was refused, empty if it was not."""
        refused = self._folder / "refused"
        refused.unlink(missing_ok=True)
        (self._folder / "next").write_text(word, encoding="utf-8")
        self.process.send_signal(signal.SIGHUP)
        self._await(refused.is_file)
        sleep(0.1)
        return refused.read_text(encoding="utf-8")

    def await_word(self, word: str) -> None:
        """Waits until every caller gets this word."""
        self._await(lambda: {one.split()[0] for one in self.last.values()} == {word})

    def workers(self) -> set[str]:
        """The processes that answer new connections."""
        return {self._once().split()[1] for _ in range(20)}

    def _await(self, holds: Callable[[], bool]) -> None:
        until = monotonic() + PATIENCE
        while not holds():
            if monotonic() > until:
                raise TimeoutError
            sleep(0.05)

    def _answers(self) -> bool:
        try:
            self._once()
        except OSError:
            return False
        return True

    def _once(self) -> str:
        with closing(self._connected()) as connection:
            return self._answer(connection)

    def _connected(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def _answer(self, connection: HTTPConnection) -> str:
        connection.request("GET", "/")
        answer = connection.getresponse()
        if answer.status != 200:
            raise OSError(answer.status)
        return answer.read().decode()

    def _call(self, pause: float) -> None:
        connection = self._connected()
        while not self._ends.is_set():
            try:
                self.last[pause] = self._answer(connection)
            except Exception as error:  # noqa: BLE001 - whatever it is, a call failed
                self.failed.append(f"{pause}: {error!r}")
                connection.close()
                connection = self._connected()
            sleep(pause)
        connection.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordServer]:
    started = WordServer(tmp_path_factory.mktemp("words"))
    yield started
    started.stop()


@pytest.mark.slow
def test_workers_with_something_new_take_the_place_of_the_old_and_no_call_fails(
    server: WordServer,
) -> None:
    server.await_word("first")
    before = server.workers()
    for word in ("second", "third"):
        assert server.ask_for(word) == ""
        server.await_word(word)
    assert not before & server.workers()
    assert server.failed == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("a.yaml:3: wrong", "a.yaml:3: wrong"),
        ("dies", "the check of the new documents ended without a result"),
        ("other", "another word"),
        ("bug", "the service failed to take them up (ZeroDivisionError)"),
        ("third", ""),
    ],
)
def test_workers_serve_on_if_nothing_new_is_taken_up(
    server: WordServer, word: str, reason: str
) -> None:
    server.await_word("third")
    workers = server.workers()
    assert server.ask_for(word).startswith(reason)
    assert server.workers() & workers
    server.await_word("third")
    assert server.failed == []
