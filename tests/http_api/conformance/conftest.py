"""The whole service with the shipped documents, called over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.fakes import settings
from support.paths import ROOT
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


@pytest.fixture
def ask(send: Callable[[Any], TestResponse]) -> Callable[[Any], Any]:
    """Posts a request that must be answered, and reads the answer."""

    def post(body: Any) -> Any:
        answer = send(body)
        assert answer.status_code == 200, answer.text
        return answer.json

    return post
