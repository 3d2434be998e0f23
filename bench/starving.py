"""Times recorded stories alone and beside two callers of the heaviest requests, and exits 1 past a bound.

`python bench/starving.py [--requests 300]`: with one worker and with two. Alone and beside are measured in
turn, several times, so that a change of the machine meets both.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle
from multiprocessing import get_context
from time import perf_counter
from typing import Any

import orjson
from servers import free_port, running
from stories import AS_OF, FIXTURES, NOTE, ROOT, Story, padded, stories

sys.path.insert(0, str(ROOT / "tests"))
from support.hostile import bombs, bombs_of_claims

SERVICE = "/cds-services/dupilumab-order-sign"
CLIENTS = "claims_held.yaml"
# How much longer the slowest hundredth may take beside the heavy callers, by the number of workers.
BOUNDS = {1: 2.0, 2: 1.2}
ROUNDS = 4
WHOLE = 10_000  # resources: no such record may be refused
HEAVY_CALLERS = 2
FORK = get_context("fork")
Json = dict[str, Any]


def heaviest() -> dict[str, bytes]:
    """Legal requests that cost the most CPU time, by what grows in them."""
    bodies = {
        "400 results and 400 fills": _results_and_fills(400),
        "100 results and 100 fills": _results_and_fills(100),
        "20 drafts, 30 results and 30 fills": _drafts(_results_and_fills(30), 20),
        "20 drafts": _drafts(bombs.recorded(), 20),
        "20 drafts, 100 results and 100 fills": _drafts(_results_and_fills(100), 20),
        "4,000 results and 4,000 fills": _results_and_fills(4_000),
        "stays of stays": bombs_of_claims.reasons_of_reasons(300),
        "1,500 fills and their reversals": bombs_of_claims.reversals(1_500),
        "20,000 answers": bombs.statements(20_000),
        "texts of 14 MB": _texts(7_000),
    }
    return {name: orjson.dumps(body) for name, body in bodies.items()}


def _results_and_fills(count: int) -> Json:
    """So many results and so many fills, of the kinds and products of one recorded story."""
    body = bombs.recorded()
    prefetch = body["prefetch"]
    results = [one["resource"] for one in prefetch["observations"]["entry"]]
    fills = [one["resource"] for one in prefetch["claims"]["entry"]]
    days = bombs.days(count)
    prefetch["observations"]["entry"] += [
        {"resource": {**one, "id": f"result-{n}", "effectiveDateTime": day}}
        for n, (one, day) in enumerate(zip(cycle(results), days))
    ]
    prefetch["claims"]["entry"] += [
        {"resource": bombs_of_claims.dated(one, n, "fill-", day)}
        for n, (one, day) in enumerate(zip(cycle(fills), days))
    ]
    return body


def _drafts(body: Json, count: int) -> Json:
    entries = body["context"]["draftOrders"]["entry"]
    entries[:] = [{"resource": one} for one in bombs.copies(entries[0]["resource"], count)]
    return body


def _texts(count: int) -> Json:
    """So many orders for what only long texts name."""
    body = bombs.recorded()
    order = {**bombs.draft(body), "status": "active"}
    body["prefetch"]["medications"] = bombs.bundle(
        *(
            {**order, "id": f"text-{n}", "medicationCodeableConcept": {"text": f"{n} {NOTE * 7}"}}
            for n in range(count)
        )
    )
    return body


@dataclass
class Caller:
    """Somebody who calls one service again and again on one connection."""

    port: int
    status: int = 0

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, payload: bytes) -> float:
        """How long one call took, in milliseconds."""
        began = perf_counter()
        self.connection.request("POST", SERVICE, payload, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        answer.read()
        self.status = answer.status
        return (perf_counter() - began) * 1000


@contextmanager
def serving(workers: int) -> Iterator[int]:
    """The port of the service, while the block runs."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "CDS_PORT": str(port),
            "CDS_CLIENTS": str(FIXTURES / "clients" / CLIENTS),
            "CDS_WORKERS": str(workers),
            "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CDS_AS_OF": AS_OF.isoformat(),
        }
        command = [sys.executable, "-m", "service", "serve"]
        with running(command, port, {**os.environ, **settings}):
            yield port


@contextmanager
def two_callers(port: int, payload: bytes, statuses: Counter[int]) -> Iterator[None]:
    """Two callers in processes of their own send one heavy request again and again, while the block runs."""
    enough, answers = FORK.Event(), FORK.SimpleQueue()

    def call() -> None:
        caller = Caller(port)
        while not enough.is_set():
            caller.ask(payload)
            answers.put(caller.status)

    callers = [FORK.Process(target=call) for _ in range(HEAVY_CALLERS)]
    for one in callers:
        one.start()
    try:
        yield
    finally:
        enough.set()
        for one in callers:
            one.join()
        while not answers.empty():
            statuses[answers.get()] += 1


def asked(port: int, light: Iterator[bytes], count: int) -> list[float]:
    """The times of some recorded stories, each on a new connection, so that the kernel chooses the worker."""
    return [Caller(port).ask(next(light)) for _ in range(count)]


def share_of(times: list[float], share: float) -> float:
    """The time within which this share of the calls was answered."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def measured(port: int, payload: bytes, light: Iterator[bytes], count: int) -> tuple[str, float]:
    """What the stories took alone and beside the heavy callers, as a line, and the ratio of their p99."""
    alone: list[float] = []
    beside: list[float] = []
    statuses: Counter[int] = Counter()
    for _ in range(ROUNDS):
        alone += asked(port, light, count // ROUNDS)
        with two_callers(port, payload, statuses):
            beside += asked(port, light, count // ROUNDS)
    ratio = share_of(beside, 0.99) / share_of(alone, 0.99)
    figures = " ".join(
        f"{name} {share_of(times, 0.5):.1f}/{share_of(times, 0.99):.1f}"
        for name, times in (("alone", alone), ("beside", beside))
    )
    return f"p50/p99 in ms {figures}; heavy answers {dict(statuses)}", ratio


def refused(port: int, told: Sequence[Story]) -> list[str]:
    """The stories that get no answer within a record of 10,000 resources."""
    caller = Caller(port)
    names = []
    for one in told:
        caller.ask(orjson.dumps(padded(one, WHOLE)))
        if caller.status != 200:
            names.append(f"{one.name} with {WHOLE} resources: {caller.status}")
    return names


def main() -> None:
    """Every heavy request at every number of workers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--only", default="", help="heavy requests with this in their name")
    parser.add_argument("--workers", type=int, choices=tuple(BOUNDS))
    arguments = parser.parse_args()
    told = [one for one in stories() if one.clients == CLIENTS]
    payloads = [orjson.dumps(one.body) for one in told]
    light = cycle(payloads)
    past = []
    for workers, bound in BOUNDS.items():
        if arguments.workers not in (None, workers):
            continue
        with serving(workers) as port:
            asked(port, light, 2 * len(payloads))
            for name, payload in heaviest().items():
                if arguments.only not in name:
                    continue
                figures, ratio = measured(port, payload, light, arguments.requests)
                said = f"{workers} worker(s), {name} ({len(payload) / 1e6:.2f} MB): {figures}"
                print(f"{said}; p99 {ratio:.2f} x, bound {bound}")
                if ratio > bound:
                    past.append(f"{workers} worker(s), {name}: p99 is {ratio:.2f} x its own")
            if not arguments.only:
                past += refused(port, told)
    if past:
        raise SystemExit("\n".join(past))


if __name__ == "__main__":
    main()
