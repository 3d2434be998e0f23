"""Looks for lost feedback and wrong answers while workers are killed and the database is restarted.

`python bench/breaking.py [--minutes 5 --callers 64] [--nginx]`. Needs a PostgreSQL server installed.
Callers send recorded orders and, every fourth time, feedback; each answer is compared with the Python
call. A caller whose connection breaks, or who gets 503, asks again up to five times, as a proxy or an EHR
does (`proxy_next_upstream` of nginx). With `--nginx` they ask once, through nginx with deploy/nginx/cds.conf
without TLS and limits. Exits 1 if acknowledged feedback is not stored, if an answer is wrong, or
if one request in a thousand or more stays without its answer.
"""

import argparse
import os
import re
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from time import monotonic, perf_counter, sleep
from typing import Any
from uuid import UUID

import orjson
import psycopg
from servers import free_port, running
from starving import share_of
from stories import AS_OF, FIXTURES, ROOT, stories

from dupilumab_cds import Rules

sys.path.insert(0, str(ROOT / "tests"))
from support.postgres import MISSING, Postgres, programs

SERVICE = "/cds-services/dupilumab-order-sign"
FEEDBACK = f"{SERVICE}/feedback"
CLIENTS = FIXTURES / "clients" / "claims_held.yaml"
JSON = {"Content-Type": "application/json"}
WORKERS = "2"
SECONDS_BETWEEN_KILLS = 10.0
RESTARTS = 2
TRIES = 6
PAUSE = 0.5  # seconds before the next try
BOUND = 0.001
EVERY = 4  # request is feedback
IDS = frozenset({"id", "uuid", "links"})


