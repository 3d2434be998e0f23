"""Codes of drugs under no address that is known: questions, unless another drug is named beside them."""

from typing import Any

import pytest
from support.cases.run import library

from service.fhir.terminology.code_systems import entries_of_unknown_system, with_system
from service.library import Library

TERMINOLOGY = library().terminology
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
DUPILUMAB = "1876376"


def found(*codings: dict[str, Any], **more: Any) -> set[tuple[str, bool]]:
    entries = entries_of_unknown_system(TERMINOLOGY, {"coding": [*codings], **more})
    return {(one.value_set, one.question) for one in entries}


def test_known_code_under_its_own_system_is_left_to_the_usual_look_up() -> None:
    assert TERMINOLOGY.of_code(RXNORM, DUPILUMAB)
    assert found({"system": RXNORM, "code": DUPILUMAB}) == set()


@pytest.mark.parametrize("system", [None, "urn:hospital:rxnorm", "https://ehr.example/RxNorm/"])
def test_code_without_a_system_or_under_one_that_names_it_is_a_question(system: str | None) -> None:
    own = {one.value_set for one in TERMINOLOGY.of_code(RXNORM, DUPILUMAB)}
    questions = found({"system": system, "code": DUPILUMAB})
    assert {(name, True) for name in own} <= questions
    assert all(question for _, question in questions)


def test_code_under_an_address_that_names_no_system_of_drugs_says_nothing() -> None:
    assert found({"system": "https://ehr.example/items", "code": DUPILUMAB}) == set()


def test_unknown_code_and_no_code_say_nothing() -> None:
    assert found({"code": "no such code"}) == set()
    assert found({"display": "x"}) == set()
    assert entries_of_unknown_system(TERMINOLOGY, None) == ()


def test_name_of_another_drug_beside_the_code_decides() -> None:
    assert found({"code": DUPILUMAB}, text="metformin 500 mg tablet") == set()


@pytest.mark.parametrize(
    ("sent", "completed"),
    [
        (
            {"coding": [{"code": "1876376"}, {"system": "x", "code": "y"}]},
            {"coding": [{"code": "1876376", "system": RXNORM}, {"system": "x", "code": "y"}]},
        ),
        ({"code": "1876376"}, {"code": "1876376", "system": RXNORM}),
        ("1876376", {"system": RXNORM, "code": "1876376"}),
        ("some cream", {"text": "some cream"}),
        ({"text": "some cream"}, {"text": "some cream"}),
        ({"coding": [None, {"display": "x"}]}, {"coding": [None, {"display": "x"}]}),
        (5, 5),
        (None, None),
    ],
)
def test_missing_system_is_added(library: Library, sent: object, completed: object) -> None:
    assert with_system(sent, RXNORM, library.terminology) == completed


def test_concept_that_says_its_system_and_element_without_a_binding_stay_the_same(
    library: Library,
) -> None:
    said = {"system": "x", "code": "y"}
    assert with_system(said, RXNORM, library.terminology) is said
    bare = {"code": "1876376"}
    assert with_system(bare, None, library.terminology) is bare
