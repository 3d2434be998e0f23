"""One connection: its deadlines, what a head may hold, and who is cut off if there are too many."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from service.server import connection
from service.server.connection import (
    HEAD_LINES,
    LINE_BYTES,
    SMALL_PART,
    SMALL_PARTS,
    Connection,
)
from service.server.open_connections import OpenConnections

GET = b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
SECRET = "patient-4711"  # noqa: S105 - a mark to be looked for
SOON = 0.05
ANSWERS = {"/large": 8_000_000, "/middle": 1_000_000}  # bytes
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Ask = Callable[[], Awaitable[Streams]]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the path and the size of the body; /large and /middle have larger answers."""
    size = 0
    while (message := await receive())["type"] != "http.disconnect":
        size += len(message["body"])
        if not message["more_body"]:
            break
    body = f"{scope['path']} {size}".encode()
    if scope["path"] in ANSWERS:
        body = bytes(ANSWERS[scope["path"]])
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"%d" % len(body))],
        }
    )
    await send({"type": "http.response.body", "body": body})


def served(test: Callable[[Ask], Awaitable[None]], **limits: int) -> None:
    """Runs a test that is given a function to connect to a server with these limits of connections."""

    async def run() -> None:
        config = Config(application, log_config=None, access_log=False, lifespan="off", ws="none")
        state = ServerState()
        make = partial(Connection, OpenConnections(**limits), config, state, {})
        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        made: list[asyncio.StreamWriter] = []

        async def connect() -> Streams:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
            made.append(writer)
            return reader, writer

        try:
            async with asyncio.timeout(20):
                await test(connect)
        finally:
            for writer in made:
                writer.transport.abort()
            server.close()
            while state.connections:  # noqa: ASYNC110 - uvicorn tells of no event
                await asyncio.sleep(0.01)

    asyncio.run(run())


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the body of the next answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    return int(head.split(" ")[1]), await reader.readexactly(length)


async def refused(reader: asyncio.StreamReader, status: int) -> None:
    """The next answer is a refusal of this status in JSON, and the last one."""
    found, body = await answer_of(reader)
    outcome = json.loads(body)
    assert found == status
    assert outcome["resourceType"] == "OperationOutcome"
    assert SECRET not in body.decode()
    assert await reader.read() == b""


CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
BROKEN = {
    "no HTTP": (b"hello\r\n\r\n", 400),
    "a bad header": (f"GET / HTTP/1.1\r\n{SECRET} x: c\r\n\r\n".encode(), 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "a length and chunks": (CHUNKED[:-2] + b"Content-Length: 3\r\n\r\n0\r\n\r\n", 400),
    "a bad chunk": (CHUNKED + b"zz\r\n", 400),
    "an unknown coding": (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    "an overlong line": (b"GET /" + b"x" * LINE_BYTES + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    "an overlong line without an end": (b"x" * (LINE_BYTES + 1), 414),
    "a large head": (GET[:-2] + b"a: %b\r\n" % (b"x" * 60_000) * 3 + b"\r\n", 431),
    "a large head without an end": (GET[:-2] + b"a: " + b"x" * 140_000, 431),
    "a body in tiny parts": (CHUNKED + b"1\r\na\r\n" * (SMALL_PARTS + 1), 400),
    "many headers": (GET[:-2] + b"a:\r\n" * HEAD_LINES + b"\r\n", 431),
}  # fmt: skip


@pytest.mark.parametrize(("message", "status"), BROKEN.values(), ids=BROKEN)
def test_message_that_is_not_accepted_is_refused_in_json(message: bytes, status: int) -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        writer.write(message)
        await refused(reader, status)

    served(test)


def test_headers_up_to_the_limit_and_an_upgrade_are_taken() -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n"
        writer.write(GET[:-2] + upgrade + b"a:\r\n" * (HEAD_LINES - 5) + b"\r\n")
        assert await answer_of(reader) == (200, b"/page 0")
        writer.write(GET)
        assert await answer_of(reader) == (200, b"/page 0")

    served(test)


def test_body_in_many_parts_is_taken_unless_they_are_tiny() -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        for size, count in ((1, SMALL_PARTS), (SMALL_PART, 2 * SMALL_PARTS)):
            writer.write(CHUNKED + (b"%x\r\n%b\r\n" % (size, b"a" * size)) * count + b"0\r\n\r\n")
            assert await answer_of(reader) == (200, f"/ {size * count}".encode())

    served(test)


def test_large_head_that_comes_in_parts_is_taken() -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        writer.write(GET[:-2] + b"a: " + b"x" * 60_000)
        await asyncio.sleep(SOON)
        writer.write(b"x" * 60_000 + b"\r\n\r\n")
        assert await answer_of(reader) == (200, b"/page 0")

    served(test)


async def drip(writer: asyncio.StreamWriter) -> None:
    """Sends a byte now and then."""
    while True:
        writer.write(b"a")
        await asyncio.sleep(SOON / 5)


@pytest.mark.parametrize("before", [b"", GET], ids=["first", "second"])
@pytest.mark.parametrize("beginning", [b"GET /", GET[:-2] + b"a: "], ids=["a line", "a header"])
def test_head_that_is_late_is_refused_however_its_bytes_come(
    monkeypatch: pytest.MonkeyPatch, beginning: bytes, before: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", SOON)

    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        if before:
            writer.write(before)
            await answer_of(reader)
        writer.write(beginning)
        dripping = asyncio.create_task(drip(writer))
        await refused(reader, 408)
        dripping.cancel()

    served(test)


def test_silent_connection_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", SOON)

    async def test(connect: Ask) -> None:
        reader, _ = await connect()
        assert await reader.read() == b""

    served(test)


@pytest.mark.parametrize("path", [b"/large", b"/middle"])
@pytest.mark.parametrize("following", [b"", GET], ids=["one answer", "an answer and a request"])
def test_answer_that_is_not_taken_in_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch, following: bytes, path: bytes
) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", SOON)

    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        cast("asyncio.Transport", writer.transport).pause_reading()
        writer.write(GET.replace(b"/page", path) + following)
        await asyncio.sleep(4 * SOON)
        cast("asyncio.Transport", writer.transport).resume_reading()
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await answer_of(reader)

    served(test)


def test_answer_that_is_taken_in_time_is_whole_and_the_connection_goes_on() -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        writer.write(GET.replace(b"/page", b"/large"))
        status, body = await answer_of(reader)
        assert (status, len(body)) == (200, 8_000_000)
        writer.write(GET)
        assert await answer_of(reader) == (200, b"/page 0")

    served(test)


def test_requests_that_are_sent_ahead_are_answered_in_turn_with_a_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "PIPELINED_SECONDS", SOON)

    async def test(connect: Ask) -> None:
        loop = asyncio.get_running_loop()
        (reader, writer), (other_reader, other_writer) = await connect(), await connect()
        began = loop.time()
        writer.write(GET + GET.replace(b"/page", b"/b") + GET.replace(b"/page", b"/c"))
        assert await answer_of(reader) == (200, b"/page 0")
        other_writer.write(GET)
        assert await answer_of(other_reader) == (200, b"/page 0")
        assert [await answer_of(reader) for _ in "bc"] == [(200, b"/b 0"), (200, b"/c 0")]
        assert loop.time() - began >= 2 * SOON

    served(test)


@pytest.mark.parametrize("count", [1, 3])
def test_caller_that_sends_no_more_gets_the_answers_to_its_whole_requests(count: int) -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        writer.write(GET * count)
        writer.write_eof()
        for _ in range(count):
            assert await answer_of(reader) == (200, b"/page 0")
        assert await reader.read() == b""

    served(test)


@pytest.mark.parametrize(
    "part", [GET[:-3], b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"]
)
def test_part_of_a_request_without_the_rest_is_refused(part: bytes) -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        writer.write(part)
        writer.write_eof()
        await refused(reader, 400)

    served(test)


def test_refusal_is_read_by_a_caller_that_is_still_sending() -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        writer.write(GET[:-2] + b"a: " + b"x" * 600_000)
        await refused(reader, 431)

    served(test)


def test_if_there_are_too_many_connections_the_one_that_waits_longest_is_closed() -> None:
    async def test(connect: Ask) -> None:
        (first, writer), (second, _) = await connect(), await connect()
        writer.write(GET)  # begins to wait anew
        await answer_of(first)
        third, third_writer = await connect()
        assert await second.read() == b""
        for reader, its_writer in ((first, writer), (third, third_writer)):
            its_writer.write(GET)
            assert await answer_of(reader) == (200, b"/page 0")

    served(test, most=2)


def test_if_answers_take_too_much_the_one_that_waits_longest_is_given_up() -> None:
    async def test(connect: Ask) -> None:
        streams = [await connect(), await connect()]
        for _, writer in streams:
            cast("asyncio.Transport", writer.transport).pause_reading()
            writer.write(GET.replace(b"/page", b"/large"))
            await asyncio.sleep(2 * SOON)
        for _, writer in streams:
            cast("asyncio.Transport", writer.transport).resume_reading()
        (first, _), (second, _) = streams
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await answer_of(first)
        assert (await answer_of(second))[0] == 200

    served(test, answers=8_000_000)


def test_nothing_of_a_refused_message_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def test(connect: Ask) -> None:
        reader, writer = await connect()
        writer.write(f"{SECRET} x\r\n\r\n".encode())
        await refused(reader, 400)

    served(test)
    assert "answered 400" in caplog.text
    assert SECRET not in caplog.text
