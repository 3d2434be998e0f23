"""A diagnosis that is coded and confirmed, beside words that say otherwise."""

import pytest
from facts.claims import Json, concept, fixture, twin
from facts.claims import answer as answered

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
DISEASE = "asthma.initial.diagnosis.disease"


def disease(**more: object) -> str | None:
    """What is said of the disease, where this is the only condition; None where no path is judged."""
    body = fixture("asthma-fully-met")
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order.pop("reasonCode", None)
    order.pop("reasonReference", None)
    one: Json = {
        "resourceType": "Condition",
        "id": "one",
        "subject": {"reference": f"Patient/{body['context']['patientId']}"},
        "clinicalStatus": concept({"code": "active"}),
        "verificationStatus": concept({"code": "confirmed"}),
        "code": {"coding": [{"system": ICD, "code": "J45.50"}]},
    }
    if "text" in more:
        one["code"]["text"] = more.pop("text")
    found = answered(body, "claims_held", conditions=[one | more])
    found = found if "criteria" in found else twin(found)
    return next((one["truth"] for one in _nodes(found["criteria"]) if one["id"] == DISEASE), None)


def _nodes(criteria: list[Json]) -> list[Json]:
    below = [inner for one in criteria for inner in _nodes(one.get("children", []))]
    return [*criteria, *below]


@pytest.mark.parametrize(
    "text",
    [
        "No asthma",
        "Severe persistent asthma was ruled out",
        "R/O asthma",
        "Mother and brother with asthma",
        "Family history: asthma",
        "Suspected asthma",
    ],
)
def test_words_that_say_otherwise_leave_a_code_open(text: str) -> None:
    assert disease(text=text) != "met"


@pytest.mark.parametrize(
    "text",
    ["Severe persistent asthma", "Asthma with no acute exacerbation", "Asthma (since 1999)", "J45"],
)
def test_other_words_change_nothing(text: str) -> None:
    assert disease(text=text) == "met"


def test_the_same_in_its_category_and_statuses() -> None:
    assert disease(category=[{"text": "Family history"}]) != "met"
    assert disease(category=[{"text": "Problem list"}]) == "met"
    for name, code in (("verificationStatus", "confirmed"), ("clinicalStatus", "active")):
        said = {name: {"coding": [{"code": code}], "text": "In remission"}}
        assert disease(**said) != "met"
