"""Codes that almost match a value set: by another system, by name, by an ingredient."""

import pytest
from support.cases.run import library

from service.codes.near_misses import (
    certainty_needed,
    concepts,
    may_be_drug,
    near_miss_tables,
)

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
TERMINOLOGY = library().terminology
TABLES = near_miss_tables(TERMINOLOGY, {"biologic": ["dupilumab"]})


def how(system: str, code: str, display: str, *, drug: bool = True) -> list[str]:
    concept = {"coding": [{"system": system, "code": code, "display": display}]}
    return [miss.how for miss in TABLES.of_concept(concept, {}, drug=drug, enough=None)]


def test_code_under_another_spelling_of_its_system_is_a_near_miss() -> None:
    code = next(code for system, code in TERMINOLOGY.by_code if system == RXNORM)
    assert how(RXNORM, code, "x") == []
    assert how("urn:x-rxnorm", code, "x") == ["the same code under another system"]


def test_name_of_an_ingredient_counts_for_a_drug_only() -> None:
    ingredient = ["the name of an ingredient in its words"]
    assert how("urn:local", "L1", "inj dupilumab 300") == ingredient
    assert how("urn:local", "L1", "inj dupilumab 300", drug=False) == []
    assert how("urn:local", "L1", "inj nothing") == []


@pytest.mark.parametrize(
    ("path", "drug"),
    [
        ("MedicationRequest.medicationCodeableConcept", True),
        ("AllergyIntolerance.code", True),
        ("Observation.code", False),
    ],
)
def test_drugs_are_named_at_paths_of_drugs_only(path: str, *, drug: bool) -> None:
    assert may_be_drug(path) is drug
    assert (certainty_needed(path) is not None) is drug


def test_concepts_are_found_with_their_paths_and_remarks_are_none() -> None:
    concept = {"coding": [{"code": "1"}]}
    resource = {
        "resourceType": "Condition",
        "meta": {"tag": concept},
        "code": concept,
        "stage": [{"summary": concept}],
    }
    assert list(concepts([resource])) == [
        ("Condition.code", concept),
        ("Condition.stage.summary", concept),
    ]
