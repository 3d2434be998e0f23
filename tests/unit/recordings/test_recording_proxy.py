"""The proxy passes calls on as they are, and records those of services."""

from io import BytesIO
from pathlib import Path

import orjson
import pytest
import responses
from support.recordings import DAY, SERVICE, fixture, recorder
from werkzeug.test import Client, TestResponse

from service.recordings.recording_proxy import LARGEST, RecordingProxy

UPSTREAM = "https://cds.example"


def client(folder: Path) -> tuple[Client, RecordingProxy]:
    proxy = RecordingProxy(UPSTREAM, recorder(folder), lambda: DAY)
    return Client(proxy), proxy


@responses.activate
def test_a_call_is_passed_on_and_recorded(tmp_path: Path) -> None:
    responses.post(f"{UPSTREAM}/cds-services/{SERVICE}", json={"cards": []}, headers={"X-Own": "1"})
    caller, proxy = client(tmp_path)
    body = orjson.dumps(fixture("p001-claims"))
    answer = caller.post(
        f"/cds-services/{SERVICE}", data=body, headers={"Authorization": "Bearer x"}
    )
    proxy._recorder.wait()  # noqa: SLF001 - the proxy has no end of its own
    assert (answer.status_code, answer.json, answer.headers["X-Own"]) == (200, {"cards": []}, "1")
    assert responses.calls[0].request.headers["Authorization"] == "Bearer x"
    assert responses.calls[0].request.body == body
    assert len([*tmp_path.glob("*.json")]) == 1


def in_chunks(caller: Client, body: bytes) -> TestResponse:
    return caller.post(
        f"/cds-services/{SERVICE}",
        input_stream=BytesIO(body),
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"CONTENT_LENGTH": "", "wsgi.input_terminated": True},
    )


@responses.activate
def test_a_body_in_chunks_is_passed_on_whole(tmp_path: Path) -> None:
    responses.post(f"{UPSTREAM}/cds-services/{SERVICE}", json={"cards": []})
    caller, proxy = client(tmp_path)
    body = orjson.dumps(fixture("p001-claims"))
    assert in_chunks(caller, body).status_code == 200
    proxy._recorder.wait()  # noqa: SLF001 - the proxy has no end of its own
    assert responses.calls[0].request.body == body
    assert len([*tmp_path.glob("*.json")]) == 1


def test_bodies_that_are_too_large_or_cut_off_are_refused(tmp_path: Path) -> None:
    caller, _ = client(tmp_path)
    assert in_chunks(caller, bytes(LARGEST + 1)).status_code == 413
    path = "/cds-services/x"
    for length, status in ((str(LARGEST + 1), 413), ("9", 400)):
        stream = BytesIO(bytes(int(length) if status == 413 else 3))
        changed = {"CONTENT_LENGTH": length}
        answer = caller.post(path, input_stream=stream, environ_overrides=changed)
        assert answer.status_code == status


@responses.activate
def test_discovery_and_feedback_are_passed_on_only(tmp_path: Path) -> None:
    responses.get(f"{UPSTREAM}/cds-services", json={"services": []})
    responses.post(f"{UPSTREAM}/cds-services/x/feedback", json={}, status=200)
    caller, _ = client(tmp_path)
    assert caller.get("/cds-services").json == {"services": []}
    assert caller.post("/cds-services/x/feedback", data=b"{}").status_code == 200
    assert [*tmp_path.iterdir()] == []


@responses.activate
@pytest.mark.parametrize("path", ["/cds-services", "/cds-services/x"])
def test_a_service_that_does_not_answer_is_said(tmp_path: Path, path: str) -> None:
    caller, _ = client(tmp_path)
    answer = caller.post(path, data=b"{}")
    assert answer.status_code == 502
    assert answer.json is not None
    assert "cannot be reached" in answer.json["error"]
