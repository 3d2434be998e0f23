"""Web pages of other origins in a real browser, and a name that is made to lead to this machine."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, ClassVar

import orjson

Json = dict[str, Any]
PAGE = Path(__file__).with_name("attacks.html")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NAMES = ("evil.test", "ehr.test")
# far more than a page takes: the machine may be busy
PATIENCE = 120.0


@dataclass
class Pages:
    """What each page is to do, by the host that it is read from, and what it found."""

    plans: dict[str, Json] = field(default_factory=dict)
    found: dict[str, Json] = field(default_factory=dict)
    on_found: dict[str, Json] = field(default_factory=dict)
    last: str = ""
    done: Event = field(default_factory=Event)
    counted: Any = None


class PageHandler(BaseHTTPRequestHandler):
    """Serves the page of attacks and takes what it found."""

    pages_of: ClassVar[Pages]

    def do_GET(self) -> None:
        """The page, with the plan for the host that was asked."""
        plan = self.pages_of.plans.get(self.headers["Host"])
        if plan is None or self.path != "/":
            self._send(404, b"")
            return
        page = PAGE.read_text(encoding="utf-8").replace("PLAN", orjson.dumps(plan).decode())
        self._send(200, page.encode())

    def do_POST(self) -> None:
        """What a page found; the path is the host of the page."""
        host = self.path.removeprefix("/")
        self.pages_of.found[host] = orjson.loads(
            self.rfile.read(int(self.headers["Content-Length"]))
        )
        self.pages_of.on_found[host] = self.pages_of.counted()
        self._send(200, b"")
        if host == self.pages_of.last:
            self.pages_of.done.set()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextmanager
def page_server(pages: Pages) -> Iterator[int]:
    """The port of the server of the pages."""
    handler = type("Handler", (PageHandler,), {"pages_of": pages})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield listening.server_port
        finally:
            listening.shutdown()
            thread.join()


@contextmanager
def rebound_name(first: int, then: int) -> Iterator[int]:
    """A port that leads to the attacker's pages, and for `/cds-services` and `/policies` to the service.

    It is what DNS rebinding does to a name: the browser takes both for one origin.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_relay, args=(listening, first, then), daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        listening.shutdown(socket.SHUT_RDWR)


def _relay(listening: socket.socket, first: int, then: int) -> None:
    while True:
        try:
            end, _ = listening.accept()
        except OSError:
            return
        Thread(target=_splice, args=(end, first, then), daemon=True).start()


def _splice(end: socket.socket, first: int, then: int) -> None:
    with end, suppress(OSError):
        head = end.recv(65536)
        target = head.split(b" ", 2)[1] if head.count(b" ") > 1 else b"/"
        ours = target.startswith((b"/cds-services", b"/policies"))
        with socket.create_connection(("127.0.0.1", then if ours else first)) as other:
            other.sendall(head)
            back = Thread(target=_copy, args=(other, end), daemon=True)
            back.start()
            _copy(end, other)
            back.join(PATIENCE)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


def browse(url: str, pages: Pages, profile: Path) -> None:
    """Opens a page in headless Chromium and waits until the last page has told what it found."""
    assert CHROMIUM
    rules = ", ".join(f"MAP {name} 127.0.0.1" for name in NAMES)
    process = subprocess.Popen(  # noqa: S603 - the browser of this machine
        [
            CHROMIUM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={profile}",
            f"--host-resolver-rules={rules}",
            url,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert pages.done.wait(PATIENCE), f"pages that answered: {sorted(pages.found)}"
    finally:
        process.terminate()
        process.wait(30)
