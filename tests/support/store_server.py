"""A real server on a database of the test's choice, whose processes can be killed or limited."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

from support.fakes import SIGN, hook_request
from support.paths import ROOT
from support.servers import SERVE, TYPE

PATH = f"/cds-services/{SIGN}"
FEEDBACK = f"{PATH}/feedback"
CALLERS = 4
# acknowledged before the kill; further ones come while it happens
FIRST = 25


class StoreServer:
    """A server with one worker."""

    def __init__(self, folder: Path, database_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        paths = os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, SERVE, str(self.port), folder],
            env={**os.environ, "PYTHONPATH": paths, "CDS_DATABASE_URL": database_url},
        )
        self.await_status(200, "/health")

    def request(self, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the body of an answer; 0 and nothing if none came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            if body is None:
                connection.request("GET", path)
            else:
                connection.request("POST", path, json.dumps(body), TYPE)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, HTTPException):
            return 0, None
        finally:
            connection.close()

    def sign(self) -> int:
        """The status of an order-sign call."""
        return self.request(PATH, hook_request())[0]

    def feedback(self, card: str) -> int:
        """The status of feedback on a card."""
        item = {
            "card": card,
            "outcome": "overridden",
            "outcomeTimestamp": "2026-11-20T10:00:00Z",
        }
        return self.request(FEEDBACK, {"feedback": [item]})[0]

    def await_status(self, status: int, path: str) -> Any:
        """The body of a page once it has this status."""
        until = monotonic() + 60
        while monotonic() < until:
            found, body = self.request(path)
            if found == status:
                return body
            sleep(0.05)
        raise TimeoutError(f"{path} had no status {status} in time")

    def kill(self) -> None:
        """Kills the server and all its workers at once, as when the power fails."""
        # stopped first, so that it starts no other worker
        self._process.send_signal(signal.SIGSTOP)
        for process in [*self._below(self._process.pid), self._process.pid]:
            os.kill(process, signal.SIGKILL)
        self._process.wait(60)

    def limit_files(self, size: int) -> None:
        """From now on no file of a worker grows beyond so many bytes, as on a disk that is full."""
        for process in self._below(self._process.pid):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def stop(self) -> None:
        """Ends the server in order."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(60)

    def _below(self, process: int) -> list[int]:
        """The processes that a process started, and those that they started."""
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        return [one for child in map(int, text.split()) for one in (child, *self._below(child))]


class Callers:
    """Several callers that send feedback one after the other and note what was acknowledged."""

    def __init__(self, server: StoreServer, name: str) -> None:
        self._server = server
        self._name = name
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
            card = f"{self._name}-{caller}-{n}"
            if self._server.feedback(card) == 200:
                self.acknowledged.append(card)
            if len(self.acknowledged) >= FIRST:
                self._enough.set()


@contextmanager
def serving_store(folder: Path, database_url: str) -> Iterator[StoreServer]:
    """A server that is ended after the test."""
    server = StoreServer(folder, database_url)
    try:
        yield server
    finally:
        server.stop()
