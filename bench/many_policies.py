"""What many payers' policies cost: CPU of a start, of a request, and the memory of a worker.

`python bench/many_policies.py [--counts 1 200]`. The policies are the shipped ones under other payers' names,
so that each has six diseases with all their criteria. All CPU times are the least of `--runs`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
import yaml
from servers import free_port, running
from stories import AS_OF, FIXTURES, ROOT, Story, stories

SERVICE = "/cds-services/dupilumab-order-sign"
SHIPPED = "bcbsms"
STORY = "p001-initial"
RUNS = 3
WORKERS = 2
PATIENCE = 300.0  # seconds for the start of a server with many policies
# What `serve` does before the fork, in a process of its own that prints the CPU seconds since its begin, with
# those of the processes that read documents beside it.
START = """
import os
from time import process_time
from service.cli.serve import prepared
from service.settings import read_settings
imported = process_time()
app = prepared(read_settings())
print(round(imported, 2), round(process_time() + sum(os.times()[2:4]), 2))
"""
# The CPU milliseconds of one request, without server.
REQUEST = """
import sys
from pathlib import Path
from time import process_time
from werkzeug.test import EnvironBuilder, run_wsgi_app
from service.cli.serve import prepared
from service.settings import read_settings
app, body = prepared(read_settings()), Path(sys.argv[1]).read_bytes()
times = []
for _ in range(40):
    environ = EnvironBuilder(
        sys.argv[2], method="POST", data=body, content_type="application/json",
        environ_base={"REMOTE_ADDR": "127.0.0.1"},
    ).get_environ()
    began = process_time()
    _, status, _ = run_wsgi_app(app, environ, buffered=True)
    times.append((process_time() - began) * 1000)
    assert status.startswith("200"), status
print(round(min(times), 2))
"""


def write_content(folder: Path, count: int) -> Path:
    """A content folder with the shipped documents, and copies of the shipped policy up to `count` payers."""
    for name in ("mappings", "cards"):
        shutil.copytree(ROOT / name, folder / name)
    for number in range(1, count):
        _add_payer(folder / "mappings", f"plan{number:03}x")
    return folder


def _add_payer(mappings: Path, payer: str) -> None:
    """One payer more, with all versions of the shipped policies under its own ids and names."""
    name = f"{payer.capitalize()} Mutual"
    document = yaml.safe_load((mappings / f"payers/{SHIPPED}.yaml").read_text(encoding="utf-8"))
    own = {
        "payer": payer,
        "name": name,
        "short": payer,
        "names": [name],
        "identifiers": [{"system": "urn:oid:2.16.840.1.113883.6.300", "value": f"9{payer[4:7]}"}],
        "elsewhere": [],
    }
    (mappings / f"payers/{payer}.yaml").write_text(yaml.safe_dump({**document, **own}))
    for file in sorted((mappings / f"policies/{SHIPPED}").rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        text = text.replace(SHIPPED, payer).replace(SHIPPED.upper(), payer.upper())
        copy = mappings / f"policies/{payer}" / file.relative_to(mappings / f"policies/{SHIPPED}")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(f"{text}# {payer}\n", encoding="utf-8")


def figures(count: int, runs: int) -> Iterator[tuple[str, Any]]:
    """The figures of a content folder with so many policies, each with its name."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_content(folder / "content", count)
        body = folder / "request.json"
        story = next(one for one in stories() if one.name == STORY)
        body.write_bytes(orjson.dumps(story.body))
        cold = _settings(folder, story, cache="")
        cached = _settings(folder, story, cache=str(folder / "cache"))
        starts = [_started(cold) for _ in range(runs)]
        yield "policies", count
        yield "imports_s", min(imported for imported, _ in starts)
        yield "cold_s", min(whole for _, whole in starts)
        yield "cold_and_written_s", _started(cached)[1]
        yield "cached_s", min(_started(cached)[1] for _ in range(runs))
        _change(folder / "content/mappings/policies", count)
        yield "one_changed_s", _started(cached)[1]
        yield "cache_mb", round((folder / "cache/library.cache").stat().st_size / 1e6, 1)
        asked = (float(_run(REQUEST, cached, str(body), SERVICE)) for _ in range(runs))
        yield "request_ms", min(asked)
        yield "worker_cached_mb", _memory(cached, story.body)
        yield "worker_cold_mb", _memory(cold, story.body)


def _change(policies: Path, count: int) -> None:
    """Another title for one of the policies."""
    payer = f"plan{count - 1:03}x" if count > 1 else SHIPPED
    for head in (policies / payer).rglob("policy.yaml"):
        head.write_text(f"{head.read_text(encoding='utf-8')}# changed\n", encoding="utf-8")


def _settings(folder: Path, story: Story, cache: str) -> dict[str, str]:
    clients = (
        {}
        if story.clients == "none"
        else {"CDS_CLIENTS": str(FIXTURES / "clients" / story.clients)}
    )
    return {
        **os.environ,
        **clients,
        "CDS_CONTENT": str(folder / "content"),
        "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "CDS_WORKERS": str(WORKERS),
        "CDS_AS_OF": AS_OF.isoformat(),
        "CDS_CACHE_DIR": cache,
    }


def _started(settings: dict[str, str]) -> tuple[float, float]:
    imported, whole = _run(START, settings).split()
    return float(imported), float(whole)


def _run(script: str, settings: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(  # noqa: S603 - our own script
        command, env=settings, check=True, capture_output=True, text=True
    ).stdout


def _memory(settings: dict[str, str], body: dict[str, Any]) -> dict[str, float]:
    """Megabytes of the workers after some requests: resident, and with shared pages divided (PSS)."""
    port = free_port()
    command = [sys.executable, "-m", "service", "serve"]
    with running(command, port, {**settings, "CDS_PORT": str(port)}, PATIENCE) as master:
        for _ in range(40):
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {"Content-Type": "application/json"}
            connection.request("POST", SERVICE, orjson.dumps(body), headers)
            connection.getresponse().read()
            connection.close()
        workers = _children(master)
        return {
            name: round(max(_rollup(pid, field) for pid in workers) / 1024, 1)
            for name, field in (("rss", "Rss"), ("pss", "Pss"), ("own", "Private_Dirty"))
        }


def _children(master: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == master:
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return found


def _rollup(pid: int, field: str) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{field}:"))


def main() -> None:
    """Prints the figures of each count."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--counts", type=int, nargs="+", default=[1, 200])
    asked.add_argument("--runs", type=int, default=RUNS)
    asked.add_argument("--out", type=Path, help="only write a content folder, with the first count")
    given = asked.parse_args()
    if given.out:
        write_content(given.out, given.counts[0])
        return
    for count in given.counts:
        for name, figure in figures(count, given.runs):
            print(f"{name:>20} {figure}", flush=True)


if __name__ == "__main__":
    main()
