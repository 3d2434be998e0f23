"""The service as an operator starts it, in a process of its own, with a clients file of the test."""

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


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def whole_service(folder: Path, clients: str) -> Iterator[int]:
    """Its port; the folder holds its clients file and its store."""
    port = free_port()
    (folder / "clients.yaml").write_text(clients, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "CDS_PORT": str(port),
            "CDS_WORKERS": "1",
            "CDS_CLIENTS": str(folder / "clients.yaml"),
            "CDS_DATABASE_URL": f"sqlite:///{folder}/cds.db",
            "CDS_CACHE_DIR": str(ROOT / "var/cache"),
            "CDS_AS_OF": "2026-11-21",
            "CDS_CPU_SECONDS": "60",
        },
    )
    try:
        _await(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = monotonic() + 60
    while monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.1)
        else:
            return
    pytest.fail("the service did not start")
