"""Reads the whole body of a request, up to a limit, before anything is answered."""

from time import monotonic

from flask import Flask, Request, g
from flask.globals import request_ctx

from service.errors import RequestError

BODY = 16 * 1024 * 1024
DRAIN = 64 * 1024 * 1024
SECONDS = 20.0
CHUNK = 256 * 1024


def take_bodies(app: Flask) -> None:
    """Puts each request's body into `g.body`."""

    @app.before_request
    def take_body() -> None:
        g.body = _read(request_ctx.request)


def json_body() -> bytes:
    """The body, if it says that it is JSON."""
    incoming = request_ctx.request
    kind = incoming.mimetype
    if kind != "application/json" and not kind.endswith("+json"):
        raise RequestError(415, "not-supported", "Content-Type: must be application/json")
    if incoming.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RequestError(415, "not-supported", "Content-Encoding: must be identity")
    body: bytes = g.body
    return body


def _read(incoming: Request) -> bytes:
    parts: list[bytes] = []
    size, deadline, announced = 0, monotonic() + SECONDS, incoming.content_length
    # a chunk is no larger than Content-Length, since its memory is cleared first
    while size != announced and (
        chunk := _chunk(incoming, min(announced or CHUNK, CHUNK), deadline)
    ):
        size += len(chunk)
        if size <= BODY:
            parts.append(chunk)
        # the rest is read too: a caller that is still sending would get a reset instead of the answer
        if size > DRAIN or monotonic() > deadline:
            break
    if size > BODY:
        message = f"the body is larger than {BODY} bytes"
        raise RequestError(413, "too-costly", message)
    if size != announced and monotonic() > deadline:
        raise _late()
    return b"".join(parts)


def _chunk(incoming: Request, most: int, deadline: float) -> bytes:
    try:
        return incoming.stream.read(most)
    except (TimeoutError, BlockingIOError) as error:
        raise _late() from error
    except Exception as error:  # whatever a server raises here, the caller's bytes are the cause
        if monotonic() > deadline:
            raise _late() from error
        raise RequestError(400, "structure", "the body is not whole") from error


def _late() -> RequestError:
    return RequestError(408, "timeout", "the body did not arrive in time")
