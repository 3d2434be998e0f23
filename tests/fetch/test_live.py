"""What only a real server shows: one that hangs, drips or breaks off holds nobody else up."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server, socket
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from time import monotonic, sleep
from typing import Any, ClassVar

import orjson
import pytest
from ehr import PATIENT, SIGN, TOKEN, Json, sent, states, story
from flask import Flask

LONG = 20.0
SOON = 6.0  # far below LONG, far above the deadline: the machine may be busy


@dataclass
class Server:
    """The EHR's FHIR server on this machine; `release` ends all that hangs."""

    base: str = ""
    claims: str = "hang"
    arrived: Event = field(default_factory=Event)
    release: Event = field(default_factory=Event)


class Answers(BaseHTTPRequestHandler):
    """Every key as recorded, but the claims."""

    server_of: ClassVar[Server]
    protocol_version = "HTTP/1.1"
    came = 0

    def do_GET(self) -> None:
        """Answers at once, but for the claims."""
        held = {_type(value): value for value in story()["prefetch"].values() if value}
        name = self.path.split("?")[0].split("/")[2]
        if name == "ExplanationOfBenefit":
            self.close_connection = True
            getattr(self, self.server_of.claims)()
        else:
            self._send(held.get(name, {"resourceType": "Bundle", "total": 0}))

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


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    handler = type("Handler", (Answers,), {"server_of": found})
    with Listening(("127.0.0.1", 0), handler) as listening:
        found.base = f"http://127.0.0.1:{listening.server_port}/fhir"
        thread = Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield found
        finally:
            found.release.set()
            listening.shutdown()
            thread.join()


def ask(app: Flask, body: Json) -> Any:
    return app.test_client().post(f"/cds-services/{SIGN}", json=body)


WAYS = ["hang", "drip_head", "drip_body", "drip_on", "break_off", "close", "redirect"]


@pytest.mark.conforms("FHA-03", "FHA-04")
@pytest.mark.parametrize("way", WAYS)
def test_one_key_that_does_not_come_costs_the_deadline_at_most(
    house: Callable[..., Flask], server: Server, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server.claims = way
    app = house(server.base, 1.0)
    began = monotonic()
    found = states(ask(app, sent(base=server.base)))
    assert monotonic() - began < SOON
    assert found.pop("claims") == "failed"
    assert set(found.values()) <= {"complete", "empty"}
    assert TOKEN not in caplog.text
    assert PATIENT not in caplog.text


@pytest.mark.conforms("FHA-04")
def test_a_caller_whose_server_hangs_holds_nobody_up(
    house: Callable[..., Flask], server: Server
) -> None:
    app, answers = house(server.base, 10.0), []
    slow = Thread(target=lambda: answers.append(ask(app, sent("claims", base=server.base))))
    slow.start()
    assert server.arrived.wait(SOON)
    began = monotonic()
    assert states(ask(app, story()))["claims"] == "complete"
    assert monotonic() - began < SOON
    assert slow.is_alive()
    server.release.set()
    slow.join(SOON)
    assert states(answers[0])["claims"] == "failed"


def calls_end() -> bool:
    """Whether no call is under way any more, before long."""
    until = monotonic() + SOON
    while any(one.name == "fhir" for one in enumerate_threads()):
        if monotonic() > until:
            return False
        sleep(0.02)
    return True


@pytest.mark.conforms("FHA-04")
@pytest.mark.parametrize("way", ["hang", "drip_head", "drip_body", "drip_on"])
def test_nothing_hangs_on_when_the_time_is_over(
    house: Callable[..., Flask], server: Server, way: str
) -> None:
    server.claims = way
    ask(house(server.base, 0.3), sent("claims", base=server.base))
    assert calls_end()


@pytest.mark.conforms("FHA-04")
def test_a_server_that_drips_its_tls_greeting_holds_nobody(house: Callable[..., Flask]) -> None:
    with create_server(("127.0.0.1", 0)) as listening:
        base = f"https://127.0.0.1:{listening.getsockname()[1]}/fhir"
        dripping = Thread(target=drip_greeting, args=(listening,))
        dripping.start()
        found = states(ask(house(base, 0.5), sent("claims", base=base)))
        dripping.join(SOON)
        assert not dripping.is_alive()
    assert found["claims"] == "failed"
    assert calls_end()


def drip_greeting(listening: socket) -> None:
    """Begins a TLS record of 16 KiB and sends a byte now and then, until nobody listens."""
    end, _ = listening.accept()
    with end, suppress(OSError):
        end.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
        until = monotonic() + LONG
        while monotonic() < until:
            end.sendall(b" ")
            sleep(0.05)


@pytest.mark.conforms("FHA-04")
def test_a_connection_that_died_while_it_was_kept_open_costs_no_answer(
    house: Callable[..., Flask], server: Server
) -> None:
    server.claims = "stale"
    app = house(server.base, 5.0)
    found = [states(ask(app, sent("claims", base=server.base)))["claims"] for _ in range(3)]
    assert found == ["empty"] * 3


@pytest.mark.conforms("FHA-04")
def test_a_server_that_nobody_runs_is_a_state_too(house: Callable[..., Flask]) -> None:
    base = "http://127.0.0.1:1/fhir"
    assert states(ask(house(base), sent("claims", base=base)))["claims"] == "failed"
