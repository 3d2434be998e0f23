"""Recordings of the project's fixtures, and what was recorded of them."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from support.cases.run import library
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.facts.client import Client
from service.recordings.recorder import RecordedCall, Recorder
from service.recordings.safe.known_words import KnownWords

DAY = AsOf("day", date(2026, 11, 21))
HELD = Client("local", {"record": True, "claims": date(2015, 1, 1), "authorizations": True})
SERVICE = "dupilumab-order-sign"
Json = dict[str, Any]


@cache
def words() -> KnownWords:
    """The words of the shipped documents."""
    return KnownWords(library())


def fixture(name: str) -> Json:
    """A recorded story."""
    body: Json = orjson.loads((ROOT / f"fixtures/{name}.json").read_bytes())
    return body


def call_of(body: Json) -> RecordedCall:
    """A call as it was answered."""
    hook = parse_hook_request(body, frozenset(["order-sign", "order-select"]))
    cards = advise(library(), hook, HELD, DAY).cards
    return RecordedCall(SERVICE, HELD, DAY, orjson.dumps(body), orjson.dumps({"cards": cards}))


def recorder(folder: Path) -> Recorder:
    """A recorder with a secret of its own."""
    return Recorder(folder, library(), b"secret")


def recorded(folder: Path, *names: str) -> list[Path]:
    """The recordings of some stories."""
    made = recorder(folder)
    files = [made.record(call_of(fixture(name))) for name in names]
    return [file for file in files if file is not None]
