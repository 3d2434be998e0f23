"""`/policies/<id>`: the same page, as a link target."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support.fakes import settings
from support.paths import ROOT
from support.shipped import SHIPPED

from service.app import create_app
from service.store import Store


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The service with the shipped documents."""
    folder: Path = tmp_path_factory.mktemp("web")
    wanted = settings(folder, content=ROOT)
    return create_app(wanted, store=Store.open(wanted.database_url)).test_client()


@pytest.mark.parametrize("name", ["bcbsms/L.5.01.513", SHIPPED])
def test_a_policy_is_served_as_a_page(http: FlaskClient, name: str) -> None:
    answer = http.get(f"/policies/{name}")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert "At least 10 % of the body surface affected" in answer.text


def test_an_unknown_policy_is_not_found(http: FlaskClient) -> None:
    answer = http.get("/policies/bcbsms/nothing")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["resourceType"] == "OperationOutcome"
