"""A request that costs a lot is ended, and keeps nobody waiting."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from support.fakes import SIGN, FakeAdvice, empty_library, hook_request, settings
from support.hostile import served
from support.hostile.bombs import recorded
from support.servers import TYPE, serving

from service.app import create_app
from service.web.computing import SMALL
from service.web.request_queue import STEP
from service.web.runtime import Runtime

PATH = f"/cds-services/{SIGN}"
TINY = 1e-6


def post(http: FlaskClient, patient: str) -> int:
    """The status of one call for a patient."""
    body = hook_request()
    body["context"]["patientId"] = patient
    return http.post(PATH, json=body).status_code


@pytest.mark.conforms("HTTP-09")
def test_request_past_its_share_gets_a_413_and_nothing_is_stored(tmp_path: Path) -> None:
    day = settings(tmp_path, as_of=date(2026, 11, 21), cpu_seconds=TINY)
    app = create_app(day, library=served.library())
    http = app.test_client()
    answer = http.post(served.SIGN, json=recorded())
    (issue,) = answer.get_json()["issue"]
    assert (answer.status_code, issue["code"]) == (413, "too-costly")
    assert "more than its share of 1e-06 s of CPU time" in issue["diagnostics"]
    assert "fewer resources or fewer draft orders" in issue["diagnostics"]
    app.extensions["runtime"].store.close()
    with create_engine(day.database_url).connect() as connection:
        assert connection.execute(text("select count(*) from decisions")).scalar_one() == 0


def test_next_request_is_answered_after_one_past_its_share(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, cpu_seconds=0.1), library=empty_library(), advise=_endless)
    http = app.test_client()
    assert post(http, "endless") == 413
    assert post(http, "quick") == 200
    assert not app.extensions["runtime"].turns.taken


def test_light_request_is_answered_before_a_heavy_one_that_came_first(tmp_path: Path) -> None:
    answered: list[str] = []

    def advise(_library: Any, request: Any, *_: Any) -> FakeAdvice:
        if request.patient_id == "heavy":
            begun.set_result(None)
            # works until somebody waits who took less
            while not runtime.turns.waiting or request.share.used < 2 * STEP:
                pass
            request.share.check()
        answered.append(request.patient_id)
        return FakeAdvice()

    app = create_app(settings(tmp_path), library=empty_library(), advise=advise)
    runtime: Runtime = app.extensions["runtime"]
    begun: Future[None] = Future()
    with ThreadPoolExecutor(2) as callers:
        heavy = callers.submit(post, app.test_client(), "heavy")
        begun.result()
        light = callers.submit(post, app.test_client(), "light")
        assert (heavy.result(), light.result()) == (200, 200)
    assert answered == ["light", "heavy"]


def _endless(_library: Any, request: Any, *_: Any) -> FakeAdvice:
    while request.patient_id == "endless":
        request.share.check()
    return FakeAdvice()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with serving(tmp_path_factory.mktemp("fair")) as found:
        yield found


@dataclass
class Answer:
    """What came back over a real connection."""

    status: int
    retry_after: str | None
    body: Any

    @property
    def summaries(self) -> list[str]:
        """What each card says first."""
        return [card["summary"] for card in self.body["cards"]]

    @property
    def diagnostics(self) -> str:
        """What the error says."""
        (issue,) = self.body["issue"]
        return str(issue["diagnostics"])


def ask(port: int, patient: str, *, large: bool, raw: bytes | None = None) -> Answer:
    """A call over a real connection; a large one is filled up with blanks."""
    body = hook_request()
    body["context"]["patientId"] = patient
    content = (orjson.dumps(body) if raw is None else raw) + b" " * (SMALL if large else 0)
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", PATH, content, TYPE)
        answer = connection.getresponse()
        found = orjson.loads(answer.read())
        return Answer(answer.status, answer.headers["Retry-After"], found)


def test_large_request_gets_the_answer_of_a_small_one(port: int) -> None:
    assert ask(port, "p1", large=True).summaries == ask(port, "p1", large=False).summaries


def test_large_request_is_computed_in_another_process(port: int) -> None:
    here, elsewhere = ask(port, "process", large=False), ask(port, "process", large=True)
    assert here.summaries != elsewhere.summaries


def test_small_request_that_takes_long_is_computed_in_another_process(port: int) -> None:
    here, elsewhere = ask(port, "process", large=True), ask(port, "slow", large=False)
    assert here.summaries == elsewhere.summaries


@pytest.mark.parametrize(
    ("raw", "status", "says"),
    [(b"{", 400, "strict JSON"), (b"[" * 90 + b"]" * 90, 400, "must be a JSON object")],
)
def test_large_wrong_request_gets_its_400(port: int, raw: bytes, status: int, says: str) -> None:
    answer = ask(port, "p1", large=True, raw=raw)
    assert answer.status == status
    assert says in answer.diagnostics


def test_large_request_past_its_share_gets_a_413(port: int) -> None:
    answer = ask(port, "endless", large=True)
    assert answer.status == 413
    assert "its share of 0.5 s" in answer.diagnostics
    assert ask(port, "p1", large=True).status == 200


def test_bug_in_the_second_process_is_a_500_and_the_process_goes_on(port: int) -> None:
    assert ask(port, "bug", large=True).status == 500
    assert ask(port, "p1", large=True).status == 200


def test_worker_starts_again_when_its_second_process_has_ended(port: int) -> None:
    answer = ask(port, "ends", large=True)
    assert (answer.status, answer.retry_after) == (503, "5")
    until, status = monotonic() + 60, 503
    while status != 200 and monotonic() < until:
        try:
            status = ask(port, "p1", large=True).status
        except (OSError, HTTPException):  # the worker closes its connections while it stops
            continue
    assert status == 200
