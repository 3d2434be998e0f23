"""A diagnosis of which one concept names two grades, by its codes, its severity or its words."""

import pytest
from support.claims import Json, concept, fixture, node
from support.claims import answer as answered

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SCT = "http://snomed.info/sct"
SEVERE = {"system": ICD, "code": "J45.50"}
MILD = {"system": SCT, "code": "427679007"}  # mild intermittent asthma
MODERATE = {"system": SCT, "code": "427295004"}  # moderate persistent asthma
ASTHMA = "asthma.initial.diagnosis.grade"
DERMATITIS = "ad.initial.diagnosis.grade"
CONFLICT, MET = ("unknown", "conflict"), ("met", None)


def grade(
    story: str, criterion: str, code: Json, *, on_order: bool = False, **more: object
) -> tuple[object, object]:
    """What is said of the grade where this is the only diagnosis, or the reason of the order."""
    body = fixture(story)
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order.pop("reasonCode", None)
    order.pop("reasonReference", None)
    one: Json = {
        "resourceType": "Condition",
        "id": "one",
        "subject": {"reference": f"Patient/{body['context']['patientId']}"},
        "clinicalStatus": concept({"code": "active"}),
        "verificationStatus": concept({"code": "confirmed"}),
        "code": code,
    }
    if on_order:
        order["reasonCode"] = [code]
    found = node(
        answered(body, "claims_held", conditions=[] if on_order else [one | more]), criterion
    )
    return found["truth"], found.get("reason")


@pytest.mark.parametrize("on_order", [False, True])
@pytest.mark.parametrize(
    "code",
    [
        {"coding": [SEVERE, MILD]},
        {"coding": [MILD, SEVERE]},
        {"coding": [SEVERE], "text": "Mild persistent asthma"},
        {"coding": [{**SEVERE, "display": "Asthma (mild)"}]},
        {"coding": [MILD], "text": "Asthma, severe, persistent"},
    ],
)
def test_two_grades_in_one_concept_are_a_question(code: Json, *, on_order: bool) -> None:
    assert grade("asthma-fully-met", ASTHMA, code, on_order=on_order) == CONFLICT


@pytest.mark.parametrize("on_order", [False, True])
@pytest.mark.parametrize(
    "code",
    [
        {"coding": [SEVERE], "text": "Severe persistent asthma with mild exacerbation"},
        {"coding": [SEVERE, MODERATE]},
        {"coding": [MODERATE], "text": "Mild to moderate asthma"},
        {"coding": [SEVERE], "text": "Asma grave"},
        {"coding": [SEVERE], "text": ["Mild"]},
    ],
)
def test_grade_decides_when_all_codes_and_words_agree(code: Json, *, on_order: bool) -> None:
    assert grade("asthma-fully-met", ASTHMA, code, on_order=on_order) == MET


def test_two_grades_in_severity_and_name_are_a_conflict() -> None:
    code = {"coding": [{"system": ICD, "code": "J45.909"}], "text": "Mild asthma"}
    severe = {"severity": {"coding": [{"system": SCT, "code": "24484000"}]}}
    assert grade("asthma-fully-met", ASTHMA, code, on_order=False, **severe) == CONFLICT
    assert grade("asthma-fully-met", ASTHMA, code)[0] == "unknown"


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        ({"coding": [{"system": SCT, "code": "24484000"}], "text": "Mild"}, CONFLICT),
        ({"coding": [{"system": SCT, "code": "24484000", "display": "Mild disease"}]}, CONFLICT),
        ({"coding": [{"system": SCT, "code": one} for one in ("24484000", "255604002")]}, CONFLICT),
        ({"coding": [{"system": SCT, "code": "24484000"}], "text": "Schwer"}, MET),
        ({"coding": [{"system": SCT, "code": "24484000"}], "text": "Severe"}, MET),
    ],
)
def test_two_grades_in_the_severity_are_a_conflict(severity: Json, said: object) -> None:
    code = {"coding": [{"system": ICD, "code": "L20.9"}]}
    assert grade("initial-fully-met", DERMATITIS, code, severity=severity) == said


def test_two_grades_of_dermatitis_are_a_conflict() -> None:
    code = {"coding": [{"system": ICD, "code": "L20.9"}]}
    severe = {"severity": {"text": "Severe"}}
    assert grade("initial-fully-met", DERMATITIS, code, on_order=False, **severe) == MET
    mild = {**code, "text": "Mild atopic dermatitis"}
    assert grade("initial-fully-met", DERMATITIS, mild, on_order=False, **severe) == CONFLICT
