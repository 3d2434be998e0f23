"""A worker ends as it should: after what was begun if it is asked to, and with gunicorn if that is gone."""

import json
import socket
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import create_engine, text
from support.fakes import SIGN, hook_request, settings
from support.servers import TYPE, started

PATH = f"/cds-services/{SIGN}"
PATIENCE = 30  # seconds until a process counts as one that does not end


def ask(connection: HTTPConnection, patient: str) -> None:
    """Sends a request."""
    body = hook_request()
    body["context"]["patientId"] = patient
    connection.request("POST", PATH, json.dumps(body), TYPE)


def test_worker_that_is_stopped_answers_what_was_begun_and_its_decisions_are_stored(
    tmp_path: Path,
) -> None:
    with started(tmp_path) as (process, port), socket.create_connection(("127.0.0.1", port)):
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        ask(connection, "p1")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        ask(connection, "endless")
        sleep(0.2)  # the request is there; it ends when its share of CPU time is used up
        process.terminate()
        assert connection.getresponse().status == 413
        connection.close()
        process.wait(PATIENCE)
    engine = create_engine(settings(tmp_path).database_url)
    with engine.connect() as database:
        assert database.execute(text("select count(*) from decisions")).scalar_one() == 1
    engine.dispose()


def test_worker_ends_with_gunicorn(tmp_path: Path) -> None:
    with started(tmp_path) as (process, port):
        process.kill()
        until = monotonic() + PATIENCE
        while monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return
            sleep(0.05)
        pytest.fail("a worker serves on without gunicorn")
