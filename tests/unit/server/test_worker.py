"""What a caller gets whose message never reached the application."""

import json
import logging
from collections.abc import Iterator
from socket import socket, socketpair
from typing import Any

import pytest
from gunicorn.glogging import Logger
from gunicorn.http import errors

from service.server.gunicorn import Server, server_options
from service.server.worker import Worker

SECRET = "patient-4711"  # noqa: S105 - a mark to be looked for


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that was not started."""
    cfg = Server(None, server_options("127.0.0.1:0", 1)).cfg
    made = Worker(1, 1, [], None, 30, cfg, Logger(cfg))
    yield made
    made.tmp.close()


@pytest.fixture
def connection() -> Iterator[tuple[socket, socket]]:
    """Our end and the caller's."""
    ours, theirs = socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def answered(worker: Worker, pair: tuple[socket, socket], error: BaseException) -> tuple[str, Any]:
    """The status line, and the body as JSON."""
    ours, theirs = pair
    worker.handle_error(None, ours, ("192.0.2.7", 1), error)
    head, _, body = theirs.recv(65536).decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert headers["Content-Length"] == str(len(body.encode()))
    assert headers["Connection"] == "close"
    outcome = json.loads(body)
    assert headers["X-Request-Id"] in outcome["issue"][0]["diagnostics"]
    assert SECRET not in head + body
    return lines[0], outcome["issue"][0]["code"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.InvalidRequestLine(SECRET), "400 Bad Request", "structure"),
        (errors.InvalidHeader(SECRET), "400 Bad Request", "structure"),
        (errors.LimitRequestLine(9000, 8190), "414 ", "structure"),
        (errors.LimitRequestHeaders(SECRET), "431 Request Header Fields Too Large", "structure"),
        (errors.ForbiddenProxyRequest("192.0.2.7"), "403 Forbidden", "structure"),
        (ConnectionResetError(), "400 Bad Request", "structure"),
        (ZeroDivisionError(SECRET), "500 Internal Server Error", "exception"),
    ],
)
def test_broken_message_gets_an_operation_outcome_with_its_status(
    worker: Worker,
    connection: tuple[socket, socket],
    error: BaseException,
    status: str,
    code: str,
) -> None:
    line, found = answered(worker, connection, error)
    assert line.startswith(f"HTTP/1.1 {status}")
    assert found == code


def test_message_is_not_repeated_in_the_log(
    worker: Worker, connection: tuple[socket, socket], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("gunicorn.error").propagate = True
    answered(worker, connection, errors.InvalidHeader(SECRET))
    assert SECRET not in caplog.text
    assert "InvalidHeader answered 400" in caplog.text


def test_caller_that_is_gone_is_no_error(worker: Worker) -> None:
    ours, theirs = socketpair()
    theirs.close()
    ours.close()
    worker.handle_error(None, ours, ("192.0.2.7", 1), errors.InvalidHeader(SECRET))
