"""gunicorn's threaded worker: broken HTTP gets JSON like everything else, a slow sender is cut off."""

import os
import signal
import sys
from http import HTTPStatus
from socket import SHUT_RD
from threading import Thread
from time import monotonic, sleep
from typing import Any

import orjson
from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from service.cds.ids import fresh_uuid
from service.server.second_process import SWITCH, LargeRequests, start_second_process
from service.web.body import SECONDS
from service.web.cors import EVERYWHERE
from service.web.errors import operation_outcome
from service.web.runtime import Runtime

STATUSES: dict[type[Exception], HTTPStatus] = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ForbiddenProxyRequest: HTTPStatus.FORBIDDEN,
}


# a little longer than a body is waited for, so that it gets its own answer
PATIENCE = 1.25 * SECONDS


class Worker(ThreadWorker):
    """Differs from gunicorn's in what it answers to broken HTTP, and in that a message must arrive in time.

    A sender of a byte now and then would else hold a thread as long as it likes: the timeout of the
    socket starts again with each byte.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadlines: dict[Any, float] = {}
        self._large: LargeRequests | None = None
        self._stops = False

    def load_wsgi(self) -> None:
        """Takes the application and starts the second process, then the watch: a fork has no threads."""
        super().load_wsgi()
        app: Any = self.wsgi
        runtime: Runtime | None = app.extensions.get("runtime")
        if runtime is not None:  # the benchmark's baseline application has no runtime
            self._large = runtime.second = start_second_process(
                # the other third of the threads stays free for small calls
                runtime,
                self.cfg.threads * 2 // 3,
                self._close_listeners,
                self._stop,
            )
        sys.setswitchinterval(SWITCH)
        Thread(target=self._watch, name="watch", daemon=True).start()

    def handle(self, conn: Any) -> Any:
        """Serves one message of a connection; the watch stops receiving at its deadline."""
        self._deadlines[conn] = monotonic() + PATIENCE
        try:
            return super().handle(conn)
        finally:
            del self._deadlines[conn]

    def _close_listeners(self) -> None:
        for listener in self.sockets:
            listener.close()

    def _stop(self) -> None:
        """Ends this worker once its calls are answered; gunicorn starts another."""
        if self._stops:
            return
        self._stops = True
        self.log.error("the process for large requests has ended; the worker starts again")
        os.kill(os.getpid(), signal.SIGTERM)

    def _watch(self) -> None:
        while True:
            sleep(1)
            if self._large is not None and not self._stops and self._large.has_ended():
                self._stop()
            now = monotonic()
            for conn, deadline in list(self._deadlines.items()):
                if now > deadline:
                    _stop_receiving(conn.sock)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002 - gunicorn's signature
        """Answers what never reached the application; the message itself is neither echoed nor logged."""
        status = _status(exc)
        request_id = fresh_uuid()
        self.log.warning("http: %s answered %d id=%s", type(exc).__name__, status, request_id)
        try:
            util.write_nonblock(client, _message(status, request_id))
        except OSError:
            self.log.debug("the caller is gone")


def _stop_receiving(sock: Any) -> None:
    """Receives nothing more from the sender; an answer can still be sent."""
    try:
        sock.shutdown(SHUT_RD)
    except OSError:
        return


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
