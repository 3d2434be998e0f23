"""Requests that mean harm: refused or answered, nothing shown of the inside, the next one served."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.sent import Json, order, recorded, twins

Ask = Callable[[Json], Any]
SIGN = "/cds-services/dupilumab-order-sign"
INSIDE = ("Traceback", "site-packages", "/service/", "werkzeug", "<html", "sqlite", "SELECT ")
BODIES = {
    "a stray brace": json.dumps(recorded("p001-initial")).encode() + b"}",
    "UTF-16": json.dumps(recorded("p001-initial")).encode("utf-16"),
    "a lone surrogate": b'{"hook": "\\ud800"}',
    "NUL": b"\x00" * 100,
    "a huge number": b'{"hook": 1e999}',
    "an integer of 400 digits": b'{"hook": ' + b"9" * 400 + b"}",
    "deep": b'{"a":' * 100_000,
    "an array": b"[]",
    "__proto__": b'{"__proto__": {"hook": "order-sign"}, "constructor": {}}',
}


@pytest.mark.conforms("HTTP-04", "HTTP-06", "HTTP-08", "HTTP-10", "HTTP-11", "HTTP-12", "HAB-18")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_hostile_body_is_400_and_shows_nothing(http: FlaskClient, body: bytes) -> None:
    answer = http.post(SIGN, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["resourceType"] == "OperationOutcome"
    assert not [word for word in INSIDE if word in answer.text]
    assert http.get("/cds-services").status_code == 200


@pytest.mark.conforms("HTTP-07")
def test_of_doubled_names_the_last_one_counts(http: FlaskClient) -> None:
    body = json.dumps(recorded("p001-initial"))[:-1]
    answer = http.post(SIGN, data=f'{body}, "hook": "x"}}', content_type="application/json")
    assert answer.status_code == 400
    answer = http.post(SIGN, data=f'{{"hook": "x", {body[1:]}}}', content_type="application/json")
    assert answer.status_code == 200


@pytest.mark.conforms("HTTP-09")
def test_thousands_of_orders_are_answered(ask: Ask) -> None:
    body = recorded("p001-initial")
    other = {**order(body), "medicationCodeableConcept": {"text": "another drug"}}
    entries = body["context"]["draftOrders"]["entry"]
    entries += [{"resource": {**other, "id": f"o{n}"}} for n in range(5_000)]
    assert len(twins(ask(body))) == 1


@pytest.mark.conforms("HAB-19")
def test_a_chart_of_some_megabytes_is_read(ask: Ask) -> None:
    body = recorded("p001-initial")
    entries = body["prefetch"]["observations"]["entry"]
    one = entries[0]["resource"]
    entries += [
        {"resource": {**one, "id": f"o{n}", "code": {"text": "x" * 400}}} for n in range(4_000)
    ]
    assert len(json.dumps(body)) > 2_000_000
    assert len(twins(ask(body))) == 1
