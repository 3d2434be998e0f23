"""Recorded requests, damaged: answered or refused, and the service stays as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.control import note
from support.hostile.damage import BYTES, EDITS, NAMES, Edit, damaged, raw, torn
from support.hostile.served import SELECT, SIGN, assert_sound, post, serve, without_ids

FAILED = sorted((Path(__file__).parent / "failed").glob("*.json"))


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = serve(tmp_path_factory.mktemp("fuzz"))
    yield app.test_client()
    app.extensions["runtime"].store.close()


def ask(http: FlaskClient, body: bytes) -> None:
    """At both doors: what is damaged may say either hook."""
    path = SELECT if b'"order-select"' in body[:2000] else SIGN
    assert_sound(post(http, body, path))


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(NAMES), st.sampled_from(NAMES), EDITS, BYTES)
def test_a_damaged_request_is_answered_or_refused(
    http: FlaskClient, name: str, other: str, edits: list[Edit], tear: Any
) -> None:
    body = torn(orjson.dumps(damaged(name, other, edits)), tear)
    note(body[:100].decode(errors="replace"))
    ask(http, body)


@pytest.mark.parametrize("path", FAILED, ids=lambda path: path.stem)
def test_request_that_once_failed_is_answered_or_refused(http: FlaskClient, path: Path) -> None:
    ask(http, path.read_bytes())


def test_undamaged_request_is_answered_as_before(http: FlaskClient, tmp_path: Path) -> None:
    for name in NAMES[::9]:
        path = SELECT if name.startswith("select") else SIGN
        fresh = serve(tmp_path / name).test_client()
        before = post(fresh, raw(name), path).json
        ask(http, torn(raw(name), ("cut", 5000, b"")))
        assert without_ids(post(http, raw(name), path).json) == without_ids(before)
