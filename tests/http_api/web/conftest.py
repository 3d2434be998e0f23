"""The application with fakes for the medicine, a real store in a folder of the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.empty_store import empty_store
from support.fakes import SIGN, FakeAdvise, empty_library, settings
from werkzeug.test import TestResponse

from service.app import create_app
from service.store import Store


@pytest.fixture
def advise() -> FakeAdvise:
    return FakeAdvise()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = empty_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def app(tmp_path: Path, advise: FakeAdvise, store: Store) -> Flask:
    return create_app(settings(tmp_path), library=empty_library(), advise=advise, store=store)


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def call(http: FlaskClient) -> Callable[..., TestResponse]:
    """Posts JSON to a service, order-sign unless told otherwise."""

    def post(body: Any, service: str = SIGN, **more: Any) -> TestResponse:
        return http.post(f"/cds-services/{service}", json=body, **more)

    return post
