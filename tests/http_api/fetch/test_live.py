"""What only a real server shows: one that hangs, drips or breaks off holds nobody else up."""

import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from socket import create_server, socket
from threading import Thread
from threading import enumerate as enumerate_threads
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from support.ehr import PATIENT, SIGN, TOKEN, Json, sent, states, story
from support.live_ehr import LONG, SOON, Server


def ask(app: Flask, body: Json) -> Any:
    return app.test_client().post(f"/cds-services/{SIGN}", json=body)


WAYS = ["hang", "drip_head", "drip_body", "drip_on", "break_off", "reset", "close", "redirect"]


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
def test_hanging_server_of_one_caller_delays_no_other(
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
def test_no_thread_is_left_after_the_deadline(
    house: Callable[..., Flask], server: Server, way: str
) -> None:
    server.claims = way
    ask(house(server.base, 0.3), sent("claims", base=server.base))
    assert calls_end()


# a greeting that is given up leaves its socket to the collector of garbage, which warns
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.conforms("FHA-04")
def test_slow_tls_handshake_is_cut_off(house: Callable[..., Flask]) -> None:
    with create_server(("127.0.0.1", 0)) as listening:
        base = f"https://127.0.0.1:{listening.getsockname()[1]}/fhir"
        dripping = Thread(target=drip_greeting, args=(listening,))
        dripping.start()
        found = states(ask(house(base, 0.5), sent("claims", base=base)))
        dripping.join(SOON)
        assert not dripping.is_alive()
    assert found["claims"] == "failed"
    assert calls_end()
    gc.collect()


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
def test_unreachable_server_gives_a_state(house: Callable[..., Flask]) -> None:
    base = "http://127.0.0.1:1/fhir"
    assert states(ask(house(base), sent("claims", base=base)))["claims"] == "failed"
