"""The FHIR interface: reading, searching, the package, and what it refuses."""

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.parameters import Parameters
from flask.testing import FlaskClient
from support.questionnaires import FORMS, fhir_client, form

ODD = "Mrs-Marple-1890"
PACKAGE = "/fhir/Questionnaire/$questionnaire-package"


@pytest.fixture(scope="module")
def http() -> FlaskClient:
    return fhir_client()


def parameters(*canonicals: str) -> dict[str, object]:
    named = [{"name": "questionnaire", "valueCanonical": one} for one in canonicals]
    return {"resourceType": "Parameters", "parameter": named}


def test_every_questionnaire_and_list_is_served(http: FlaskClient) -> None:
    for of in FORMS:
        answer = http.get(f"/fhir/Questionnaire/{of.id}")
        assert answer.content_type == "application/fhir+json"
        assert answer.get_json(force=True) == of.questionnaire()
        for one in of.value_sets():
            assert http.get(f"/fhir/ValueSet/{one['id']}").get_json(force=True) == one
    assert http.get("/fhir/metadata").get_json(force=True)["resourceType"] == "CapabilityStatement"


def test_caller_that_has_it_already_is_told_so(http: FlaskClient) -> None:
    path = f"/fhir/Questionnaire/{form().id}"
    first = http.get(path)
    assert first.headers.getlist("Cache-Control") == ["no-cache"]
    assert "Date" not in first.headers  # the server writes it
    again = http.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert http.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_search_by_address(http: FlaskClient) -> None:
    url = form().canonical
    for query in (
        {"url": url},
        {"url": f"{url}|2025-10-01"},
        {"url": url, "version": "2025-10-01"},
    ):
        bundle = http.get("/fhir/Questionnaire", query_string=query).get_json(force=True)
        Bundle.model_validate(bundle)
        assert [one["resource"]["id"] for one in bundle["entry"]] == [form().id]
    empty = http.get("/fhir/Questionnaire", query_string={"url": f"{url}{ODD}"})
    assert empty.get_json(force=True)["total"] == 0
    assert ODD not in empty.text
    assert http.get("/fhir/Questionnaire").status_code == 400


def test_package_of_one_and_of_the_same_twice(http: FlaskClient) -> None:
    canonical = form().policy.questionnaire("ad", "initial")
    answer = http.post(PACKAGE, json=parameters(canonical, canonical)).get_json(force=True)
    Parameters.model_validate(answer)
    (one,) = answer["parameter"]
    assert one["name"] == "PackageBundle"
    assert one["resource"]["entry"][0]["resource"]["id"] == form().id


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (parameters(), 400),
        (parameters(*(f"https://example.org/{n}" for n in range(13))), 400),
        ({"resourceType": "Patient"}, 400),
        ({"resourceType": "Parameters", "parameter": {"name": ODD}}, 400),
        ([ODD], 400),
        (parameters(f"https://example.org/{ODD}"), 404),
    ],
)
def test_package_of_nothing_known_is_refused(http: FlaskClient, body: object, status: int) -> None:
    refused(http.post(PACKAGE, json=body), status)


@pytest.mark.parametrize("type_", ["Questionnaire", "ValueSet"])
def test_unknown_id_is_not_found(http: FlaskClient, type_: str) -> None:
    refused(http.get(f"/fhir/{type_}/{ODD}"), 404)


def refused(answer: object, status: int) -> None:
    assert answer.status_code == status  # type: ignore[attr-defined]
    OperationOutcome.model_validate(answer.get_json(force=True))  # type: ignore[attr-defined]
    assert ODD not in answer.text  # type: ignore[attr-defined]
