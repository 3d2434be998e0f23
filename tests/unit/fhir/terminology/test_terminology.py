"""Codes to value sets: spellings of one code, aliases of one system, names only as a last resort."""

from typing import Any

import pytest

from service.fhir.terminology.terminology import ndc11
from service.library import Library

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
Concept = dict[str, Any]


def coded(system: str | None, code: str, display: str | None = None) -> Concept:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def sets(library: Library, concept: object, **aliases: Any) -> set[str]:
    known = library.terminology.of_concept(concept, aliases.get("aliases", {}))
    quick = library.terminology.quick(concept)
    if quick is not None and "aliases" not in aliases:
        assert {one.value_set for one in quick} == {one.value_set for one in known}
    return {one.value_set for one in known}


SPELLINGS = {
    "11 digits": "00024591400",
    "5-4-2": "00024-5914-00",
    "4-4-2": "0024-5914-00",
    "5-4-1 of a code that ends so": "00024-5914-0",
}


@pytest.mark.parametrize("code", SPELLINGS.values(), ids=SPELLINGS)
def test_an_ndc_is_known_in_every_spelling(library: Library, code: str) -> None:
    assert "dupilumab" in sets(library, coded(NDC, code))


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("1234-5678-90", "01234567890"),
        ("12345-678-90", "12345067890"),
        ("12345-6789-1", "12345678901"),
        ("12345-6789-01", "12345678901"),
        ("12345678901", "12345678901"),
    ],
)
def test_an_ndc_is_filled_up_in_the_part_that_is_short(written: str, digits: str) -> None:
    assert ndc11(written) == digits


def test_ten_bare_digits_name_a_product_in_the_one_form_that_we_know(library: Library) -> None:
    assert "dupilumab" in sets(library, coded(NDC, "0024591400"))
    assert "dupilumab" in sets(library, coded(NDC, "0024591499"))  # its product tells


@pytest.mark.parametrize("code", ["L20.9", "L209"])
def test_an_icd_code_is_known_without_its_dot(library: Library, code: str) -> None:
    assert "ad.condition" in sets(library, coded(ICD, code))


@pytest.mark.parametrize("code", ["J45.50", "J4550"])
def test_a_category_holds_the_codes_below_it(library: Library, code: str) -> None:
    assert "asthma.condition" in sets(library, coded(ICD, code))


@pytest.mark.parametrize("code", ["L40.0", "L2", "J4", "", "L20.9 and more words"])
def test_a_code_beside_the_sets_is_in_none(library: Library, code: str) -> None:
    assert "asthma.condition" not in sets(library, coded(ICD, code))
    assert "dupilumab" not in sets(library, coded(ICD, code))


@pytest.mark.parametrize(
    "system",
    [RXNORM, "urn:oid:2.16.840.1.113883.6.88", "https://www.nlm.nih.gov/research/umls/rxnorm"],
)
def test_a_system_is_known_under_each_of_its_uris(library: Library, system: str) -> None:
    assert "dupilumab" in sets(library, coded(system, "1876376"))


@pytest.mark.parametrize("system", [None, "urn:local", SNOMED])
def test_a_code_counts_in_its_own_system_only(library: Library, system: str | None) -> None:
    assert sets(library, coded(system, "1876376")) == set()


def test_a_name_counts_where_no_standard_code_stands(library: Library) -> None:
    assert sets(library, {"text": " vIGA-AD "}) == {"score.iga"}
    assert sets(library, coded("urn:local", "77", "viga-ad")) == {"score.iga"}


def test_a_name_beside_a_standard_code_does_not_count(library: Library) -> None:
    other = {**coded(LOINC, "8302-2"), "text": "viga-ad"}
    assert sets(library, other) == set()


@pytest.mark.parametrize("name", ["iga", "my viga-ad score today", "vigaad", ""])
def test_only_an_exact_name_counts(library: Library, name: str) -> None:
    assert sets(library, {"text": name}) == set()


def test_the_name_of_a_drug_is_a_question(library: Library) -> None:
    (entry,) = (
        one
        for one in library.terminology.of_concept({"text": "Dupixent"}, {})
        if one.value_set == "dupilumab"
    )
    assert entry.question
    assert entry.by_name


def test_an_ingredient_that_proves_no_route_is_a_question(library: Library) -> None:
    found = library.terminology.of_concept(coded(RXNORM, "42316"), {})
    assert [one.question for one in found if one.value_set == "ad.tci"] == [True]


def test_a_code_of_the_clients_own_counts_as_what_it_stands_for(library: Library) -> None:
    ours = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
    aliases = {("urn:local", "77"): (ours, "BSA_PCT")}
    assert sets(library, coded("urn:local", "77"), aliases=aliases) == {"score.bsa_pct"}
    assert sets(library, coded("urn:local", "78"), aliases=aliases) == set()


ODD: list[Any] = [
    None,
    5,
    "L20.9",
    [],
    {},
    {"coding": None},
    {"coding": "L20.9"},
    {"coding": [None, 5, {"system": ICD}, {"code": "L20.9"}, {"system": 5, "code": 7}]},
    {"coding": {"system": ICD}},
    {"text": 7},
]


@pytest.mark.parametrize("concept", ODD, ids=repr)
def test_malformed_concept_is_ignored(library: Library, concept: object) -> None:
    assert sets(library, concept) == set()


@pytest.mark.parametrize(
    "concept",
    [
        [coded(ICD, "L20.9")],
        {"coding": {"system": ICD, "code": "L20.9"}},
        {"system": ICD, "code": "L20.9"},
    ],
    ids=str,
)
def test_a_concept_in_another_shape_is_still_read(library: Library, concept: object) -> None:
    assert "ad.condition" in sets(library, concept)


def test_blanks_around_a_code_are_no_part_of_it(library: Library) -> None:
    assert "ad.condition" in sets(library, coded(ICD, " L20.9 "))


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
    concept = {**coded(RXNORM, "861448"), "text": name}
    terminology = library.terminology
    found = terminology.uncontradicted(concept, terminology.of_concept(concept, {}))
    assert found
    assert {one.question for one in found} == {question}
    assert {one.attributes.get("beside") for one in found} == {name if question else None}


@pytest.mark.parametrize(
    ("code", "name"), [("1992567", "Glycopyrrolate"), ("1876401", "dupilumab"), ("1876401", "x")]
)
def test_another_spelling_of_an_ingredient_is_no_other_drug(
    library: Library, code: str, name: str
) -> None:
    concept = {**coded(RXNORM, code), "text": name}
    terminology = library.terminology
    entries = terminology.of_concept(concept, {})
    assert entries
    assert terminology.uncontradicted(concept, entries) == entries
