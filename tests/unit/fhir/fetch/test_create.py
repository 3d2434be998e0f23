"""A resource is created once, and what comes of it is told; `responses` plays the server."""

from collections.abc import Iterator
from time import monotonic

import pytest
import requests
import responses

from service.cds.strict_json import parse_body
from service.fhir.fetch import Call, Created, FhirClient

BASE = "https://ehr.example.org/fhir"
RESPONSE = {"resourceType": "QuestionnaireResponse", "status": "completed"}
ONCE = ("https://example.org/statement", "s|1")
MADE = f"{BASE}/QuestionnaireResponse/9/_history/1"


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def create() -> Created:
    call = Call(BASE, "secret", monotonic() + 5)
    return FhirClient(parse_body).create(call, RESPONSE, ONCE)


def test_created_resource_is_named_by_its_address(server: responses.RequestsMock) -> None:
    server.add("POST", f"{BASE}/QuestionnaireResponse", status=201, headers={"Location": MADE})
    assert create() == Created("QuestionnaireResponse/9")
    sent = server.calls[0].request
    assert sent.headers["Authorization"] == "Bearer secret"
    assert sent.headers["Content-Type"] == "application/fhir+json"
    assert sent.headers["If-None-Exist"] == (
        "identifier=https%3A%2F%2Fexample.org%2Fstatement|s%7C1"
    )


@pytest.mark.parametrize(
    ("body", "reference"),
    [
        ({**RESPONSE, "id": "7"}, "QuestionnaireResponse/7"),
        ({"resourceType": "OperationOutcome", "id": "7"}, None),
        ([], None),
    ],
)
def test_without_an_address_the_returned_resource_names_itself(
    server: responses.RequestsMock, body: object, reference: str | None
) -> None:
    server.add("POST", f"{BASE}/QuestionnaireResponse", status=200, json=body)
    assert create() == Created(reference)


@pytest.mark.parametrize(
    ("status", "again"),
    [(400, False), (403, False), (412, False), (302, False), (401, True), (429, True), (503, True)],
)
def test_refusal_says_whether_another_call_may_help(
    server: responses.RequestsMock, status: int, again: bool
) -> None:
    server.add("POST", f"{BASE}/QuestionnaireResponse", status=status)
    assert create() == Created(None, f"the EHR's FHIR server answered {status}", again)


def test_server_that_cannot_be_reached_may_be_tried_again(server: responses.RequestsMock) -> None:
    server.add("POST", f"{BASE}/QuestionnaireResponse", body=requests.ConnectionError("patient p1"))
    assert create() == Created(None, "the EHR's FHIR server did not answer in time", True)
