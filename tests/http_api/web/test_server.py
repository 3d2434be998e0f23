"""What only a real server shows: large bodies, chunks, broken HTTP, keep-alive, a fork."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import create_engine, text
from support.fakes import SIGN, hook_request, settings
from support.servers import TYPE, serving

PATH = f"/cds-services/{SIGN}"
MEGABYTE = b" " * 1024 * 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    with serving(folder) as found:
        yield found


@pytest.fixture
def http(port: int) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    yield connection
    connection.close()


def raw(port: int, message: bytes) -> bytes:
    """Sends bytes and reads until the server closes."""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.conforms("HTTP-09")
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", [PATH, "/cds-services/nobody", "/nothing"])
def test_a_body_of_20_megabytes_gets_its_413(
    http: HTTPConnection, path: str, chunked: bool
) -> None:
    body = iter([MEGABYTE] * 20) if chunked else MEGABYTE * 20
    http.request("POST", path, body, TYPE, encode_chunked=chunked)
    answer = http.getresponse()
    assert answer.status == 413
    assert json.loads(answer.read())["resourceType"] == "OperationOutcome"


def test_a_chunked_body_is_read(http: HTTPConnection) -> None:
    body = json.dumps(hook_request()).encode()
    http.request("POST", PATH, iter([body[:50], body[50:]]), TYPE, encode_chunked=True)
    answer = http.getresponse()
    assert answer.status == 200
    assert len(json.loads(answer.read())["cards"]) == 1


def test_one_connection_serves_many_calls_good_and_bad(http: HTTPConnection) -> None:
    for body, status in [
        (json.dumps(hook_request()), 200),
        ("{", 400),
        (json.dumps(hook_request()), 200),
    ]:
        http.request("POST", PATH, body, TYPE)
        answer = http.getresponse()
        answer.read()
        assert answer.status == status


def test_a_doubled_slash_at_the_start_is_tolerated(http: HTTPConnection) -> None:
    http.request("POST", f"/{PATH}", json.dumps(hook_request()), TYPE)
    assert http.getresponse().status == 200


BROKEN = {
    "no HTTP at all": (b"hello\r\n\r\n", b"400"),
    "a bad method": (b"G\x00T / HTTP/1.1\r\n\r\n", b"400"),
    "an overlong line": (b"GET /" + b"x" * 10_000 + b" HTTP/1.1\r\n\r\n", b"414"),
    "an overlong header": (b"GET / HTTP/1.1\r\nA: " + b"x" * 200_000 + b"\r\n\r\n", b"431"),
    "a bad header": (b"GET / HTTP/1.1\r\nA b: c\r\n\r\n", b"400"),
    "a bad chunk": (
        f"POST {PATH} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".encode(),
        b"400",
    ),
    "less body than promised": (
        f"POST {PATH} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{{}}".encode(),
        b"400",
    ),
}


@pytest.mark.conforms("HTTP-10", "HTTP-11", "HTTP-12")
@pytest.mark.parametrize(("message", "status"), BROKEN.values(), ids=BROKEN)
def test_broken_http_is_answered_with_json_and_the_server_goes_on(
    port: int, http: HTTPConnection, message: bytes, status: bytes
) -> None:
    answer = raw(port, message)
    assert answer.split(b" ")[1] == status
    assert b"OperationOutcome" in answer
    assert b"<html" not in answer
    http.request("GET", "/cds-services")
    assert http.getresponse().status == 200


def test_a_token_of_100_kilobytes_gets_its_401(http: HTTPConnection) -> None:
    overlong = {**TYPE, "Authorization": f"Bearer {'x' * 100_000}"}
    http.request("POST", PATH, json.dumps(hook_request()), overlong)
    answer = http.getresponse()
    assert answer.status == 401
    assert "check 'form'" in json.loads(answer.read())["issue"][0]["diagnostics"]


def request_for(patient: str) -> bytes:
    """A whole request."""
    body = hook_request()
    body["context"]["patientId"] = patient
    content = json.dumps(body)
    return f"{POST}Content-Length: {len(content)}\r\n\r\n{content}".encode()


POST = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
# What callers send who then wait, and read nothing: how many of each there are.
SLOW = {
    "nothing": (b"", 300),
    "half a head": (f"{POST}X-Long: ".encode(), 60),
    "part of a body": (f"{POST}Content-Length: 1000000\r\n\r\n{{".encode(), 60),
    "a request with a large answer": (request_for("large"), 30),
    "two requests ahead": (request_for("large") * 2, 30),
}


def test_silent_and_slow_callers_keep_nobody_waiting(port: int, http: HTTPConnection) -> None:
    with ExitStack() as stack:
        for message, count in SLOW.values():
            for _ in range(count):
                slow = stack.enter_context(socket.socket())
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
                slow.connect(("127.0.0.1", port))
                slow.sendall(message)
        # less than the server waits for them
        http.timeout = 15
        for _ in range(5):
            http.request("POST", PATH, json.dumps(hook_request()), TYPE)
            answer = http.getresponse()
            assert answer.status == 200
            answer.read()


def test_decisions_reach_the_store_from_a_forked_worker(http: HTTPConnection, folder: Path) -> None:
    http.request("POST", PATH, json.dumps(hook_request()), TYPE)
    http.getresponse().read()
    engine = create_engine(settings(folder).database_url)
    until, count = monotonic() + 20, 0
    while not count and monotonic() < until:
        with engine.connect() as connection:
            count = connection.execute(text("select count(*) from decisions")).scalar_one()
        sleep(0.05)
    engine.dispose()
    assert count
