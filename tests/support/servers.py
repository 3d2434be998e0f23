"""A real server with the fakes, in a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from support.paths import ROOT

SERVE = Path(__file__).parent / "serve_fakes.py"
TYPE = {"Content-Type": "application/json"}


@contextmanager
def serving(folder: Path, *, seconds: float | None = None) -> Iterator[int]:
    """The port of a server; `seconds` is how long it waits for a head and for a body."""
    with started(folder, seconds=seconds) as (_, port):
        yield port


@contextmanager
def started(
    folder: Path, *, seconds: float | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The process of a server and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    patience = [] if seconds is None else [str(seconds)]
    # the script imports its neighbours as tests do, from tests/
    paths = os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, SERVE, str(port), folder, *patience],
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        _await(port)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    pytest.fail("the server did not start")
