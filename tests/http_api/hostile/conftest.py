"""The whole service, and a caller after whom it must answer as before."""

from collections.abc import Iterator

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.hostile.bombs import recorded
from support.hostile.served import post, serve, without_ids


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    found = serve(tmp_path_factory.mktemp("input"))
    yield found
    found.extensions["runtime"].store.close()


@pytest.fixture(scope="module")
def ordinary_answer(app: Flask) -> str:
    """The answer to an ordinary request before anything else was sent."""
    return without_ids(post(app.test_client(), orjson.dumps(recorded())).json)


@pytest.fixture
def http(app: Flask, ordinary_answer: str) -> Iterator[FlaskClient]:
    """A caller after whom an ordinary request is answered as before, whatever was sent."""
    caller = app.test_client()
    yield caller
    assert without_ids(post(caller, orjson.dumps(recorded())).json) == ordinary_answer
