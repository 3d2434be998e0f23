"""Hands whole requests to the WSGI application and sends whole answers: only computing takes a thread."""

import sys
from asyncio import Timeout, get_running_loop, timeout
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO, RawIOBase
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

import orjson

from service.cds.ids import fresh_uuid
from service.errors import RequestError
from service.watch.bug_log import log_bug
from service.web.http.body import BODY, too_large
from service.web.http.error_answers import operation_outcome

# Within so many seconds after its head the body of a request must be here.
BODY_SECONDS = 20.0
# So many bytes of a body are read, though more than BODY are refused: a caller that is still sending would
# get a reset instead of the answer.
DRAIN = 64 * 1024 * 1024
# The bodies that a process holds may have so many bytes together.
BODIES = 256 * 1024 * 1024
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


@dataclass(slots=True, eq=False)
class _Body:
    """The body of one request: what has come of it, or why it is not read; `held` are its bytes here."""

    deadline: Timeout
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    held: int = 0
    is_whole: bool = False
    error: RequestError | None = None


class Bodies:
    """The bodies that a process holds: together no more than `most` bytes.

    If there are more, the body that has been arriving longest is given up, so that slow senders give way.
    """

    def __init__(self, most: int = BODIES) -> None:
        self._most = most
        self._held = 0
        self._arriving: dict[_Body, None] = {}

    async def arrived(self, receive: Receive) -> _Body | None:
        """The body when it is whole or given up, to be released later; None if the caller is gone."""
        body = _Body(timeout(BODY_SECONDS))
        self._arriving[body] = None
        try:
            async with body.deadline:
                while not body.is_whole and body.size <= DRAIN:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        self.release(body)
                        return None
                    self._take(body, message)
        except TimeoutError:
            body.error = body.error or _late()
        finally:
            self._arriving.pop(body, None)
        return body

    def release(self, body: _Body) -> None:
        """Lets the bytes of a body go."""
        self._held -= body.held
        body.held = 0
        body.parts.clear()

    def _take(self, body: _Body, message: Message) -> None:
        part = message.get("body", b"")
        body.is_whole = not message.get("more_body", False)
        body.size += len(part)
        if body.size > BODY:
            self.release(body)
            body.error = too_large()
            return
        body.parts.append(part)
        body.held += len(part)
        self._held += len(part)
        if self._held > self._most and self._arriving:
            slowest = next(iter(self._arriving))
            del self._arriving[slowest]
            slowest.error = _busy()
            slowest.deadline.reschedule(get_running_loop().time())


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the application answers; `close` is called once it is sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    close: Callable[[], object]


class WholeRequests:
    """The ASGI application that has a WSGI application answer whole requests, each in a thread of its own."""

    def __init__(self, app: WSGIApplication, threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._bodies = Bodies()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Receives one request, has it answered and sends the answer."""
        body = await self._bodies.arrived(receive)
        if body is None:
            return
        try:
            environment = _environment(scope, body)
            answer = await get_running_loop().run_in_executor(
                self._threads, _answered, self._app, environment
            )
        finally:
            self._bodies.release(body)
        # what is left of a body must not be read as the next request
        closing = [] if body.is_whole else [(b"connection", b"close")]
        headers = [*answer.headers, *closing]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})
        self._threads.submit(answer.close)


def _answered(app: WSGIApplication, environment: WSGIEnvironment) -> _Answer:
    """What the application answers; nothing that it raises reaches the log with its own text."""
    try:
        return _called(app, environment)
    except Exception as error:  # noqa: BLE001 - the last place that can answer
        request_id = fresh_uuid()
        log_bug(error, f"request {request_id}")
        body = orjson.dumps(operation_outcome("exception", "the service failed", request_id))
        length = str(len(body)).encode("ascii")
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        return _Answer(500, headers, body, bool)


def _called(app: WSGIApplication, environment: WSGIEnvironment) -> _Answer:
    status, headers = "", list[tuple[str, str]]()
    written: list[bytes] = []

    def start(given: str, given_headers: list[tuple[str, str]], _error: Any = None) -> Any:
        nonlocal status, headers
        status, headers = given, given_headers
        return written.append

    parts: Iterable[bytes] = app(environment, start)
    body = b"".join([*parts, *written])
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return _Answer(int(status[:3]), encoded, body, getattr(parts, "close", bool))


def _environment(scope: Message, body: _Body) -> WSGIEnvironment:
    """The request as WSGI has it (PEP 3333); nothing of it but the target says which path it is for."""
    server_host, server_port = scope["server"] or ("", 0)
    caller_host, caller_port = scope["client"] or ("", 0)
    content = b"".join(body.parts)
    body.parts.clear()
    environment: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope["raw_path"]),
        "RAW_URI": scope["raw_path"].decode("latin-1"),  # one that is a whole URL names a host too
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server_host,
        "SERVER_PORT": str(server_port),
        "REMOTE_ADDR": caller_host,
        "REMOTE_PORT": str(caller_port),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content) if body.error is None else _Unread(body.error),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        environment[key] = f"{environment[key]},{text}" if key in environment else text
    environment["CONTENT_TYPE"] = environment.pop("HTTP_CONTENT_TYPE", "")
    environment.pop("HTTP_CONTENT_LENGTH", None)
    environment.pop("HTTP_TRANSFER_ENCODING", None)
    environment["CONTENT_LENGTH"] = str(body.size)
    return environment


def _path(target: bytes) -> str:
    """The path of a target, which may be a whole URL (RFC 9112, section 3.2.2)."""
    if target[:8].lower().startswith((b"http://", b"https://")):
        target = b"/" + target.partition(b"://")[2].partition(b"/")[2]
    return unquote_to_bytes(target).decode("latin-1")


class _Unread(RawIOBase):
    """The body of a request that did not arrive: reading it raises why."""

    def __init__(self, error: RequestError) -> None:
        super().__init__()
        self._error = error

    def read(self, _size: int = -1) -> bytes:
        """Raises, whatever is asked for."""
        raise self._error


def _late() -> RequestError:
    return RequestError(408, "timeout", "the body did not arrive in time")


def _busy() -> RequestError:
    message = "too many large requests at once; try again"
    return RequestError(503, "transient", message, {"Retry-After": "2"})
