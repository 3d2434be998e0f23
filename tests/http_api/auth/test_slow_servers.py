"""A key server that sends a byte now and then: nobody waits for it, and nothing hangs on."""

from collections.abc import Iterator
from contextlib import suppress
from socket import create_server
from threading import Event, Thread
from time import monotonic

import pytest

from service.auth import document_fetch as fetching
from service.errors import FetchError

SOON, LONG = 6.0, 20.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# by where it drips
BEGINNINGS = {"in its head": HEAD + b"X-Slow: ", "in a body without a length": HEAD + b"\r\n{"}


@pytest.fixture(params=BEGINNINGS)
def slow(request: pytest.FixtureRequest) -> Iterator[tuple[str, Event]]:
    """A server's address, and what is set when its caller has gone."""
    gone = Event()

    def drip() -> None:
        end, _ = listening.accept()
        with end, suppress(OSError):
            end.recv(10_000)
            end.sendall(BEGINNINGS[request.param])
            until = monotonic() + LONG
            while monotonic() < until and not gone.wait(0.05):
                end.sendall(b" ")
        gone.set()

    with create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/jwks.json", gone
        gone.set()
        thread.join()


@pytest.mark.conforms("SEC-06")
def test_slow_key_server_is_abandoned(
    slow: tuple[str, Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, gone = slow
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 0.5)
    began = monotonic()
    with pytest.raises(FetchError, match="did not answer in time"):
        fetching.fetch(url, "application/json")
    assert monotonic() - began < SOON
    assert gone.wait(SOON)
