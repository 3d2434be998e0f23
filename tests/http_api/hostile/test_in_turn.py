"""Requests that let each other go ahead at every check get the answers that they get alone."""

from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from support.hostile.served import post, serve, without_ids
from support.paths import ROOT

from service.web import request_queue

CALLERS = 4
STORIES = sorted(
    file.read_bytes()
    for name in ("asthma", "copd", "crswnp", "eoe", "pn", "p001", "asthma-and", "adalimumab")
    for file in (ROOT / "fixtures").glob(f"{name}-*.json")
)
PATIENCE = 120  # seconds until a request counts as blocked for ever


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    made = serve(tmp_path)
    made.extensions["runtime"].cpu_seconds = float("inf")
    return made


def test_interleaved_requests_get_the_answers_they_get_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(raw: bytes) -> str:
        return without_ids(post(app.test_client(), raw).get_json())

    def ask(first: int) -> None:
        for n in range(first, len(STORIES), CALLERS):
            together[n] = answer(STORIES[n])

    alone = [answer(raw) for raw in STORIES]
    together = [""] * len(STORIES)
    monkeypatch.setattr(request_queue, "SECONDS_FOR_A_STEP", 1e-12)  # whoever waits goes ahead
    # daemons, since one that is blocked for ever would keep the tests from ending
    callers = [Thread(target=ask, args=(n,), daemon=True) for n in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(PATIENCE)
    assert together == alone
