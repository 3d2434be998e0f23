"""Tries an environment into which only the wheel was installed: commands, server and Python call.

    python tools/try_wheel.py build/wheel

All runs in an empty folder, with no variable of this environment that could lead to the checkout.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

AS_OF = "2026-11-21"
STORY = "p001-initial.json"
SERVICE = "/cds-services/dupilumab-order-sign"
CALL = f"""
import json, sys
from datetime import date
from pathlib import Path
import service
from dupilumab_cds import evaluate
home = Path(service.__file__).parent
request = (home / "_content/fixtures/{STORY}").read_bytes()
found = evaluate(request, as_of=date.fromisoformat("{AS_OF}"))
print(json.dumps([str(home), request.decode(), found.assessments[0]["outcome"]]))
"""
PAGES = ("/", "/policies", "/docs", "/demo", "/openapi.json", "/ready", "/metrics")


def main() -> None:
    """Prints what was tried; ends with 1 and the reason if something does not work."""
    place = Path(sys.argv[1]).resolve() / "bin"
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}}
    with tempfile.TemporaryDirectory() as folder:

        def run(*command: str | Path) -> str:
            """What a command prints; the script ends if it fails."""
            told = subprocess.run(  # noqa: S603 - our own commands
                command, cwd=folder, env=kept, check=True, stdout=subprocess.PIPE, text=True
            )
            return told.stdout

        print("check:", run(place / "dupilumab-cds", "check").strip())
        home, request, outcome = json.loads(run(place / "python", "-c", CALL))
        if not home.startswith(str(place.parent)):
            raise SystemExit(f"the service was imported from {home}")
        print(f"evaluate: {outcome}, from {home}")
        with _served(place, folder, kept) as url:
            answer = _opened(f"{url}{SERVICE}", request.encode())
            extension = json.loads(answer)["cards"][0]["extension"]
            (assessment,) = extension.values()
            if assessment["outcome"] != outcome:
                raise SystemExit(f"the server says {assessment['outcome']}, evaluate {outcome}")
            print("signed:", assessment["outcome"], assessment["content"])
            for page in PAGES:
                print(page, len(_opened(f"{url}{page}")), "bytes")


@contextmanager
def _served(place: Path, folder: str, environment: dict[str, str]) -> Iterator[str]:
    """The address of a server on a free port, while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {**environment, "CDS_PORT": str(port), "CDS_AS_OF": AS_OF, "CDS_WORKERS": "1"}
    process = subprocess.Popen(  # noqa: S603
        [place / "dupilumab-cds", "serve"], cwd=folder, env=settings, stderr=subprocess.PIPE
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = monotonic() + 120
        while not _answers(url):
            if process.poll() is not None or monotonic() > until:
                process.terminate()
                raise SystemExit(f"no server: {process.communicate()[1].decode()}")
            sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return bool(_opened(f"{url}/health"))
    except URLError:
        return False


def _opened(url: str, body: bytes | None = None) -> bytes:
    headers = {"Content-Type": "application/json"} if body else {}
    with urlopen(Request(url, body, headers), timeout=60) as answer:  # noqa: S310 - our own server
        content: bytes = answer.read()
        return content


if __name__ == "__main__":
    main()
