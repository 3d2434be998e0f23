"""The whole service with the shipped documents, called over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.fakes import settings
from support.paths import ROOT
from support.sent import recorded
from werkzeug.test import TestResponse

from service.app import create_app
from service.store import Store


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The service; its store lies in a folder of the test."""
    here = settings(tmp_path_factory.mktemp("conformance"), content=ROOT)
    store = Store.open(here.database_url)
    yield create_app(here, store=store).test_client()
    store.close()


@pytest.fixture
def send(http: FlaskClient) -> Callable[[Any], TestResponse]:
    """Posts a request to the service of its hook."""

    def post(body: Any) -> TestResponse:
        return http.post(f"/cds-services/dupilumab-{body['hook']}", json=body)

    return post


@pytest.fixture(scope="module")
def known_answers() -> dict[str, TestResponse]:
    """The answers to recorded requests by name."""
    return {}


@pytest.fixture
def replayed(
    send: Callable[[Any], TestResponse], known_answers: dict[str, TestResponse]
) -> Callable[[str], TestResponse]:
    """The answer to a recorded request, sent once for all tests of a file; nobody may change it."""

    def answer(name: str) -> TestResponse:
        if name not in known_answers:
            known_answers[name] = send(recorded(name))
            assert known_answers[name].status_code == 200, known_answers[name].text
        return known_answers[name]

    return answer


@pytest.fixture
def ask(send: Callable[[Any], TestResponse]) -> Callable[[Any], Any]:
    """Posts a request that must be answered, and reads the answer."""

    def post(body: Any) -> Any:
        answer = send(body)
        assert answer.status_code == 200, answer.text
        return answer.json

    return post
