"""Requests of HL7's CRD request generator: its own prefetch keys and user, a scope of two types.

HL7-DaVinci/crd-request-generator at 1a184dab, src/util/buildRequest.js; recorded in Chromium on 2026-11-30.
"""

from collections.abc import Callable

import pytest
from support.crd.answered import updated
from support.crd.coverage_information_rules import extensions_of, values_of
from support.ehr import BASE, Ehr, Json, sent, states
from support.sent import order
from werkzeug.test import TestResponse

Call = Callable[..., TestResponse]
CRD_SIGN = "dupilumab-crd-order-sign"
USER = "example"


def generated(ehr: Ehr, token: str = "") -> Json:
    """What it sends for a draft that its user has picked; without a login its token is empty."""
    body = sent()
    draft = order(body)
    coverage = ehr.held["coverage"]["entry"]
    return {
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",  # the same in each of its calls
        "fhirServer": BASE,
        "hook": "order-sign",
        "fhirAuthorization": {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/Patient.read patient/Observation.read",
            "subject": "cds-service4",
        },
        "context": {
            "userId": f"Practitioner/{USER}",
            "patientId": body["context"]["patientId"],
            "encounterId": "enc89284",
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": draft}]},
        },
        "extension": {"davinci-crd.configuration": {"alt-drug": True}},
        "prefetch": {
            "medicationRequestBundle": {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [{"resource": draft, "search": {"mode": "match"}}],
            },
            "coverageBundle": {"resourceType": "Bundle", "type": "collection", "entry": coverage},
        },
    }


@pytest.fixture
def open_ehr(ehr: Ehr) -> Ehr:
    """A FHIR server without a login, which has everything but the generator's user."""
    ehr.serve("practitioner", "practitionerRoles")
    ehr.mock.get(f"{BASE}/Practitioner/{USER}", status=404, json={})
    none = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    ehr.mock.get(f"{BASE}/PractitionerRole", json=none)
    return ehr


def test_what_its_keys_do_not_hold_is_fetched_and_the_draft_comes_back_extended(
    open_ehr: Ehr, call: Call
) -> None:
    body = generated(open_ehr)
    answer = call(body, CRD_SIGN)
    found = states(answer)
    assert found.pop("practitioner") == "failed"
    assert {*found.values()} <= {"complete", "empty"}
    (changed,) = updated(answer.get_json())
    (extension,) = extensions_of(changed)
    coverage = order(body)["insurance"][0]
    assert values_of(extension)["coverage"] == [coverage]
    changed["extension"].remove(extension)
    assert changed == {**order(body), "extension": []}


def test_with_a_login_its_scope_keeps_the_coverage_away_and_nothing_is_claimed(
    open_ehr: Ehr, call: Call
) -> None:
    answer = call(generated(open_ehr, "secret"), CRD_SIGN)
    found = states(answer)
    assert (found["observations"], found["coverage"]) == ("complete", "not_supplied")
    said = answer.get_json()
    (extension,) = (one for each in updated(said) for one in extensions_of(each))
    values = values_of(extension)
    assert (values["covered"], values["pa-needed"]) == (["conditional"], ["conditional"])
    assert not {"doc-needed", "questionnaire"} & set(values)
    assert "Coverage/fully-met-coverage, which did not come" in said["cards"][0]["detail"]
