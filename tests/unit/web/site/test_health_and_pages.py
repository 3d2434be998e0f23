"""Health, readiness, the schema, and the pages of policies and therapies."""

from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from support.cases.run import library

from service.app import create_app
from service.settings import read_settings
from service.store import Store

POLICY = "bcbsms/L.5.01.513"


def client(url: str, as_of: str = "2026-11-20") -> FlaskClient:
    settings = read_settings({"CDS_AS_OF": as_of})
    return create_app(settings, library=library(), store=Store.open(url)).test_client()


@pytest.fixture(scope="module")
def http() -> FlaskClient:
    return client("sqlite://")


def test_service_that_can_store_is_alive_and_ready(http: FlaskClient) -> None:
    assert http.get("/health").get_json() == {"alive": True}
    assert http.get("/ready").get_json() == {"ready": True, "decisionsMissed": 0}


def test_service_whose_store_is_down_is_alive_and_not_ready(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    down = client(f"sqlite:///{tmp_path}/file/cds.db")
    assert down.get("/health").status_code == 200
    answer = down.get("/ready")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    body = answer.get_json()
    assert (body["ready"], body["decisionsMissed"]) == (False, 0)
    assert {*body["notStored"]} == {"decisions", "feedback"}
    for one in body["notStored"].values():
        assert datetime.fromisoformat(one["since"]).tzinfo is not None
        assert one["reason"] == "no folder for the database: File exists"


def test_schema_of_the_extension_is_served_as_json(http: FlaskClient) -> None:
    answer = http.get("/schemas/assessment.json")
    assert answer.content_type == "application/json"
    assert answer.get_json()["type"] == "object"


def test_front_page_names_every_service(http: FlaskClient) -> None:
    page = http.get("/").get_data(as_text=True)
    for service in library().services:
        assert service.id in page


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (POLICY, 200),
        (f"{POLICY}@2025-10-01", 200),
        (f"{POLICY}@1999-01-01", 404),
        ("bcbsms/unheard", 404),
        ("unheard", 404),
    ],
)
def test_policy_is_shown_by_its_name_and_first_day(
    http: FlaskClient, name: str, status: int
) -> None:
    answer = http.get(f"/policies/{name}")
    assert answer.status_code == status
    if status == 200:
        assert "L.5.01.513" in answer.get_data(as_text=True)


def test_policy_that_is_not_in_force_yet_is_found_by_its_first_day_only() -> None:
    before = client("sqlite://", "2025-09-30")
    assert before.get(f"/policies/{POLICY}").status_code == 404
    assert before.get(f"/policies/{POLICY}@2025-10-01").status_code == 200


@pytest.mark.parametrize(("name", "status"), [("tralokinumab", 200), ("unheard", 404)])
def test_therapy_is_shown_by_its_name(http: FlaskClient, name: str, status: int) -> None:
    answer = http.get(f"/therapies/{name}")
    assert answer.status_code == status
    if status == 200:
        assert "tralokinumab" in answer.get_data(as_text=True).lower()
    else:
        assert answer.get_json()["resourceType"] == "OperationOutcome"
