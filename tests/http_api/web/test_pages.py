"""Health, readiness, the schema and the page at the root."""

import jsonschema
from flask.testing import FlaskClient
from support.fakes import SIGN


def test_a_living_process_is_healthy_and_ready(http: FlaskClient) -> None:
    assert http.get("/health").json == {"alive": True}
    assert http.get("/ready").json == {"ready": True, "decisionsMissed": 0}


def test_the_schema_is_a_sound_json_schema(http: FlaskClient) -> None:
    answer = http.get("/schemas/assessment.json")
    assert answer.content_type == "application/json"
    jsonschema.Draft202012Validator.check_schema(answer.get_json())


def test_the_page_at_the_root_leads_to_discovery(http: FlaskClient) -> None:
    answer = http.get("/")
    assert answer.content_type == "text/html; charset=utf-8"
    assert "/cds-services" in answer.text
    assert SIGN in answer.text
