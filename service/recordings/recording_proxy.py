"""A proxy in front of any CDS service: passes every call on, and records the calls of services."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from service.cds.request import AsOf
from service.errors import RecordingError
from service.recordings.posted_request import sent
from service.recordings.recorder import RecordedCall, Recorder

Environment = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
LARGEST = 32 * 1024 * 1024
PART = 1024 * 1024  # read at once
OK = 200
# Of one connection alone, or made anew (RFC 9110, 7.6.1).
OWN_HEADERS = frozenset(
    (
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "accept-encoding",
    )
)


class RecordingProxy:
    """A WSGI application that stands in front of a CDS service."""

    def __init__(self, upstream: str, recorder: Recorder, today: Callable[[], AsOf]) -> None:
        self._upstream = upstream.rstrip("/")
        self._recorder, self._today = recorder, today

    def __call__(self, environment: Environment, start: StartResponse) -> Iterable[bytes]:
        """Passes one call on; 502 with a JSON body if the service does not answer."""
        try:
            body = _body(environment)
        except OSError:
            return _own(start, "400 Bad Request", "the request ends before its body does")
        if body is not None and len(body) > LARGEST:
            return _own(start, "413 Content Too Large", "the request is larger than 32 MiB")
        path = str(environment.get("PATH_INFO") or "/").encode("latin-1").decode("utf-8", "replace")
        query = environment.get("QUERY_STRING")
        address = f"{self._upstream}{path}" + (f"?{query}" if query else "")
        try:
            status, headers, answer = sent(
                address, body, _headers(environment), method=str(environment["REQUEST_METHOD"])
            )
        except RecordingError as error:
            return _own(start, "502 Bad Gateway", str(error))
        service = _service(path)
        if service and body and status == OK and environment["REQUEST_METHOD"] == "POST":
            self._recorder.take(RecordedCall(service, None, self._today(), body, answer))
        kept = [(name, value) for name, value in headers.items() if name.lower() not in OWN_HEADERS]
        start(
            f"{status} {_PHRASES.get(status, 'Answer')}",
            [*kept, ("Content-Length", str(len(answer)))],
        )
        return [answer]


_PHRASES = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    404: "Not Found",
    412: "Precondition Failed",
}


def _body(environment: Environment) -> bytes | None:
    """The whole body, None without one; of one that is too large, one byte more than is allowed.

    A body comes with its length or in chunks (RFC 9112, 6.3). An OSError says that it ends too early.
    """
    chunked = "chunked" in str(environment.get("HTTP_TRANSFER_ENCODING") or "").lower()
    length = str(environment.get("CONTENT_LENGTH") or "")
    size = LARGEST + 1
    if not chunked:
        size = min(size, int(length)) if length.isascii() and length.isdigit() else 0
    read, left = bytearray(), size
    while left and (part := environment["wsgi.input"].read(min(left, PART))):
        read += part
        left -= len(part)
    if left and not chunked:
        raise OSError("the body is shorter than its length")
    return bytes(read) if read else None


def _service(path: str) -> str | None:
    """The id of the service that an address calls; None for any other address."""
    parts = [part for part in path.split("/") if part]
    places = [n for n, part in enumerate(parts) if part == "cds-services"]
    return parts[-1] if places and len(parts) == places[-1] + 2 else None


def _headers(environment: Environment) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").title(): str(value)
        for name, value in environment.items()
        if name.startswith("HTTP_")
    }
    if environment.get("CONTENT_TYPE"):
        headers["Content-Type"] = str(environment["CONTENT_TYPE"])
    return {name: value for name, value in headers.items() if name.lower() not in OWN_HEADERS}


def _own(start: StartResponse, status: str, why: str) -> Iterable[bytes]:
    content = orjson.dumps({"error": why})
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]
