"""Missing keys and Medications are had from the EHR's server, and nothing else is asked."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.ehr import BASE, PATIENT, SELECT, SIGN, TOKEN, Ehr, library, sent, states, story, twin
from werkzeug.test import TestResponse

from service.advise.fetch_missing import FetchPlans
from service.cds.request import parse_authorization, parse_hook_request
from service.cds.strict_json import parse_body
from service.facts.client import Client
from service.fhir.fetch import FhirClient

Call = Callable[..., TestResponse]
OURS = {"id", "content"}


@pytest.mark.conforms("PRE-02", "FHA-07")
def test_fetched_data_give_the_same_answer_as_prefetched_data(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    fetched, supplied = twin(call(sent())), twin(call(story()))
    assert fetched["outcome"] == "met"
    assert {k: v for k, v in fetched.items() if k not in OURS} == {
        k: v for k, v in supplied.items() if k not in OURS
    }
    assert {one["state"] for one in fetched["data"]} <= {"complete", "empty"}


@pytest.mark.conforms("FHA-02")
def test_every_call_carries_the_token_and_follows_the_template(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    call(sent())
    assert len(ehr.mock.calls) == 15
    assert {one.request.headers["Authorization"] for one in ehr.mock.calls} == {f"Bearer {TOKEN}"}
    urls = {
        urlsplit(one).path.removeprefix("/fhir/"): parse_qs(urlsplit(one).query)
        for one in ehr.asked()
    }
    assert urls[f"Patient/{PATIENT}"] == {}
    assert urls["Condition"] == {"patient": [PATIENT]}
    assert urls["PractitionerRole"] == {"practitioner": ["dr-amara-okafor"]}
    assert "http://loinc.org|" in urls["Observation"]["combo-code"][0]
    assert not any("|" in one or "{" in one for one in ehr.asked())


@pytest.mark.conforms("PRE-02", "FHA-07")
def test_only_missing_keys_are_fetched(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    body = sent("claims", "procedures")
    body["prefetch"]["conditions"] = None
    call(body)
    assert [urlsplit(one).path for one in ehr.asked()] == [
        "/fhir/ExplanationOfBenefit",
        "/fhir/Procedure",
    ]


def test_order_select_fetches_nothing(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    body = sent("claims")
    body |= {"hook": "order-select"}
    body["context"]["selections"] = ["MedicationRequest/rx1"]
    assert states(call(body, SELECT))["claims"] == "not_supplied"
    assert ehr.asked() == []


def test_order_select_fetches_no_medication(call: Call, ehr: Ehr) -> None:
    body = referring("Medication/m1", "claims") | {"hook": "order-select"}
    body["context"]["selections"] = ["MedicationRequest/rx1"]
    assert call(body, SELECT).json == {"cards": []}
    assert ehr.asked() == []


def test_nothing_is_asked_for_an_order_of_another_drug(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    body = sent()
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order["medicationCodeableConcept"] = {"text": "amoxicillin"}
    assert call(body).json == {"cards": []}
    assert ehr.asked() == []


@pytest.mark.conforms("FHA-03", "FHA-05")
@pytest.mark.parametrize(
    "server",
    [
        "https://ehr.example.org/fhirs",
        "https://ehr.example.org",
        "http://ehr.example.org/fhir",
        "https://ehr.example.org.evil.example/fhir",
        "https://ehr.example.org@evil.example/fhir",
        "https://ehr.example.org/fhir/../admin",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
    ],
)
def test_a_server_that_is_not_listed_is_never_asked(call: Call, ehr: Ehr, server: str) -> None:
    answer = call(sent("claims", base=server))
    assert states(answer)["claims"] == "not_supplied"
    assert ehr.asked() == []


def test_a_slash_at_the_end_of_the_server_is_the_same_server(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    assert states(call(sent("claims", base=f"{BASE}/")))["claims"] == "complete"


SCOPES = {
    "user/*.read": "complete",
    "user/ExplanationOfBenefit.read": "complete",
    "patient/ExplanationOfBenefit.*": "complete",
    "system/*.rs": "complete",
    "user/ExplanationOfBenefit.cruds": "complete",
    "user/ExplanationOfBenefit.s": "complete",
    "launch openid user/Patient.read user/ExplanationOfBenefit.rs": "complete",
    "user/ExplanationOfBenefit.rs?type=pharmacy": "incomplete",
    "user/ExplanationOfBenefit.rs?type=pharmacy user/ExplanationOfBenefit.rs": "complete",
    "user/ExplanationOfBenefit.r": "not_supplied",
    "user/ExplanationOfBenefit.write": "not_supplied",
    "user/ExplanationOfBenefit.cud": "not_supplied",
    "user/Observation.read": "not_supplied",
    "user/Explanation.read": "not_supplied",
    "ExplanationOfBenefit.read": "not_supplied",
    "": "not_supplied",
}


@pytest.mark.conforms("FHA-06")
@pytest.mark.parametrize(("scope", "state"), SCOPES.items())
def test_what_the_scopes_exclude_is_not_asked(call: Call, ehr: Ehr, scope: str, state: str) -> None:
    ehr.serve()
    assert states(call(sent("claims", scope=scope)))["claims"] == state
    assert bool(ehr.asked()) is (state != "not_supplied")


@pytest.mark.conforms("FHA-06")
@pytest.mark.parametrize(("scope", "asked"), [("user/Patient.r", 1), ("user/Patient.s", 0)])
def test_a_read_needs_the_letter_of_reads(call: Call, ehr: Ehr, scope: str, asked: int) -> None:
    ehr.serve()
    assert call(sent("patient", scope=scope)).status_code == (200 if asked else 412)
    assert len(ehr.asked()) == asked


def test_a_token_for_another_patient_shows_nothing_of_this_one(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    body = sent("claims", scope="patient/*.read")
    body["fhirAuthorization"]["patient"] = "somebody-else"
    assert states(call(body))["claims"] == "not_supplied"
    body["fhirAuthorization"]["patient"] = PATIENT
    assert states(call(body))["claims"] == "complete"


def test_without_scopes_told_the_server_decides(call: Call, ehr: Ehr) -> None:
    ehr.serve()
    assert states(call(sent("claims", scope=None)))["claims"] == "complete"


BAD_TOKENS = [7, "two words", "line\r\nX-Other: 1", "\u20ac", "x" * 20_000]


@pytest.mark.conforms("FHA-01")
@pytest.mark.parametrize("token", BAD_TOKENS)
def test_a_token_that_cannot_be_one_is_not_used(call: Call, ehr: Ehr, token: Any) -> None:
    body = sent("claims")
    body["fhirAuthorization"]["access_token"] = token
    assert states(call(body))["claims"] == "not_supplied"
    assert ehr.asked() == []


@pytest.mark.conforms("FHA-01")
@pytest.mark.parametrize("authorization", [[], "token", {"token_type": "mac", "access_token": "x"}])
def test_a_malformed_authorization_is_not_used(call: Call, ehr: Ehr, authorization: Any) -> None:
    body = sent("claims") | {"fhirAuthorization": authorization}
    assert states(call(body))["claims"] == "not_supplied"
    assert ehr.asked() == []


@pytest.mark.parametrize("authorization", [None, {}, {"access_token": "", "scope": "patient/x.r"}])
def test_on_this_machine_a_listed_server_may_be_asked_without_a_token(
    call: Call, ehr: Ehr, authorization: Any
) -> None:
    ehr.serve()
    body = sent("claims") | {"fhirAuthorization": authorization}
    assert states(call(body))["claims"] == "complete"
    assert "Authorization" not in ehr.mock.calls[0].request.headers


@pytest.mark.conforms("FHA-02")
@pytest.mark.parametrize("token", ["sound", "", None])
def test_for_another_client_only_with_a_token(token: str | None) -> None:
    body = sent("claims") | {"fhirAuthorization": {"access_token": token}}
    request = parse_hook_request(body, frozenset({"order-sign"}))
    plans = FetchPlans(FhirClient(parse_body))
    documents, client = library(client="hospital"), Client("hospital", {})
    plan = plans(documents, SIGN, request, client, parse_authorization(body))
    assert (plan is not None) is bool(token)


@pytest.mark.parametrize(
    "user", ["Patient/p1", "dr-amara-okafor", "Practitioner/..", "Practitioner/a b"]
)
def test_a_template_whose_token_has_no_value_is_not_asked(call: Call, ehr: Ehr, user: str) -> None:
    ehr.serve()
    body = sent("practitioner", "practitionerRoles", "claims")
    body["context"]["userId"] = user
    assert states(call(body))["practitioner"] == "not_supplied"
    assert [urlsplit(one).path for one in ehr.asked()] == ["/fhir/ExplanationOfBenefit"]


def test_patient_id_of_dots_does_not_change_the_path(call: Call, ehr: Ehr) -> None:
    body = sent()
    body["context"]["patientId"] = ".."
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order["subject"] = {"reference": "Patient/.."}
    assert call(body).status_code == 412
    assert not any("/fhir/Patient" in one for one in ehr.asked())


def referring(reference: str, *missing: str) -> dict[str, Any]:
    """The order with a reference to its Medication, which was not sent."""
    body = sent(*missing)
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order.pop("medicationCodeableConcept")
    order["medicationReference"] = {"reference": reference}
    return body


MEDICATION = {
    "resourceType": "Medication",
    "id": "m1",
    "code": story()["context"]["draftOrders"]["entry"][0]["resource"]["medicationCodeableConcept"],
}
REFERENCES = ["Medication/m1", f"{BASE}/Medication/m1", "Medication/m1/_history/3"]


@pytest.mark.conforms("FHA-07")
@pytest.mark.parametrize("reference", REFERENCES)
def test_the_medication_that_an_order_names_is_fetched(
    call: Call, ehr: Ehr, reference: str
) -> None:
    ehr.serve()
    ehr.mock.get(f"{BASE}/Medication/m1", json=MEDICATION)
    assert twin(call(referring(reference, "claims")))["outcome"] == "met"
    assert [urlsplit(one).path for one in ehr.asked()] == [
        "/fhir/ExplanationOfBenefit",
        "/fhir/Medication/m1",
    ]


ELSEWHERE = [
    "https://evil.example/Medication/m1",
    "Medication/..",
    "urn:uuid:m1",
    "Patient/m1",
    "#m1",
]


@pytest.mark.conforms("FHA-05")
@pytest.mark.parametrize("reference", ELSEWHERE)
def test_a_medication_elsewhere_is_not_fetched(call: Call, ehr: Ehr, reference: str) -> None:
    assert call(referring(reference)).json == {"cards": []}
    assert ehr.asked() == []


@pytest.mark.parametrize("wrong", [{"id": "m2"}, {"resourceType": "Patient"}])
def test_another_resource_is_not_taken_for_the_medication(
    call: Call, ehr: Ehr, wrong: dict[str, str]
) -> None:
    ehr.serve()
    ehr.mock.get(f"{BASE}/Medication/m1", json=MEDICATION | wrong)
    assert call(referring("Medication/m1")).json == {"cards": []}


def test_a_medication_that_came_along_is_not_fetched(call: Call, ehr: Ehr) -> None:
    body = referring("Medication/m1", "claims")
    entry = {"resource": MEDICATION, "search": {"mode": "include"}}
    body["prefetch"]["medications"] = {"resourceType": "Bundle", "entry": [entry]}
    ehr.serve()
    assert states(call(body))["claims"] == "complete"
    assert [urlsplit(one).path for one in ehr.asked()] == ["/fhir/ExplanationOfBenefit"]
