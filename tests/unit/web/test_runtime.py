"""What the HTTP handlers share: the hooks of a service, and a lock that is given up while waiting."""

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


def test_lock_is_free_while_a_request_waits_and_taken_again_after(runtime: Runtime) -> None:
    with runtime.one_at_a_time:
        with runtime.released():
            assert not runtime.one_at_a_time.locked()
        assert runtime.one_at_a_time.locked()
    assert not runtime.one_at_a_time.locked()


def test_lock_is_taken_again_if_the_wait_fails(runtime: Runtime) -> None:
    with runtime.one_at_a_time:
        with pytest.raises(TimeoutError), runtime.released():
            raise TimeoutError
        assert runtime.one_at_a_time.locked()
