"""The whole service with its own documents, and what must hold of each of its answers."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from support.fakes import settings
from support.paths import ROOT
from werkzeug.test import TestResponse

from service.app import create_app
from service.library import load_library

SIGN, SELECT = "/cds-services/dupilumab-order-sign", "/cds-services/dupilumab-order-select"
TWIN = "org.dupilumab-cds.assessment"
ID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
# All that our own loggers may write of a request.
LOG_LINE = re.compile(
    r"method=(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|\?) route=(?:none|/[a-z<>:_./-]*)"
    rf" status=\d{{3}} ms=\d+\.\d in=\d+ out=\d+ id={ID}"
)


@lru_cache(maxsize=1)
def library() -> Any:
    """The shipped documents, for a client whose claims are complete."""
    return load_library(ROOT, ROOT / "fixtures" / "clients" / "claims_held.yaml")


@lru_cache(maxsize=1)
def _schema() -> Draft202012Validator:
    return Draft202012Validator(
        json.loads((ROOT / "service/web/assessment.schema.json").read_bytes())
    )


def serve(folder: Path) -> Flask:
    """The application as it ships, on one fixed day, with its store in a folder."""
    app = create_app(settings(folder, as_of=date(2026, 11, 21)), library=library())
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def post(http: FlaskClient, raw: bytes, path: str = SIGN, **more: Any) -> TestResponse:
    """One call with these bytes."""
    return http.post(path, data=raw, content_type="application/json", **more)


def without_ids(cards: Any) -> str:
    """Cards as text, with every UUID made the same."""
    return re.sub(ID, "(id)", json.dumps(cards))


class _Keeper(logging.Handler):
    """Puts what is logged into a list."""

    def __init__(self, kept: list[logging.LogRecord]) -> None:
        super().__init__()
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(record)


@contextmanager
def logged() -> Iterator[list[logging.LogRecord]]:
    """What is logged meanwhile."""
    kept: list[logging.LogRecord] = []
    keeper = _Keeper(kept)
    root = logging.getLogger()
    level = root.level
    root.addHandler(keeper)
    root.setLevel(logging.INFO)
    try:
        yield kept
    finally:
        root.removeHandler(keeper)
        root.setLevel(level)


def assert_sound(answer: TestResponse) -> None:
    """JSON, never a failure of ours; cards as CDS Hooks has them, or an OperationOutcome."""
    assert answer.status_code == 200 or 400 <= answer.status_code < 500, answer.text[:300]
    assert answer.content_type == "application/json"
    body = json.loads(answer.data, parse_constant=_no_constant)
    if answer.status_code == 200:
        assert set(body) <= {"cards", "systemActions"}
        assert len(body["cards"]) <= 5
        for card in body["cards"]:
            assert_card(card)
    else:
        assert body["resourceType"] == "OperationOutcome"
        assert answer.headers["X-Request-Id"] in body["issue"][0]["diagnostics"]


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def assert_card(card: Any) -> None:
    """The rules of CDS Hooks for one card, and our own schema for its twin."""
    assert re.fullmatch(ID, card["uuid"])
    assert 0 < len(card["summary"]) < 140
    assert card["indicator"] in {"info", "warning"}
    assert card["source"]["label"]
    assert None not in card.values()
    for suggestion in card.get("suggestions", ()):
        assert card["selectionBehavior"] in {"at-most-one", "any"}
        assert suggestion["label"]
        for action in suggestion["actions"]:
            assert action["type"] in {"create", "update", "delete"}
            assert action["description"]
            assert ("resource" in action) or ("resourceId" in action)
    if (twin := card.get("extension", {}).get(TWIN)) is not None:
        _schema().validate(twin)
