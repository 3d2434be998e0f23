"""The discovery document of the shipped services."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

TOKEN = re.compile(r"\{\{(.*?)\}\}")
USER_TOKENS = {
    "userPractitionerId",
    "userPractitionerRoleId",
    "userPatientId",
    "userRelatedPersonId",
}
CONTEXT_TOKENS = {"context.userId", "context.patientId", "context.encounterId"}
PUBLISHED = {"order-sign", "order-select"}
PORTABLE = re.compile(
    r"[A-Z]\w+(/\{\{\w+(\.\w+)?\}\}|\?(patient|practitioner)=\{\{\w+(\.\w+)?\}\}(&(combo-)?code=[^&]+)?)"
)


@pytest.fixture
def services(http: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get("/cds-services").get_json()["services"]
    assert found
    return found


@pytest.mark.conforms("DISC-03", "DISC-04")
def test_each_service_says_what_it_is(services: list[dict[str, Any]]) -> None:
    for one in services:
        assert all(
            isinstance(one[name], str) and one[name].strip() for name in ("hook", "id", "title")
        )
        assert one["description"].strip()


@pytest.mark.conforms("DISC-05", "DISC-13")
def test_ids_are_parts_of_a_url_and_hooks_are_published(services: list[dict[str, Any]]) -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+", one["id"]) for one in services)
    assert len({(one["id"], one["hook"]) for one in services}) == len(services)
    assert {one["hook"] for one in services} <= PUBLISHED


@pytest.mark.conforms("DISC-06", "DISC-07", "DISC-08", "DISC-09", "DISC-10", "CRD-28")
def test_every_ehr_can_fill_the_templates(services: list[dict[str, Any]]) -> None:
    for one in services:
        assert one["prefetch"]
        for key, template in one["prefetch"].items():
            assert re.fullmatch(r"\w+", key)
            assert set(TOKEN.findall(template)) <= USER_TOKENS | CONTEXT_TOKENS
            assert PORTABLE.fullmatch(template)
            assert "%" not in template


@pytest.mark.conforms("DISC-11")
def test_nothing_is_null_or_empty(services: list[dict[str, Any]]) -> None:
    for one in services:
        assert all(
            value not in (None, "", [], {}) for value in (*one.values(), *one["prefetch"].values())
        )


@pytest.mark.conforms("DISC-12")
def test_each_service_tells_which_cds_hooks_it_speaks(services: list[dict[str, Any]]) -> None:
    assert {one["version"] for one in services} == {"2.0.1"}
