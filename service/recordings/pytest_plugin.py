"""The pytest plugin of the distribution: `cds_replay("recordings/")` in a suite of an integrator's own."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import pytest

ACCEPT, URL, CONTENT = "--cds-accept", "--cds-url", "--cds-content"
# Loaded when it is used: the plugin itself is loaded by every run of pytest where this is installed.
REPLAY = "service.recordings.replay_in_pytest"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of pytest: where the recordings are run, and whether their answers become the kept ones."""
    group = parser.getgroup("cds", "recorded calls of a CDS service")
    group.addoption(ACCEPT, action="store_true", help="keep what is answered now as the expected")
    group.addoption(URL, metavar="URL", help="run recordings on the service at this address")
    group.addoption(CONTENT, metavar="DIR", help="run recordings by the documents of this folder")


@pytest.fixture(scope="session")
def cds_replay(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Runs the recordings of a folder, by the shipped documents unless an option or argument says otherwise.

    It fails with every difference, one line each, and returns what was run.
    """
    option = request.config.getoption
    replayed = import_module(REPLAY).replayed
    return partial(
        replayed, default_url=option(URL), default_content=option(CONTENT), keep=option(ACCEPT)
    )
