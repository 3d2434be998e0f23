"""What the HTTP handlers share: the hooks of a service."""

import pytest
from flask import Flask
from support.cases.run import library

from service.app import create_app
from service.settings import read_settings
from service.web.runtime import Runtime


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    """The runtime of an application with the shipped documents."""
    app: Flask = create_app(read_settings({"CDS_DATABASE_URL": "sqlite://"}), library=library())
    made: Runtime = app.extensions["runtime"]
    return made


def test_service_has_its_hook_and_an_unknown_one_has_none(runtime: Runtime) -> None:
    for service in library().services:
        assert service.hook in runtime.hooks(service.id)
    assert runtime.hooks("no-such-service") == frozenset()