@dataclass
class Seen:
    """What all callers have seen."""

    stop: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    counted: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Caller(Thread):
    """Somebody who sends orders and feedback one after the other on one connection."""

    def __init__(
        self, number: int, port: int, told: Sequence[Any], seen: Seen, tries: int = TRIES
    ) -> None:
        super().__init__(daemon=True)
        self._tries = tries
        self._random = Random(number)
        self._port, self._told, self._seen = port, told, seen
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        """Calls until it is enough."""
        sent = 0
        while not self._seen.stop.is_set():
            sent += 1
            if sent % EVERY:
                self._sign()
            else:
                self._feedback()

    def _sign(self) -> None:
        name, body, expected = self._random.choice(self._told)
        content = self._asked(SERVICE, body)
        if content is not None and without_ids(orjson.loads(content)["cards"]) != expected:
            self._seen.wrong.append(name)

    def _feedback(self) -> None:
        card = str(UUID(int=self._random.getrandbits(128), version=4))
        item = {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-20T10:00:00Z"}
        if self._asked(FEEDBACK, orjson.dumps({"feedback": [item]})) is not None:
            self._seen.acknowledged.append(card)

    def _asked(self, path: str, body: bytes) -> bytes | None:
        """What is answered with 200, if need be at a later try; None if nothing is."""
        began = perf_counter()
        for attempt in range(self._tries):
            status, content = self._once(path, body)
            if status == 200:
                self._note("requests", perf_counter() - began)
                return content
            self._note("first tries that failed" if attempt == 0 else "other tries that failed")
            self._note(f"status {status}" if status else "broken connections")
            sleep(PAUSE * attempt)
        self._note("requests")
        self._note("requests without an answer")
        return None

    def _once(self, path: str, body: bytes) -> tuple[int, bytes]:
        try:
            self._connection.request("POST", path, body, JSON)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            self._connection.close()
            return 0, b""

    def _note(self, what: str, seconds: float | None = None) -> None:
        with self._seen.lock:
            self._seen.counted[what] += 1
            if seconds is not None:
                self._seen.times.append(seconds * 1000)


def without_ids(value: Any) -> Any:
    """An answer without what is new in each."""
    match value:
        case dict():
            return {name: without_ids(part) for name, part in value.items() if name not in IDS}
        case list():
            return [without_ids(part) for part in value]
    return value


def told_stories() -> list[tuple[str, bytes, Any]]:
    """Name, request and right answer of each story."""
    rules = Rules.load(ROOT, CLIENTS)
    found = []
    for one in stories():
        if one.clients == CLIENTS.name:
            body = orjson.dumps(one.body)
            expected = without_ids(rules.evaluate(body, as_of=AS_OF).cards)
            found.append((one.name, body, expected))
    return found


def break_things(master: int, server: Postgres, minutes: float, seen: Seen) -> None:
    """Kills a worker every ten seconds and restarts the database at one and two thirds of the time."""
    random, began = Random(1), monotonic()
    restarts = [minutes * 60 * (n + 1) / (RESTARTS + 1) for n in range(RESTARTS)]
    kill_at = SECONDS_BETWEEN_KILLS
    while (now := monotonic() - began) < minutes * 60:
        if now > kill_at:
            kill_at += SECONDS_BETWEEN_KILLS
            workers = children(master)
            if workers:
                os.kill(random.choice(workers), signal.SIGKILL)
                seen.counted["workers killed"] += 1
        if restarts and now > restarts[0]:
            restarts.pop(0)
            server.kill()
            sleep(1.0)
            server.start()
            seen.counted["restarts of the database"] += 1
        sleep(0.05)


def children(process: int) -> list[int]:
    """The processes that a process has started and that live."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [*map(int, text.split())]


def stored(url: str) -> set[str]:
    """The cards of all feedback in the database."""
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("select card from feedback").fetchall()}


def read_metrics(port: int) -> list[str]:
    """The counts of answers, by the server's own metrics."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    names = ("cds_requests_total", "cds_decisions_lost_total", "cds_feedback_total")
    return [line for line in text.splitlines() if line.startswith(names)]


def told_errors(log: Path) -> list[str]:
    """The errors in the log of the server, without those that a killed worker causes; the last ones."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [one for one in lines if " ERROR " in one and "was sent SIGKILL" not in one]
    return [f"{len(errors)} lines of errors", *errors[-20:]]


@contextmanager
def nginx(port: int) -> Iterator[int]:
    """The port of an nginx in front of a server's port, with what our file says about asking again.

    Callers stay local ones for the service: what names them is left out, as are TLS and limits.
    """
    conf = (ROOT / "deploy/nginx/cds.conf").read_text(encoding="utf-8")
    for line in ("ssl_certificate.*", "limit_.*", "server_name.*", "proxy_set_header X-.*"):
        conf = re.sub(rf"^ *{line}\n", "", conf, flags=re.MULTILINE)
    front = free_port()
    conf = conf.replace(":8080", f":{port}").replace("listen 443 ssl", f"listen 127.0.0.1:{front}")
    with tempfile.TemporaryDirectory() as folder:
        names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "".join(f"{name}_temp_path {folder}/{name};\n" for name in names)
        whole = f"user root;\npid {folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{conf}}}\n"
        Path(folder, "nginx.conf").write_text(whole, encoding="utf-8")
        options = ["-e", f"{folder}/errors", "-g", "daemon off;"]
        command = ["nginx", "-c", f"{folder}/nginx.conf", *options]
        with running(command, front, os.environ):
            yield front


def measured(minutes: float, callers: int, *, with_nginx: bool) -> tuple[Seen, set[str], list[str]]:
    """What the callers saw, what feedback is stored, and the server's metrics and errors at the end."""
    folder = programs()
    if folder is None:
        raise SystemExit(MISSING)
    told, seen, server, port = told_stories(), Seen(), Postgres(folder), free_port()
    try:
        url = server.fresh()
        with tempfile.TemporaryDirectory() as cache:
            settings = {
                "CDS_PORT": str(port),
                "CDS_CLIENTS": str(CLIENTS),
                "CDS_PAGES": "off",  # cards of the Python call have no page either
                "CDS_WORKERS": WORKERS,
                "CDS_DATABASE_URL": url,
                "CDS_AS_OF": AS_OF.isoformat(),
                "CDS_CACHE_DIR": cache,
            }
            command = [sys.executable, "-m", "service", "serve"]
            log = Path(cache) / "log"
            environment = {**os.environ, **settings}
            with running(command, port, environment, patience=120, log=log) as master:
                with nginx(port) if with_nginx else nullcontext(port) as front:
                    tries = 1 if with_nginx else TRIES
                    threads = [Caller(n, front, told, seen, tries) for n in range(callers)]
                    for one in threads:
                        one.start()
                    break_things(master, server, minutes, seen)
                    seen.stop.set()
                    for one in threads:
                        one.join(120)
                try:
                    metrics = read_metrics(port)
                except OSError as error:
                    metrics = [f"no metrics: {error!r}"]
            metrics += told_errors(log)
        return seen, stored(url), metrics
    finally:
        server.stop()


def main() -> None:
    """Runs, prints what happened, and exits 1 past a bound."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=5.0)
    asked.add_argument("--callers", type=int, default=64)
    asked.add_argument("--nginx", action="store_true")
    given = asked.parse_args()
    seen, kept, metrics = measured(given.minutes, given.callers, with_nginx=given.nginx)
    lost = [card for card in seen.acknowledged if card not in kept]
    requests = seen.counted["requests"]
    share = seen.counted["requests without an answer"] / max(requests, 1)
    for what, count in sorted(seen.counted.items()):
        print(f"{what}: {count}")
    print(f"feedback acknowledged: {len(seen.acknowledged)}, not stored: {len(lost)}")
    print(f"wrong answers: {len(seen.wrong)} {sorted(set(seen.wrong))}")
    print(f"without an answer: {share:.4%}")
    p50, p99 = (share_of(seen.times, one) for one in (0.5, 0.99))
    print(
        f"{requests / given.minutes / 60:.0f} requests a second; p50 {p50:.0f} ms, p99 {p99:.0f} ms"
    )
    print("\n".join(metrics))
    sys.exit(1 if lost or seen.wrong or share >= BOUND or not requests else 0)


if __name__ == "__main__":
    main()
