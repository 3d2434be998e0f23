"""`$populate`: the record in the call stands beside the questions, and none is answered."""

from typing import Any

from fhir.resources.R4B.parameters import Parameters
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from support.launched import Launched, recorded
from support.questionnaires import items

URL = "/fhir/Questionnaire/bcbsms-L.5.01.513-ad-initial/$populate"
TRIAL = "ad.initial.trial.tcs_and_tci"
Json = dict[str, Any]


def call(*contents: Json, subject: str | None = "Patient/p001") -> Json:
    named = [{"name": "subject", "valueReference": {"reference": subject}}] if subject else []
    context = [
        {"name": "context", "part": [{"name": "content", "resource": one}]} for one in contents
    ]
    return {"resourceType": "Parameters", "parameter": [*named, *context]}


def whole() -> list[Json]:
    """The record of the recording with its draft order."""
    body = recorded()
    (entry, *_) = body["context"]["draftOrders"]["entry"]
    held = [value for value in body["prefetch"].values() if value]
    return [*held, {**entry["resource"], "status": "draft"}]


def test_record_is_shown_and_nothing_answered(at: Launched) -> None:
    answer = at.http.post(URL, json=call(*whole()), base_url=at.origin)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/fhir+json"
    Parameters.model_validate(answer.get_json())
    (response,) = answer.get_json()["parameter"]
    made = response["resource"]
    QuestionnaireResponse.model_validate(made)
    assert made["status"] == "in-progress"
    assert not any("answer" in item for item in items(made))
    (trial,) = [item for item in items(made) if item["linkId"] == TRIAL]
    values = [part["valueString"] for one in trial["extension"] for part in one["extension"][:1]]
    assert any("tacrolimus" in value for value in values)


def test_call_without_an_order_says_so(at: Launched) -> None:
    answer = at.http.post(URL, json=call(), base_url=at.origin).get_json()
    response, issues = answer["parameter"]
    assert response["resource"]["item"]
    assert "no order was looked at" in issues["resource"]["issue"][0]["diagnostics"]


def test_call_without_a_patient_or_of_nothing_is_refused(at: Launched) -> None:
    bodies: list[Any] = [
        call(subject=None),
        call(subject="Observation/1"),
        {"resourceType": "Bundle"},
        [],
    ]
    for body in bodies:
        assert at.http.post(URL, json=body, base_url=at.origin).status_code == 400
    unknown = URL.replace("ad-initial", "made-up")
    assert at.http.post(unknown, json=call(), base_url=at.origin).status_code == 404


def test_caller_from_elsewhere_needs_a_token(at: Launched) -> None:
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    answer = at.http.post(URL, json=call(), base_url=at.origin, environ_base=elsewhere)
    assert answer.status_code == 401
