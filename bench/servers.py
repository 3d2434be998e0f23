"""Starts a server for a measurement, tells what CPU it took, and ends it again."""

import os
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
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    command: list[str],
    port: int,
    environment: Mapping[str, str],
    patience: float = PATIENCE,
    log: Path = Path(os.devnull),
) -> Iterator[int]:
    """The server's process id, from its first answer (within `patience` seconds) until the block ends."""
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=dict(environment), stderr=errors, stdout=subprocess.DEVNULL
        )
    try:
        _await(process, port, patience)
        yield process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process and its workers have taken (Linux)."""
    spent = 0
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = one.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(one.parent.name) == pid or int(fields[1]) == pid:
            spent += int(fields[11]) + int(fields[12])
    return spent / _TICKS


def _await(process: subprocess.Popen[bytes], port: int, patience: float) -> None:
    until = monotonic() + patience
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
