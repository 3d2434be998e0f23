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


@pytest.fixture
def http(app: Flask) -> Iterator[FlaskClient]:
    """A caller after whom an ordinary request is answered as before, whatever was sent."""
    caller, ordinary = app.test_client(), orjson.dumps(recorded())
    before = without_ids(post(caller, ordinary).json)
    yield caller
    assert without_ids(post(caller, ordinary).json) == before
