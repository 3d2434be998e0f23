"""One HTTP connection: what it may send, and how long a request and an answer may take on their way.

The deadlines do not start again with each byte, so a caller that is slow on purpose gains nothing.
"""

import re
import sys
from asyncio import AbstractEventLoop, BaseTransport, TimerHandle, Transport
from http import HTTPStatus
from logging import getLogger
from socket import SO_SNDBUF, SOL_SOCKET, socket
from typing import Any, cast

import h11
import orjson
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from service.cds.ids import fresh_uuid
from service.server.open_connections import OpenConnections
from service.web.http.cors import EVERYWHERE
from service.web.http.error_answers import operation_outcome

# Within so many seconds the head of a request must be here, counted from the connection's beginning or
# from the first byte after an answer; a connection without a byte after an answer is closed after IDLE.
HEAD_SECONDS = 20.0
IDLE_SECONDS = 75
# Within so many seconds an answer must be taken.
ANSWER_SECONDS = 60.0
# After a refusal so much of what the caller still sends is read: else it would get a reset, not the answer.
LINGER_SECONDS = 2.0
LINGER_BYTES = 512 * 1024
# A request that was sent before the last answer of its connection waits for so long.
PIPELINED_SECONDS = 0.05
# When another process takes the place of this one, a connection without a request is closed after so many
# seconds: a caller that sends one meanwhile gets its answer, and is told that the connection ends.
LEAVE_SECONDS = 8.0
# The system holds about twice so many bytes of answers for a connection. Without it, it holds megabytes: then
# answers that nobody has read count as taken, and those who read slowly get page after page at once.
SEND_BUFFER = 128 * 1024
# A head may have so many bytes and lines, its first line so many bytes. An overlong token gets its 401 from
# the authenticator.
HEAD_BYTES = 128 * 1024
HEAD_LINES = 100
LINE_BYTES = 8190
# A body may have so many parts smaller than so many bytes (on average).
SMALL_PARTS = 1000
SMALL_PART = 256
TWO_LENGTHS = {b"content-length", b"transfer-encoding"}
_END_OF_HEAD = re.compile(rb"\n\r?\n")  # as h11 finds it
log = getLogger("service.http")


class StrictParser(h11.Connection):
    """h11's parser, which also refuses what h11 accepts and no honest caller sends.

    A body in many small parts, of which each costs 20 µs; and a body whose length is stated in two ways,
    which a proxy may read as two requests (RFC 9112, section 6.1).
    """

    _count = 0
    _bytes = 0

    def next_event(self) -> Any:
        """The next event; raises RemoteProtocolError for what is not accepted."""
        event = super().next_event()
        match event:
            case h11.Request():
                self._count = self._bytes = 0
                if {name for name, _ in event.headers} >= TWO_LENGTHS:
                    raise h11.RemoteProtocolError("the length of the body is stated in two ways")
            case h11.Data():
                self._count += event.chunk_end
                self._bytes += len(event.data)
                if self._count > SMALL_PARTS and self._bytes < self._count * SMALL_PART:
                    raise h11.RemoteProtocolError("the parts of the body are too small")
        return event


