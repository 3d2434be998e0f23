"""Codes and names of different drugs in one concept: each of them is a question."""

from typing import Any

import pytest

from service.fhir.other_drugs import uncontradicted
from service.library import Library

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
DUPILUMAB, CLOBETASOL, HYDROCORTISONE = "1876401", "861448", "103403"
MEDIUM, LOW = "ad.tcs_medium_or_higher", "ad.tcs_low"


def found(library: Library, codes: list[str], text: str | None = None) -> dict[str, bool]:
    """By value set, whether the entry is a question."""
    concept: dict[str, Any] = {"coding": [{"system": RXNORM, "code": code} for code in codes]}
    concept |= {"text": text} if text else {}
    entries = library.terminology.of_concept(concept, {})
    told = uncontradicted(library.terminology, concept, entries)
    return {entry.value_set: entry.question for entry in told}


@pytest.mark.parametrize(
    "text",
    ["Dupixent 300 mg/2 mL syringe", "dupilumab", "biologic, see plan", "300 mg injection", None],
)
def test_name_of_the_same_drug_or_of_none_changes_nothing(library: Library, text: str) -> None:
    assert found(library, [DUPILUMAB], text) == {"dupilumab": False}


def test_name_of_a_drug_of_another_set_makes_both_questions(library: Library) -> None:
    told = found(library, [DUPILUMAB], "Humira 40 mg pen")
    assert told == {"dupilumab": True, "immunomodulator.tnf": True}


def test_name_of_a_drug_of_no_set_makes_a_question(library: Library) -> None:
    assert found(library, [DUPILUMAB], "metformin 500 mg") == {"dupilumab": True}


def test_two_drugs_of_one_set_are_told_apart_by_their_ingredients(library: Library) -> None:
    assert found(library, [CLOBETASOL], "clobetasol propionate 0.05 % ointment") == {MEDIUM: False}
    assert found(library, [CLOBETASOL], "Temovate ointment") == {MEDIUM: False}
    assert found(library, [CLOBETASOL], "hydrocortisone 1 % cream") == {MEDIUM: True, LOW: True}


def test_codes_of_two_drugs_make_both_questions(library: Library) -> None:
    assert found(library, [CLOBETASOL, HYDROCORTISONE]) == {MEDIUM: True, LOW: True}
    assert found(library, [DUPILUMAB, "1876376"]) == {"dupilumab": False}


def test_no_code_of_ours_is_contradicted_by_its_own_name(library: Library) -> None:
    known = library.terminology
    wrong = set()
    for (system, code), entries in known.by_code.items():
        for display in {entry.display for entry in entries}:
            concept = {"coding": [{"system": system, "code": code, "display": display}]}
            if uncontradicted(known, concept, entries) != entries:
                wrong.add((code, display))
    assert wrong == set()


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("Clobetasol 0.05 % ointment", False),
        ("Temovate", False),
        ("steroid ointment", False),
        ("clobetasol (not hydrocortisone)", False),
        ("hydrocortisone 1 % cream", True),
        ("mometasone", True),
        ("Dupixent", True),
        ("metformin 500 mg", True),
    ],
)
def test_name_of_another_drug_beside_a_code_makes_it_a_question(
    library: Library, name: str, question: bool
) -> None:
    concept = {"coding": [{"system": RXNORM, "code": "861448"}], "text": name}
    terminology = library.terminology
    found = uncontradicted(terminology, concept, terminology.of_concept(concept, {}))
    assert found
    by_code = [one for one in found if not one.by_name and one.code == "861448"]
    assert {one.question for one in by_code} == {question}
    assert {one.attributes.get("beside") for one in by_code} == {name if question else None}


@pytest.mark.parametrize(
    ("code", "name"), [("1992567", "Glycopyrrolate"), ("1876401", "dupilumab"), ("1876401", "x")]
)
def test_another_spelling_of_an_ingredient_is_no_other_drug(
    library: Library, code: str, name: str
) -> None:
    concept = {"coding": [{"system": RXNORM, "code": code}], "text": name}
    terminology = library.terminology
    entries = terminology.of_concept(concept, {})
    assert entries
    assert uncontradicted(terminology, concept, entries) == entries
