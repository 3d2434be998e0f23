"""Whole requests for the WSGI application: what it is told of each, what it answers, what does not arrive."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from service.errors import RequestError
from service.server import whole_requests
from service.server.whole_requests import Bodies, WholeRequests
from service.web.http.body import BODY

SECRET = "patient-4711"  # noqa: S105 - a mark to be looked for
Message = dict[str, Any]


def part(body: bytes, *, more: bool = False) -> Message:
    """One part of a body, as ASGI has it."""
    return {"type": "http.request", "body": body, "more_body": more}


def asked(app: Any, *parts: Message, **scope: Any) -> list[Message]:
    """What is sent for one request; a caller whose parts end early sends nothing more."""
    sent: list[Message] = []
    given = {
        "method": "POST",
        "raw_path": b"/a",
        "query_string": b"",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8080),
        "client": ("192.0.2.7", 5000),
        "headers": [],
        **scope,
    }

    async def run() -> None:
        coming = iter(parts or (part(b""),))

        async def receive() -> Message:
            message = next(coming, None)
            if message is None:
                await asyncio.Event().wait()
            assert message is not None
            return message

        async def send(message: Message) -> None:
            sent.append(message)

        await WholeRequests(app, 2)(given, receive, send)

    asyncio.run(run())
    return sent


def echo(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Answers with the body; the environment is in `echo.seen`."""
    seen.append(environment)
    start("200 OK", [("Content-Type", "text/plain")])
    return [environment["wsgi.input"].read()]


seen: list[WSGIEnvironment] = []


def told(**scope: Any) -> WSGIEnvironment:
    """The environment of a request."""
    asked(echo, **scope)
    return seen.pop()


def test_body_is_put_together_and_its_length_is_told() -> None:
    start, body = asked(echo, part(b"ab", more=True), part(b"", more=True), part(b"c"))
    assert (start["status"], start["headers"]) == (200, [(b"Content-Type", b"text/plain")])
    assert body["body"] == b"abc"
    assert seen.pop()["CONTENT_LENGTH"] == "3"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/a%20b%2Fc", "/a b/c"),
        (b"/%C3%A4", "/Ã¤"),
        (b"//a//b", "//a//b"),
        (b"http://evil.example/a", "/a"),
        (b"http://evil.example", "/"),
        (b"HTTP://evil.example/a", "/a"),
        (b"http://[/a", "/a"),
        (b"*", "*"),
    ],
)
def test_path_is_that_of_the_target(target: bytes, path: str) -> None:
    given = told(raw_path=target)
    assert given["PATH_INFO"] == path
    assert given["RAW_URI"] == target.decode("latin-1")


def test_headers_change_neither_the_path_nor_the_caller() -> None:
    names = ("script_name", "path_info", "remote_addr", "x-forwarded-for", "x-forwarded-proto")
    headers = [(name.encode(), b"/evil") for name in names]
    environment = told(headers=headers, raw_path=b"/a")
    for name, value in {
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.url_scheme": "http",
        "HTTP_SCRIPT_NAME": "/evil",
        "HTTP_X_FORWARDED_FOR": "/evil",
    }.items():
        assert environment[name] == value


def test_header_that_comes_twice_is_told_as_one() -> None:
    headers = [(b"a-b", b"1"), (b"a-b", b"2"), (b"content-type", b"text/plain")]
    environment = told(headers=headers)
    assert (environment["HTTP_A_B"], environment["CONTENT_TYPE"]) == ("1,2", "text/plain")


def failing(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
    """An application with a mistake."""
    raise ZeroDivisionError(SECRET)


def test_mistake_of_the_application_is_a_500_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    start, body = asked(failing)
    assert start["status"] == 500
    assert json.loads(body["body"])["issue"][0]["code"] == "exception"
    assert SECRET not in caplog.text + str(body)


def refusal(*parts: Message) -> tuple[RequestError, bool]:
    """Why the body of a request is not read, and whether its connection is closed."""
    errors: list[RequestError] = []

    def read(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with pytest.raises(RequestError) as refused:
            environment["wsgi.input"].read()
        errors.append(refused.value)
        start("400 Bad Request", [])
        return []

    start, _ = asked(read, *parts)
    return errors[0], (b"connection", b"close") in start["headers"]


def test_body_that_is_late_is_a_408_and_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(whole_requests, "BODY_SECONDS", 0.01)
    error, closes = refusal(part(b"a", more=True))
    assert (error.status, error.code, closes) == (408, "timeout", True)


@pytest.mark.parametrize("rest", [True, False], ids=["without end", "whole"])
def test_body_that_is_too_large_is_a_413(monkeypatch: pytest.MonkeyPatch, rest: bool) -> None:
    monkeypatch.setattr(whole_requests, "DRAIN", BODY + 1)
    error, closes = refusal(part(bytes(BODY), more=True), part(b"12", more=rest))
    assert (error.status, closes) == (413, rest)


def test_caller_that_goes_away_gets_no_answer() -> None:
    assert asked(echo, part(b"a", more=True), {"type": "http.disconnect"}) == []


def test_if_bodies_take_too_much_the_one_that_is_arriving_longest_is_given_up() -> None:
    async def run() -> None:
        bodies, forever = Bodies(most=10), asyncio.Event()

        async def slow() -> Message:
            if not begun.is_set():
                begun.set()
                return part(b"12345", more=True)
            await forever.wait()
            return part(b"")

        async def quick() -> Message:
            return part(b"123456")

        begun = asyncio.Event()
        slowest = asyncio.create_task(bodies.arrived(slow))
        await begun.wait()
        whole = await bodies.arrived(quick)
        given_up = await slowest
        assert whole is not None
        assert given_up is not None
        assert (whole.error, b"".join(whole.parts)) == (None, b"123456")
        assert given_up.error is not None
        assert (given_up.error.status, given_up.error.headers) == (503, {"Retry-After": "2"})

    asyncio.run(run())
