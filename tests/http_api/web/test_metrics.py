"""Metrics of a whole server: of all its processes, and of workers that were killed."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from support.paths import ROOT
from support.whole_service import whole_service

STORY = (ROOT / "fixtures/p001-initial.json").read_bytes()
LARGE = 300 * 1024  # bytes, so that the second process computes it
CLIENTS = "clients: [{id: local, holds: {record: true}}]\n"
ORDERS = "cds_assessments_total"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with one worker, as an operator starts it."""
    with whole_service(tmp_path_factory.mktemp("watched"), CLIENTS) as port:
        yield f"http://127.0.0.1:{port}"


def signed(url: str, body: bytes = STORY) -> None:
    headers = {"Content-Type": "application/json"}
    urlopen(Request(f"{url}/cds-services/dupilumab-order-sign", body, headers), timeout=60).read()  # noqa: S310


def counted(url: str, name: str) -> float:
    """The sum of all lines of a metric."""
    text = urlopen(f"{url}/metrics", timeout=60).read().decode()  # noqa: S310
    lines = [one for one in text.splitlines() if one.startswith((f"{name}{{", f"{name} "))]
    return sum(float(one.rsplit(" ", 1)[1]) for one in lines)


def await_count(url: str, name: str, count: float) -> None:
    """Waits until a metric has this count: answers are counted once they are sent."""
    until = monotonic() + 60
    found: float | None = None
    while found != count:
        assert monotonic() < until, f"{name} is {found}, not {count}"
        sleep(0.05)
        try:
            found = counted(url, name)
        except (URLError, ConnectionError):
            found = None  # a worker is started again


def worker(port: str) -> int:
    """The process of the worker of a server on a port of this machine."""
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            is_ours = f"CDS_PORT={port}\0".encode() in place.read_bytes()
            children = (place.parent / f"task/{place.parent.name}/children").read_text()
        except OSError:
            continue
        # the server has workers below it, and a worker its second process
        if is_ours and children.split():
            below = int(children.split()[0])
            if Path(f"/proc/{below}/task/{below}/children").read_text().split():
                return below
    raise LookupError(port)


@pytest.mark.slow
def test_counts_of_both_processes_and_of_a_killed_worker_are_there(url: str) -> None:
    signed(url)
    padded = json.dumps({**json.loads(STORY), "extension": "x" * LARGE}).encode()
    signed(url, padded)
    await_count(url, ORDERS, 2)
    assert counted(url, "cds_content_info") == 1
    os.kill(worker(url.rpartition(":")[2]), signal.SIGKILL)
    until = monotonic() + 60
    while monotonic() < until:
        try:
            signed(url)
            break
        except (URLError, ConnectionError):
            sleep(0.05)
    await_count(url, ORDERS, 3)
    await_count(url, "cds_content_info", 1)
