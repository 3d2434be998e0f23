"""A FHIR server on this machine that answers as it is told to, or badly."""

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import close
from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from threading import Event
from time import monotonic, sleep
from typing import Any, ClassVar

import orjson
from support.ehr import Json, story

LONG = 20.0
SOON = 6.0  # far below LONG, far above the deadline: the machine may be busy


@dataclass
class Server:
    """The EHR's FHIR server on this machine; `release` ends all that hangs.

    `also` has an answer, or a way to fail, for paths beside the claims.
    """

    base: str = ""
    claims: str = "hang"
    also: dict[str, Json | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    arrived: Event = field(default_factory=Event)
    release: Event = field(default_factory=Event)


class Answers(BaseHTTPRequestHandler):
    """Every key as recorded, but the claims."""

    server_of: ClassVar[Server]
    protocol_version = "HTTP/1.1"
    came = 0

    def do_GET(self) -> None:
        """Answers at once, but for the claims."""
        path = self.path.split("?")[0].removeprefix("/fhir/")
        self.server_of.asked.append(path)
        also = {"ExplanationOfBenefit": self.server_of.claims} | self.server_of.also
        held = {_type(value): value for value in story()["prefetch"].values() if value}
        answer = also.get(path) or held.get(path.split("/")[0])
        if isinstance(answer, str):
            self.close_connection = True
            getattr(self, answer)()
        else:
            self._send(answer or {"resourceType": "Bundle", "total": 0})

    def _send(self, body: Json, told: int = 0) -> None:
        raw = orjson.dumps(body)
        self.send_response(200)
        self.send_header("Content-Length", str(told or len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def hang(self) -> None:
        """Takes the request and says nothing."""
        self.server_of.arrived.set()
        self.server_of.release.wait(LONG)

    def drip_head(self) -> None:
        """A header that never ends."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip()

    def drip_body(self) -> None:
        """A body that never ends."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self._drip()

    def drip_on(self) -> None:
        """A body that tells no length and never ends."""
        self.send_response(200)
        self.end_headers()
        self._drip()

    def _drip(self) -> None:
        until = monotonic() + LONG
        try:
            while monotonic() < until and not self.server_of.release.wait(0.05):
                self.wfile.write(b" ")
        except OSError:
            return

    def break_off(self) -> None:
        """Hangs up in the middle of the body."""
        self._send({"resourceType": "Bundle", "total": 0}, told=100_000)

    def reset(self) -> None:
        """Throws the connection away in the middle of the body: a RST, no end."""
        self._send({"resourceType": "Bundle", "total": 0}, told=100_000)
        self.wfile.flush()
        # time for the body's first part to be read
        sleep(0.1)
        self.connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
        close(self.connection.detach())

    def busy(self) -> None:
        """Asks to be left alone for a while."""
        self.send_response(429)
        self.send_header("Retry-After", "30")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def close(self) -> None:
        """Nothing at all is sent."""

    def stale(self) -> None:
        """Hangs up on whoever comes again over a connection that was kept open."""
        self.came += 1
        if self.came == 1:
            self.close_connection = False
            self._send({"resourceType": "Bundle", "total": 0})

    def redirect(self) -> None:
        """Sends elsewhere on the same server."""
        self.send_response(302)
        self.send_header("Location", f"{self.server_of.base}/Basic")
        self.send_header("Content-Length", "0")
        # said, or the call of another key takes this connection and fails with it
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def _type(value: Json) -> str:
    entries = value.get("entry")
    return str(entries[0]["resource"]["resourceType"] if entries else value["resourceType"])


class Listening(ThreadingHTTPServer):
    """Takes all fifteen calls at once."""

    request_queue_size = 64
