"""What is fetched for an order that lacks data, and from which server."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import responses
from support.cases.run import library
from support.visits import Json, body_of, order_in

from service.advise.fetch_missing import FetchPlan, FetchPlans
from service.cds.request import Authorization, HookRequest, parse_hook_request
from service.cds.strict_json import parse_body
from service.facts.client import Client
from service.fhir.fetch import Access, FhirClient

BASE = "https://ehr.example.org/fhir"
SIGN = "dupilumab-order-sign"
WITH_TOKEN = Authorization("made-up", None, None)
OTHER_DRUG = {
    "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "860975"}]
}


def sent(*missing: str, **changes: Any) -> Json:
    """A request without these keys, from an EHR with a server."""
    body = body_of({}, **changes) | {"fhirServer": BASE}
    for service in library().services:
        for key in service.prefetch if service.id == SIGN else ():
            body["prefetch"].setdefault(key, {"resourceType": "Bundle", "total": 0})
    for key in missing:
        del body["prefetch"][key]
    return body


def plan(
    body: Json,
    authorization: Authorization | None = WITH_TOKEN,
    access: Access | None = None,
    service: str = SIGN,
) -> FetchPlan | None:
    listed = access or Access((BASE,))
    known = replace(library(), accesses={"local": listed})
    request = parse_hook_request(body, frozenset({"order-sign", "order-select"}))
    plans = FetchPlans(FhirClient(parse_body))
    return plans(known, service, request, Client("local", {}), authorization)


def keys(found: FetchPlan | None) -> list[str] | None:
    return None if found is None else [query.key for query in found.keys]


def test_missing_key_of_an_order_of_ours_is_asked_for() -> None:
    assert keys(plan(sent("claims", "procedures"))) == ["claims", "procedures"]


def test_nothing_is_asked_for_if_nothing_is_missing_or_the_order_is_not_ours() -> None:
    assert plan(sent()) is None
    assert plan(sent("claims", medicationCodeableConcept=OTHER_DRUG)) is None


def test_nothing_is_asked_for_when_the_order_is_only_selected() -> None:
    body = sent("claims") | {"hook": "order-select"}
    body["context"]["selections"] = ["MedicationRequest/rx1"]
    assert plan(body) is None


@pytest.mark.parametrize(
    ("server", "listed"),
    [
        (BASE, True),
        (f"{BASE}/", True),
        ("https://elsewhere.example.org/fhir", False),
        (None, False),
    ],
)
def test_server_is_called_only_if_it_is_listed(server: str | None, listed: bool) -> None:
    body = {**sent("claims"), "fhirServer": server}
    if server is None:
        del body["fhirServer"]
    assert keys(plan(body)) == (["claims"] if listed else None)


@pytest.mark.parametrize(
    ("authorization", "without_token", "called"),
    [
        (WITH_TOKEN, False, True),
        (None, False, False),
        (None, True, True),
        (Authorization(None, None, None), True, False),
    ],
)
def test_server_is_called_with_a_token_or_where_none_is_needed(
    authorization: Authorization | None, without_token: bool, called: bool
) -> None:
    access = Access((BASE,), without_token=without_token)
    assert (plan(sent("claims"), authorization, access) is not None) is called


@pytest.mark.parametrize(
    ("scope", "patient", "expected"),
    [
        ("user/ExplanationOfBenefit.read", None, ["claims"]),
        ("user/Procedure.read", None, ["procedures"]),
        ("patient/*.read", "p1", ["claims", "procedures"]),
        ("patient/*.read", "Patient/p1", ["claims", "procedures"]),
        ("patient/*.read", "another", None),
        ("", None, None),
    ],
)
def test_what_the_token_does_not_grant_is_not_asked_for(
    scope: str, patient: str | None, expected: list[str] | None
) -> None:
    authorization = Authorization("made-up", scope, patient)
    assert keys(plan(sent("claims", "procedures"), authorization)) == expected


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    """The EHR's FHIR server."""
    with responses.RequestsMock() as mock:
        yield mock


def run(found: FetchPlan | None) -> HookRequest:
    assert found is not None
    return found.run()


def test_fetched_keys_are_added_and_the_others_stay(server: responses.RequestsMock) -> None:
    claims = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    server.get(f"{BASE}/ExplanationOfBenefit", json=claims)
    body = sent("claims")
    found = run(plan(body))
    assert found.prefetch == {**body["prefetch"], "claims": claims}
    assert "claims" not in body["prefetch"]
    assert server.calls[0].request.headers["Authorization"] == "Bearer made-up"


@pytest.mark.parametrize(("id_", "taken"), [("p1", True), ("p2", False)])
def test_another_patient_than_the_request_s_is_left_out(
    server: responses.RequestsMock, id_: str, taken: bool
) -> None:
    server.get(f"{BASE}/Patient/p1", json={"resourceType": "Patient", "id": id_})
    assert ("patient" in run(plan(sent("patient"))).prefetch) is taken


def ordered_by_reference(server: responses.RequestsMock, concept: Any) -> Json:
    """A request without claims whose draft names its drug by a Medication of the server."""
    body = sent("claims", medicationCodeableConcept=None)
    order_in(body)["medicationReference"] = {"reference": "Medication/m1"}
    medication = {"resourceType": "Medication", "id": "m1", "code": concept}
    server.get(f"{BASE}/Medication/m1", json=medication)
    return body


def test_medication_of_the_draft_is_read_first_and_tells_whether_the_order_is_ours(
    server: responses.RequestsMock,
) -> None:
    ours = order_in(body_of({}))["medicationCodeableConcept"]
    server.get(f"{BASE}/ExplanationOfBenefit", json={"resourceType": "Bundle", "total": 0})
    found = run(plan(ordered_by_reference(server, ours)))
    assert "claims" in found.prefetch
    assert found.draft_orders[-1].resource["id"] == "m1"


def test_nothing_else_is_asked_for_where_the_medication_is_another_drug(
    server: responses.RequestsMock,
) -> None:
    found = run(plan(ordered_by_reference(server, OTHER_DRUG)))
    assert "claims" not in found.prefetch
    assert len(server.calls) == 1
