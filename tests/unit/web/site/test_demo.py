"""The demo: recorded requests, moved to the day of the server."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from support.site import http

from service.web.site.demo import moved


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return http()


def test_demo_offers_every_recorded_request_by_its_story(client: FlaskClient) -> None:
    page = client.get("/demo").text
    assert '<option value="p001-initial">' in page
    assert page.count("<option value=") > 45
    assert "Severe disease and four topicals" in page


def test_request_comes_as_it_was_recorded_on_the_day_of_the_recordings(client: FlaskClient) -> None:
    body = client.get("/demo/requests/p001-initial.json").get_json()
    assert (
        body["prefetch"]["observations"]["entry"][0]["resource"]["effectiveDateTime"]
        == "2026-11-10"
    )


def test_days_are_moved_to_the_day_of_the_server() -> None:
    body = http(CDS_AS_OF="2027-01-01").get("/demo/requests/p001-initial.json").get_json()
    assert (
        body["prefetch"]["observations"]["entry"][0]["resource"]["effectiveDateTime"]
        == "2026-12-21"
    )
    assert body["context"]["draftOrders"]["entry"][0]["resource"]["authoredOn"] == "2027-01-01"


def test_versions_and_ids_are_not_moved() -> None:
    value = {
        "canonical": "https://x/Q|2025-10-01",
        "id": "a-2025-10-01",
        "at": "2026-11-20T15:40:00-06:00",
    }
    assert moved(value, timedelta(days=1)) == {**value, "at": "2026-11-21T15:40:00-06:00"}


@pytest.mark.parametrize("name", ["nothing", "..%2fREADME", "clients"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/demo/requests/{name}.json").status_code == 404


def test_demo_is_not_there_where_it_is_off_or_others_can_call() -> None:
    assert http(CDS_DEMO="off").get("/demo").status_code == 404
    assert http(CDS_HOST="0.0.0.0").get("/demo").status_code == 404  # noqa: S104 - no server is started
    assert http(CDS_HOST="0.0.0.0", CDS_DEMO="on").get("/demo").status_code == 200  # noqa: S104 - as above
