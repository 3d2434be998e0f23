"""gunicorn's threaded worker, which answers a broken HTTP message in JSON like everything else."""

from http import HTTPStatus
from typing import Any

import orjson
from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from service.cds.fresh import fresh_uuid
from service.cds.outcome import operation_outcome
from service.web.cors import EVERYWHERE

STATUSES: dict[type[Exception], HTTPStatus] = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ForbiddenProxyRequest: HTTPStatus.FORBIDDEN,
}


class Worker(ThreadWorker):
    """Differs from gunicorn's in one answer only."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002 - gunicorn's signature
        """Answers what never reached the application; the message itself is neither echoed nor logged."""
        status = _status(exc)
        request_id = fresh_uuid()
        self.log.warning("http: %s answered %d id=%s", type(exc).__name__, status, request_id)
        try:
            util.write_nonblock(client, _message(status, request_id))
        except OSError:
            self.log.debug("the caller is gone")


def _status(exc: BaseException) -> HTTPStatus:
    if not isinstance(exc, (errors.ParseException, OSError)):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)


def _message(status: HTTPStatus, request_id: str) -> bytes:
    code = "exception" if status is HTTPStatus.INTERNAL_SERVER_ERROR else "structure"
    body = orjson.dumps(operation_outcome(code, f"the HTTP message: {status.phrase}", request_id))
    headers = {
        **EVERYWHERE,
        "X-Request-Id": request_id,
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("ascii") + body
