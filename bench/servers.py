"""Starts a server for a measurement and ends it again."""

import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

BENCH = Path(__file__).resolve().parent
WORKERS = "2"
PATIENCE = 30.0


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[None]:
    """The server, from its first answer until the block ends."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=dict(environment), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        _await(process, port)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            sleep(0.1)
        finally:
            connection.close()
    raise SystemExit(f"no server at port {port}: {process.args!r}")
