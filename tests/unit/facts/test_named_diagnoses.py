"""Diagnoses outside the problem list: which entries name one, and which do not."""

import pytest
from support.fact_case import patient_with

from service.facts.named_diagnoses import named_diagnoses
from service.fhir.elements import names

Json = dict[str, object]
SUBJECT = {"reference": "Patient/p1"}
EMBOLISM = {"text": "Pulmonary embolism"}


def named(key: str, *resources: Json) -> list[str]:
    """The names of the diagnoses that these resources of a key name."""
    found = named_diagnoses(patient_with(key, *resources))
    return [name for same in found for name in names(same[0].element)]


def visit(**more: object) -> Json:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "subject": SUBJECT,
        **more,
    }


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"reasonCode": [EMBOLISM]}, ["Pulmonary embolism"]),
        ({"reasonCode": [EMBOLISM], "status": "planned"}, ["Pulmonary embolism"]),
        ({"reasonCode": [EMBOLISM], "status": "entered-in-error"}, []),
        (
            {"diagnosis": [{"condition": {"reference": "Condition/x", "display": "Embolism"}}]},
            ["Embolism"],
        ),
        ({"reasonReference": [{"reference": "Procedure/x", "display": "Biopsy"}]}, []),
        ({"reasonReference": [{"reference": "Condition/x"}]}, []),
        ({"reasonReference": ["Condition/x"]}, []),
        ({}, []),
    ],
)
def test_the_reasons_of_a_visit_are_diagnoses(more: Json, expected: list[str]) -> None:
    assert named("encounters", visit(**more)) == expected


def test_a_contained_problem_is_a_diagnosis_unless_it_is_refuted() -> None:
    problem: Json = {"resourceType": "Condition", "id": "c1", "code": EMBOLISM, "subject": SUBJECT}
    reason = {"reasonReference": [{"reference": "#c1"}]}
    assert named("encounters", visit(contained=[problem], **reason)) == ["Pulmonary embolism"]
    refuted = {**problem, "verificationStatus": {"coding": [{"code": "refuted"}]}}
    assert named("encounters", visit(contained=[refuted], **reason)) == []


def test_equal_diagnoses_are_looked_at_once_with_all_entries() -> None:
    coded = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I26.99"}]}
    claims = [
        {
            "resourceType": "ExplanationOfBenefit",
            "id": f"x{number}",
            "status": "active",
            "patient": SUBJECT,
            "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": coded}],
        }
        for number in range(3)
    ]
    (same,) = named_diagnoses(patient_with("claims", *claims))
    assert [hit.resource["id"] for hit in same] == ["x0", "x1", "x2"]


def test_a_procedure_names_what_was_done_unless_it_was_not_done() -> None:
    bypass: Json = {"resourceType": "Procedure", "id": "p1", "subject": SUBJECT}
    bypass["code"] = {"text": "Coronary bypass"}
    assert named("procedures", {**bypass, "status": "completed"}) == ["Coronary bypass"]
    assert named("procedures", {**bypass, "status": "not-done"}) == []
