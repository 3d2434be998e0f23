"""The description of the interface: valid, and of every address."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from support.site import http

from service.web.site.openapi import ABOUT


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return http()


@pytest.fixture(scope="module")
def described(client: FlaskClient) -> Any:
    return client.get("/openapi.json").get_json()


def test_description_is_valid(described: Any) -> None:
    validate(described)


def test_every_route_is_described_and_nothing_else(client: FlaskClient, described: Any) -> None:
    rules = [rule.endpoint for rule in client.application.url_map.iter_rules()]
    operations = [
        each["operationId"] for path in described["paths"].values() for each in path.values()
    ]
    assert sorted(operations) == sorted(rule.replace(".", "_") for rule in rules)
    assert set(ABOUT) - set(rules) == {"front.no_demo"}


def test_service_ids_and_bodies_are_named(described: Any) -> None:
    call = described["paths"]["/cds-services/{service_id}"]["post"]
    assert "dupilumab-order-sign" in call["parameters"][0]["schema"]["enum"]
    assert call["requestBody"]["required"]
    assert {"200", "400", "412", "413", "503"} <= set(call["responses"])


def test_description_of_a_server_without_the_demo_leaves_it_out() -> None:
    paths = http(CDS_DEMO="off").get("/openapi.json").get_json()["paths"]
    assert paths["/demo"]["get"]["operationId"] == "front_no_demo"
    assert not any(path.startswith("/demo/") for path in paths)
