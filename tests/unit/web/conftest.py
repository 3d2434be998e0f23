"""A launcher and a service that it launches, for the tests of the page of questions."""

from collections.abc import Iterator

import pytest
from support.launched import Launched, launched, recorded
from support.smart_launcher import KEY, SmartLauncher, smart_launcher

HOLDS = "{record: true, claims: 2015-01-01}"


@pytest.fixture(scope="module")
def launcher() -> Iterator[SmartLauncher]:
    with smart_launcher() as one:
        yield one


@pytest.fixture(scope="module")
def service(
    launcher: SmartLauncher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Launched]:
    with launched(launcher, tmp_path_factory.mktemp("launch"), holds=HOLDS) as one:
        yield one


@pytest.fixture
def at(service: Launched) -> Iterator[Launched]:
    """The same, as it was before, with an empty browser; the EHR has the patient of p001-claims."""
    launcher = service.launcher
    launcher.app_context = launcher.scope = launcher.user = launcher.patient = None
    launcher.refusing = launcher.total = None
    launcher.broken = set()
    launcher.claims, launcher.key, launcher.created = {}, KEY, []
    launcher.hold(recorded())
    service.http = service.http.application.test_client()
    service.path = service.page = ""
    yield service
    kept = service.store.statements
    assert kept is not None
    for patient in service.patients:
        kept.delete(patient)
