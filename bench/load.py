"""Times the service against the floor on the recorded stories, in turn, and exits 1 past a bound.

`python bench/load.py [--runs 5]`. A ratio is the service's time through the floor's for the same body. The
figures of the run whose ratio at 1,000 resources is the median one are kept in figures.json.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import orjson
from floor import PATH as FLOOR
from floor import create_floor
from servers import BENCH, WORKERS, cpu_seconds, free_port, running
from stories import AS_OF, FIXTURES, Story, padded, stories
from tokens import signed, write_clients
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.app import create_app
from service.settings import read_settings

SERVICE = "/cds-services/dupilumab-order-sign"
RECORDED = 0
# resources (0: as recorded), every so many-th story, requests to each side
SIZES = ((RECORDED, 1, 30), (50, 1, 20), (200, 2, 20), (1_000, 4, 20), (10_000, 12, 6))
SIGNED = 50
CALLERS = 4
# Of the ratios of p50: the median story, and the worst.
MEDIANS = {RECORDED: 2.5, 1_000: 1.5, 10_000: 1.2}
WORST = {RECORDED: 4.0}
SIGNING = 0.8  # what signing may add to the ratio
TAIL = 3.0  # p99 through p50
RUNS = 5
Row = dict[str, Any]


@dataclass
class Side:
    """One server, its connection and what it took."""

    port: int
    path: str
    signs: bool = False
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, payload: bytes) -> None:
        """One request, in milliseconds."""
        token = signed(f"http://127.0.0.1:{self.port}{self.path}") if self.signs else {}
        headers = {"Content-Type": "application/json", **token}
        began = perf_counter()
        self.connection.request("POST", self.path, payload, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.times.append((perf_counter() - began) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{self.path}: {answer.status} {content[:300]!r}")


@dataclass(frozen=True)
class Servers:
    """The floor and the service for the clients of some stories."""

    floor: int
    service: int
    pids: Mapping[str, int]


@contextmanager
def serving(clients: Path | None) -> Iterator[Servers]:
    """Both servers, while the block runs."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        floor, service = free_port(), free_port()
        settings = {
            "CDS_PORT": str(service),
            "CDS_CLIENTS": str(write_clients(Path(folder), clients)),
            "CDS_WORKERS": WORKERS,
            "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CDS_AS_OF": AS_OF.isoformat(),
        }
        command = [sys.executable, str(BENCH / "floor.py"), str(floor), WORKERS]
        below = stack.enter_context(running(command, floor, os.environ))
        command = [sys.executable, "-m", "service", "serve"]
        ours = stack.enter_context(running(command, service, {**os.environ, **settings}))
        yield Servers(floor, service, {"floor": below, "service": ours})


def in_turn(story: Story, size: int, times: int, servers: Servers, *, signs: bool = False) -> Row:
    """One story at one size: both warmed up, then asked in turn."""
    payload = orjson.dumps(padded(story, size) if size else story.body)
    floor, service = Side(servers.floor, FLOOR), Side(servers.service, SERVICE, signs)
    for _ in range(3):
        floor.ask(payload)
        service.ask(payload)
    floor.times, service.times = [], []
    for _ in range(times):
        floor.ask(payload)
        service.ask(payload)
    return {
        "story": story.name,
        "resources": size,
        "bytes": len(payload),
        "signed": signs,
        "floor_ms": _shares(floor.times),
        "service_ms": _shares(service.times),
        "ratio": round(median(service.times) / median(floor.times), 2),
    }


def together(told: Sequence[Story], size: int, servers: Servers) -> Row:
    """Several callers at once with different stories: times, and the CPU that a request takes."""
    payloads = [orjson.dumps(padded(one, size)) for one in told]
    found: Row = {"resources": size, "callers": CALLERS}
    for name, port, path in (
        ("floor", servers.floor, FLOOR),
        ("service", servers.service, SERVICE),
    ):
        before = cpu_seconds(servers.pids[name])
        with ThreadPoolExecutor(CALLERS) as pool:
            asked = [pool.submit(_all, port, path, payloads) for _ in range(CALLERS)]
            times = [took for one in asked for took in one.result()]
        spent = cpu_seconds(servers.pids[name]) - before
        found[f"{name}_ms"] = _shares(times)
        found[f"{name}_cpu_ms"] = round(spent * 1000 / len(times), 2)
    return found


def _all(port: int, path: str, payloads: Sequence[bytes]) -> list[float]:
    side = Side(port, path)
    for one in payloads * 4:
        side.ask(one)
    return side.times