class Connection(H11Protocol):
    """uvicorn's connection with deadlines, bounds on a head, and refusals in JSON."""

    def __init__(
        self,
        connections: OpenConnections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn = StrictParser(h11.SERVER, HEAD_BYTES)
        self._connections = connections
        self._head_deadline: TimerHandle | None = None
        self._answer_deadline: TimerHandle | None = None
        self._refused = False
        self._left = 0  # bytes that came after a refusal
        self._sends_no_more = False
        self._goes_on = False  # whether the next request waits until the answer is taken

    @property
    def address(self) -> str:
        """Where the caller is; empty if that is not known."""
        return self.client[0] if self.client else ""

    @property
    def unsent(self) -> int:
        """The bytes of answers that wait to be taken."""
        return self.transport.get_write_buffer_size()

    def connection_made(self, transport: BaseTransport) -> None:
        """Begins to wait for a head."""
        # `pause_writing` is called whenever a byte of an answer is left, and `resume_writing` when none is
        cast("Transport", transport).set_write_buffer_limits(high=0)
        connected: socket | None = transport.get_extra_info("socket")
        if connected is not None:
            connected.setsockopt(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER)
        super().connection_made(cast("Transport", transport))
        self._await_head()
        self._connections.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends all deadlines."""
        self._connections.leave(self)
        self._stop_head_deadline()
        self._stop_answer_deadline()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on; the deadline of a head goes on until the head is whole."""
        if self._refused:
            self._left += len(data)
            if self._left > LINGER_BYTES:
                self.cut_off()
            return
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_head()
        else:
            self._stop_head_deadline()

    def handle_events(self) -> None:
        """Reads what has come, unless it is the beginning of a head that is too large."""
        status = self._status_of_large_head() if self.conn.their_state is h11.IDLE else None
        if status is not None:
            self._refuse(status)
            return
        super().handle_events()
        cycle = self._begun()
        if cycle is not None and self._connections.leaves:
            _end_after(cycle)
        if cycle is not None and not cycle.more_body:
            self._connections.work(self)
        if self._sends_no_more:
            self._answer_the_last()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn closes each time
        """The caller sends no more: whole requests still get their answers, part of one is refused."""
        self._sends_no_more = True
        self._answer_the_last()
        return not self._refused

    def on_response_complete(self) -> None:
        """Waits for the next request, once the answer is taken."""
        self._connections.wait(self)
        self._goes_on = self.flow.write_paused
        if not self._goes_on:
            self._go_on()

    def pause_writing(self) -> None:
        """Part of an answer waits for the caller to take it."""
        super().pause_writing()
        if self._answer_deadline is None:
            self._answer_deadline = self.loop.call_later(ANSWER_SECONDS, self.cut_off)
            self._connections.send(self)

    def resume_writing(self) -> None:
        """The caller has taken all."""
        super().resume_writing()
        self._stop_answer_deadline()
        self._connections.sent(self)
        if self._goes_on:
            self._goes_on = False
            self._go_on()

    def shutdown(self) -> None:
        """Ends after what was begun; if another process takes our place, after the next answer."""
        cycle = self._begun()
        if not self._connections.leaves:
            super().shutdown()
        elif cycle is None:
            self.loop.call_later(LEAVE_SECONDS, self._close_unless_begun)
        else:
            _end_after(cycle)

    def cut_off(self) -> None:
        """Closes the connection at once, whatever is still to be sent."""
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Answers what is not HTTP, or not HTTP that is accepted here."""
        # uvicorn calls it while it handles h11's error
        hint = getattr(sys.exception(), "error_status_hint", HTTPStatus.BAD_REQUEST)
        self._refuse(HTTPStatus(hint))

    def _should_upgrade(self) -> bool:
        return False

    def _begun(self) -> RequestResponseCycle | None:
        """The request that has a whole head and no whole answer yet."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return None if cycle is None or cycle.response_complete else cycle

    def _close_unless_begun(self) -> None:
        if self._begun() is None and not self.conn.trailing_data[0]:
            self.transport.close()

    def _answer_the_last(self) -> None:
        """Closes after the last whole request; what is left of another one is refused."""
        cycle, is_left = self._begun(), bool(self.conn.trailing_data[0])
        if self._refused:
            return
        if cycle is not None and cycle.more_body:
            self._refuse(HTTPStatus.BAD_REQUEST)
        elif cycle is not None:
            cycle.keep_alive = is_left
        elif self.conn.their_state is h11.IDLE and is_left:
            self._refuse(HTTPStatus.BAD_REQUEST)
        elif not is_left:
            self.transport.close()

    def _go_on(self) -> None:
        """Begins the next request; one that was sent before its time waits, so that others go first."""
        begin = super().on_response_complete
        if self.conn.trailing_data[0]:
            self.loop.call_later(PIPELINED_SECONDS, begin)
        else:
            begin()

    def _await_head(self) -> None:
        if self._head_deadline is None and not self._refused:
            self._head_deadline = self.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def _stop_head_deadline(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _stop_answer_deadline(self) -> None:
        if self._answer_deadline is not None:
            self._answer_deadline.cancel()
            self._answer_deadline = None

    def _head_is_late(self) -> None:
        if self.conn.trailing_data[0]:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.cut_off()

    def _status_of_large_head(self) -> HTTPStatus | None:
        """The status for a head of too many bytes or lines, before it is parsed; None for all others."""
        received = self.conn.trailing_data[0]
        end = _END_OF_HEAD.search(received)
        size = len(received) if end is None else end.start()
        line = received.find(b"\n", 0, size)
        if (size if line < 0 else line) > LINE_BYTES:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        if size > HEAD_BYTES or received.count(b"\n", 0, size) > HEAD_LINES:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return None

    def _refuse(self, status: HTTPStatus) -> None:
        """Answers what never reaches the application; the message itself is neither echoed nor logged."""
        self._refused = True
        self._stop_head_deadline()
        request_id = fresh_uuid()
        log.warning("answered %d id=%s", status, request_id)
        cycle = self._begun()
        if cycle is not None:
            cycle.disconnected = True
            cycle.message_event.set()
        if not self.transport.is_closing():
            self.transport.write(refusal(status, request_id))
            self.transport.write_eof()
            self.flow.resume_reading()
            self.loop.call_later(LINGER_SECONDS, self.cut_off)


def _end_after(cycle: RequestResponseCycle) -> None:
    """Closes the connection after an answer, which says so unless it is on its way already."""
    cycle.keep_alive = False
    if not cycle.response_started:
        cycle.default_headers = [*cycle.default_headers, (b"connection", b"close")]


def refusal(status: HTTPStatus, request_id: str) -> bytes:
    """The whole answer to a message that is refused: an OperationOutcome."""
    body = orjson.dumps(
        operation_outcome("structure", f"the HTTP message: {status.phrase}", request_id)
    )
    headers = {
        **EVERYWHERE,
        "X-Request-Id": request_id,
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("ascii") + body
