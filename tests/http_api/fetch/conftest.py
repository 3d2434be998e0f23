"""The application for a client that lists one FHIR server, and that server."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
import responses
from flask import Flask
from support.ehr import BASE, SIGN, Ehr, Json, library
from support.empty_store import empty_store
from support.fakes import settings
from support.live_ehr import Answers, Listening, Server
from werkzeug.test import TestResponse

from service.app import create_app
from service.store import Store


@pytest.fixture
def ehr() -> Iterator[Ehr]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Ehr(mock)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests of a file, which do not look into it."""
    opened = empty_store(tmp_path_factory.mktemp("store"))
    yield opened
    opened.close()


@pytest.fixture
def house(tmp_path: Path, store: Store) -> Callable[..., Flask]:
    """The application for a client that lists one server, on the store of the file or on another one."""

    def build(base: str = BASE, deadline: float = 2.5, on: Store = store) -> Flask:
        day = settings(tmp_path, as_of=date(2026, 11, 21))
        return create_app(day, library=library(base, deadline), store=on)

    return build


@pytest.fixture
def call(house: Callable[..., Flask]) -> Callable[..., TestResponse]:
    """Posts to one application, order-sign unless told otherwise."""
    http = house().test_client()

    def post(body: Json, service: str = SIGN) -> TestResponse:
        return http.post(f"/cds-services/{service}", json=body)

    return post


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    handler = type("Handler", (Answers,), {"server_of": found})
    with Listening(("127.0.0.1", 0), handler) as listening:
        found.base = f"http://127.0.0.1:{listening.server_port}/fhir"
        thread = Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield found
        finally:
            found.release.set()
            listening.shutdown()
            thread.join()
