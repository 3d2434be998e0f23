"""Takes the whole body of a request, up to a limit, before anything is answered."""

from flask import Flask, Request, g
from flask.globals import request_ctx

from service.errors import RequestError

BODY = 16 * 1024 * 1024


def take_bodies(app: Flask) -> None:
    """Puts each request's body into `g.body`; the server has received it before."""

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


def too_large() -> RequestError:
    """The refusal of a body of more than BODY bytes."""
    return RequestError(413, "too-costly", f"the body is larger than {BODY} bytes")


def _read(incoming: Request) -> bytes:
    try:
        body: bytes = incoming.stream.read(BODY + 1)
    except RequestError:  # the server says why there is no body
        raise
    except Exception as error:  # whatever a server raises here, the caller's bytes are the cause
        raise RequestError(400, "structure", "the body is not whole") from error
    if len(body) > BODY:
        raise too_large()
    return body
