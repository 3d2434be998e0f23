"""Times the service against the floor, request by request in turn, and writes ratios to figures.json."""

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Any

from bodies import AS_OF, body
from servers import BENCH, WORKERS, free_port, running
from tokens import signed, write_clients

SERVICE = "/cds-services/dupilumab-order-sign"
FLOOR = "/cds-services/floor"
# resources in the body, most requests to each side, most seconds for both
RUNS = ((50, 1500, 20.0), (1_000, 400, 25.0), (10_000, 80, 40.0))
SIGNED_RUN = RUNS[0]
BOUNDS = {50: 2.5, 1_000: 1.6, 10_000: 1.3}
SIGNED_BOUND = 3.5


@dataclass
class Side:
    """One server, its connection and what it took."""

    port: int
    path: str
    signs: bool = False
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, payload: bytes) -> int:
        """One request; how many cards came back."""
        token = signed(f"http://127.0.0.1:{self.port}{self.path}") if self.signs else {}
        headers = {"Content-Type": "application/json", **token}
        began = perf_counter()
        self.connection.request("POST", self.path, payload, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.times.append((perf_counter() - began) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{self.path}: {answer.status} {content[:300]!r}")
        return len(json.loads(content)["cards"])

    def percentile(self, share: float) -> float:
        """The time in milliseconds that this share of the requests stayed within."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def measure(size: int, most: int, seconds: float, floor: Side, service: Side) -> dict[str, Any]:
    """One size: warm both up, then ask them in turn."""
    payload = body(size)
    for _ in range(5):
        cards = service.ask(payload)
        floor.ask(payload)
    floor.times, service.times = [], []
    until = perf_counter() + seconds
    while len(service.times) < most and perf_counter() < until:
        floor.ask(payload)
        service.ask(payload)
    return {
        "resources": size,
        "signed": service.signs,
        "bytes": len(payload),
        "requests": len(service.times),
        "cards": cards,
    } | figures(floor, service)


def figures(floor: Side, service: Side) -> dict[str, Any]:
    """Both sides and how they compare."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        "floor_ms": {name: round(floor.percentile(share), 3) for name, share in shares.items()},
        "service_ms": {name: round(service.percentile(share), 3) for name, share in shares.items()},
        "ratio": {
            name: round(service.percentile(s) / floor.percentile(s), 2)
            for name, s in shares.items()
        },
        "tail": round(service.percentile(0.99) / service.percentile(0.5), 2),
    }


def main() -> None:
    """Starts both servers, measures every size, prints and keeps the figures."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        floor, service = free_port(), free_port()
        settings = {
            "CDS_PORT": str(service),
            "CDS_CLIENTS": str(write_clients(Path(folder))),
            "CDS_WORKERS": WORKERS,
            "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "CDS_AS_OF": AS_OF.isoformat(),
        }
        floor_command = [sys.executable, str(BENCH / "floor.py"), str(floor), WORKERS]
        servers.enter_context(running(floor_command, floor, os.environ))
        service_command = [sys.executable, "-m", "service", "serve"]
        servers.enter_context(running(service_command, service, {**os.environ, **settings}))
        rows = [
            measure(*run, Side(floor, FLOOR), Side(service, SERVICE, signs))
            for run, signs in ((SIGNED_RUN, True), *((run, False) for run in RUNS))
        ]
    for row in rows:
        print(line(row))
    Path(BENCH / "figures.json").write_text(
        json.dumps({"workers": int(WORKERS), "runs": rows}, indent=2) + "\n"
    )


def line(row: dict[str, Any]) -> str:
    """A row as a person reads it."""
    ratio, size = row["ratio"], row["resources"]
    how, bound = (" signed", SIGNED_BOUND) if row["signed"] else ("", BOUNDS[size])
    return (
        f"{size:>6} resources{how}, {row['cards']} cards: p50 {ratio['p50']} x floor (bound {bound}), "
        f"p95 {ratio['p95']} x, p99 {ratio['p99']} x; service p50 {row['service_ms']['p50']} ms, "
        f"p99/p50 {row['tail']}"
    )


if __name__ == "__main__":
    main()
