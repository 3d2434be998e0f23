"""A sender that lets a byte fall now and then: it holds a thread for a while, and no longer."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from select import select

import pytest
from support.fakes import SIGN, hook_request
from support.servers import TYPE, serving

from service.server.gunicorn import THREADS

PATH = f"/cds-services/{SIGN}"
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
# how a message begins; what it promises would take minutes at the pace of `drip`
BEGINNINGS = {
    "a body": f"{HEAD}Content-Length: 9000\r\n\r\n",
    "a chunk": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n2000\r\n",
    "a chunk's length": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n",
    "a header": f"{HEAD}X-Long: ",
    "the first line": "POST /",
}
DROPS = 300
EVERY = 0.1


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serving(tmp_path_factory.mktemp("dripping"), seconds=1) as found:
        yield found


def connected(port: int, beginning: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), 30)
    connection.sendall(beginning.encode())
    return connection


def drip(connections: list[socket.socket]) -> None:
    """Lets bytes fall until the server has something to say to each; fails where it listens to all."""
    waiting = set(connections)
    for _ in range(DROPS):
        waiting -= set(select(waiting, [], [], EVERY)[0])
        if not waiting:
            return
        for connection in waiting:
            connection.sendall(b"1")
    pytest.fail("the server listened on")


@pytest.mark.parametrize("beginning", ["a body", "a chunk"])
def test_a_dripping_body_gets_a_408(port: int, beginning: str) -> None:
    with connected(port, BEGINNINGS[beginning]) as connection:
        drip([connection])
        answer = HTTPResponse(connection)
        answer.begin()
        assert answer.status == 408
        assert json.loads(answer.read())["issue"][0]["code"] == "timeout"


@pytest.mark.parametrize("beginning", ["a chunk's length", "a header", "the first line"])
def test_slow_request_is_cut_off(port: int, beginning: str) -> None:
    with connected(port, BEGINNINGS[beginning]) as connection:
        drip([connection])


def test_many_slow_requests_do_not_block_others(port: int) -> None:
    with ExitStack() as stack:
        drippers = [
            stack.enter_context(connected(port, BEGINNINGS["a header"])) for _ in range(2 * THREADS)
        ]
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        stack.callback(connection.close)
        connection.request("POST", PATH, json.dumps(hook_request()), TYPE)
        drip(drippers)
        assert connection.getresponse().status == 200