def _shares(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    last = len(ordered) - 1
    return {
        name: round(ordered[min(int(len(ordered) * share), last)], 3)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }


def without_server(told: Sequence[Story], clients: Path | None) -> list[Row]:
    """The same applications called as WSGI, in CPU time: what no server and no socket takes part in."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "CDS_CLIENTS": str(write_clients(Path(folder), clients)),
            "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CDS_AS_OF": AS_OF.isoformat(),
        }
        app = create_app(read_settings({**os.environ, **settings}))
        return [_wsgi(one, app) for one in told]


def _wsgi(story: Story, app: Any) -> Row:
    payload = orjson.dumps(story.body)
    took = {}
    for name, application, path in (("floor", create_floor(), FLOOR), ("service", app, SERVICE)):
        times = []
        for _ in range(12):
            environ = EnvironBuilder(
                path,
                method="POST",
                data=payload,
                content_type="application/json",
                environ_base={"REMOTE_ADDR": "127.0.0.1"},
            ).get_environ()
            began = process_time()
            _, status, _ = run_wsgi_app(application, environ, buffered=True)
            times.append((process_time() - began) * 1000)
            if not status.startswith("200"):
                raise SystemExit(f"{path}: {status}")
        took[name] = min(times)
    return {
        "story": story.name,
        "wsgi_ms": round(took["service"], 3),
        "floor_ms": round(took["floor"], 3),
    }


def run(told: Sequence[Story]) -> Row:
    """Every story at every size, once."""
    rows: list[Row] = []
    at_once: list[Row] = []
    wsgi: list[Row] = []
    for name in dict.fromkeys(one.clients for one in told):
        clients = None if name == "none" else FIXTURES / "clients" / name
        group = [one for one in told if one.clients == name]
        with serving(clients) as servers:
            for size, every, times in SIZES:
                chosen = [one for n, one in enumerate(told) if n % every == 0 and one in group]
                rows += [in_turn(one, size, times, servers) for one in chosen]
            rows += [in_turn(one, SIGNED, 20, servers, signs=True) for one in group[::6]]
            at_once.append(together(group, SIGNED, servers))
        wsgi += without_server(group, clients)
    return {"rows": rows, "callers": at_once, "wsgi": wsgi, "sizes": sizes(rows)}


def sizes(rows: Sequence[Row]) -> list[Row]:
    """What the stories of one size come to."""
    found = []
    for size, signs in sorted({(one["resources"], one["signed"]) for one in rows}):
        of = [one for one in rows if (one["resources"], one["signed"]) == (size, signs)]
        worst = max(of, key=lambda one: one["ratio"])
        tails = [one["service_ms"]["p99"] / one["service_ms"]["p50"] for one in of]
        found.append(
            {
                "resources": size,
                "signed": signs,
                "stories": len(of),
                "median_ratio": round(median(one["ratio"] for one in of), 2),
                "worst_ratio": worst["ratio"],
                "worst_story": worst["story"],
                "tail": round(median(tails), 2),
                "p50_ms": round(median(one["service_ms"]["p50"] for one in of), 2),
            }
        )
    return found


def past(figures: Sequence[Row]) -> list[str]:
    """Each bound that the figures are past, in words."""
    found = []
    by = {(one["resources"], one["signed"]): one for one in figures}
    for (size, signs), one in by.items():
        limits = (("median_ratio", MEDIANS), ("worst_ratio", WORST))
        found += [
            f"{_named(size)}: {name.replace('_', ' ')} {one[name]} is above {limit[size]}"
            for name, limit in limits
            if not signs and size in limit and one[name] > limit[size]
        ]
        if one["tail"] > TAIL:
            found.append(f"{_named(size)}: p99 is {one['tail']} times p50, above {TAIL}")
    adds = by[SIGNED, True]["median_ratio"] - by[SIGNED, False]["median_ratio"]
    if adds > SIGNING:
        found.append(f"signing adds {adds:.2f} to the ratio, above {SIGNING}")
    return found


def _named(size: int) -> str:
    return f"{size} resources" if size else "as recorded"


def line(one: Row) -> str:
    """The figures of one size as a person reads them."""
    return (
        f"{_named(one['resources']):>16}{' signed' if one['signed'] else '':7} {one['stories']:>3} stories: "
        f"median {one['median_ratio']} x floor, worst {one['worst_ratio']} ({one['worst_story']}), "
        f"p50 {one['p50_ms']} ms, p99/p50 {one['tail']}"
    )


def main() -> None:
    """Runs, prints, keeps the median run, and says which bounds it is past."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=RUNS)
    asked.add_argument("--only", help="stories whose name holds this")
    given = asked.parse_args()
    told = [one for one in stories() if (given.only or "") in one.name]
    runs = []
    for n in range(given.runs):
        runs.append(run(told))
        print(f"run {n + 1}")
        for one in runs[-1]["sizes"]:
            print(line(one))
    runs.sort(key=lambda one: [each["median_ratio"] for each in one["sizes"]])
    kept = runs[len(runs) // 2]
    for one in kept["callers"]:
        print(f"{CALLERS} callers: {one}")
    ratios = [one["wsgi_ms"] / one["floor_ms"] for one in kept["wsgi"]]
    print(f"as WSGI without server: median {median(ratios):.1f} x floor, in CPU time")
    if not given.only:
        text = json.dumps({"workers": int(WORKERS), "runs": len(runs), **kept}, indent=1)
        (BENCH / "figures.json").write_text(text + "\n")
    for one in (found := past(kept["sizes"])):
        print(f"PAST ITS BOUND: {one}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
