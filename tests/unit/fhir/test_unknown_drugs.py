"""What no value set holds: how certainly it is another thing, or that it cannot be read."""

from typing import Any

import pytest
from support.cases.run import library

from service.fhir.terminology.unlisted_codes import Certainty
from service.fhir.unknown_drugs import (
    MOST_SHOWN,
    UNREAD,
    certainty_of,
    concept_names,
    names_more,
    says_anything,
    unread_mark,
    words_join_more,
)

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
SNOMED = "http://snomed.info/sct"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
KNOWN = library().terminology
Json = dict[str, Any]


def concept(*codings: tuple[str, ...], text: str | None = None) -> Json:
    """A concept of systems, codes and displays."""
    named = [dict(zip(("system", "code", "display"), one, strict=False)) for one in codings]
    return {**({"coding": named} if named else {}), **({"text": text} if text else {})}


@pytest.mark.parametrize(
    ("given", "certainty"),
    [
        (concept(text="metformin"), Certainty.SURELY),
        (concept(text="no known allergies"), Certainty.SURELY),
        (concept((RXNORM, "860975", "metformin")), Certainty.SURELY),
        (concept((RXNORM, "9999990", "Glucophage")), Certainty.SURELY),
        (concept((RXNORM, "9999990", "Medication 12")), Certainty.NOT),
        (concept(text="some biologic"), Certainty.NOT),
        (concept(text="xyzumab"), Certainty.NOT),
        (concept(("urn:x", "123")), Certainty.NOT),
        (concept(), Certainty.NOT),
        (concept((SNOMED, "91936005", "Allergy to penicillin")), Certainty.SERVICE),
        (concept(text="dupilumab and something"), Certainty.NAMED),
        (concept(text="metformin and xyzalumab"), Certainty.NAMED),
        (concept((HCPCS, "A0021")), Certainty.SURELY),
        (concept((HCPCS, "J3490", "unclassified drugs")), Certainty.ANY_DRUG),
        (concept((HCPCS, "96372", "injection")), Certainty.GIVES),
        (concept((HCPCS, "96372", "injection"), text="metformin"), Certainty.SURELY),
    ],
)
def test_concept_of_no_list_is_more_or_less_certainly_another_thing(
    given: Json, certainty: Certainty
) -> None:
    assert certainty_of(KNOWN, given) is certainty


def test_code_of_another_drug_beside_an_unknown_one_is_not_certain() -> None:
    other, unknown = (NDC, "68382002801"), (RXNORM, "9999990")
    assert certainty_of(KNOWN, concept(other)) is Certainty.SURELY
    assert certainty_of(KNOWN, concept(other, unknown)) is Certainty.NOT
    assert certainty_of(KNOWN, concept(other, unknown, text="metformin")) is Certainty.SURELY


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("metformin", False),
        ("metformin and dupilumab", False),
        ("metformin / xyzalumab", True),
        ("metformin with food", False),
        ("xyzalumab and abcdumab", False),
        ("metformin + a biologic", True),
    ],
)
def test_text_that_joins_an_unknown_name_to_a_known_drug_names_more(text: str, more: bool) -> None:
    assert names_more(KNOWN, text) is more
    assert words_join_more(KNOWN, concept(text=text)) is more


def test_display_of_a_code_that_stands_for_no_code_is_no_name() -> None:
    absent = concept((ABSENT, "unknown", "Unknown"))
    assert concept_names(absent) == []
    assert not says_anything(absent)
    assert concept_names(concept((RXNORM, "1", "A name"), text="words")) != []
    assert says_anything(concept((RXNORM, "1")))
    assert says_anything(concept(text="words"))
    assert not says_anything(concept())


def test_mark_of_an_unread_drug_is_a_question_with_what_its_code_tells() -> None:
    mark = unread_mark(KNOWN, [concept((HCPCS, "J9999", "odd"))], {}, is_drug=True)
    assert (mark.value_set, mark.code, mark.question) == (UNREAD, "J9999", True)
    assert mark.display == "not readable here (odd, code J9999)"
    assert "injection" in mark.attributes["routes"]
    nothing = unread_mark(KNOWN, [concept()], {}, is_drug=False)
    assert nothing.display == "not readable here (no code, no name)"
    assert (nothing.attributes["routes"], nothing.attributes["is_drug"]) == ((), False)


def test_same_unknown_code_twice_is_one_drug_and_each_entry_without_one_its_own() -> None:
    first, second = Json(id="1"), Json(id="2")
    coded = concept((RXNORM, "9999990", "Medication 12"))

    def ingredient(given: Json, element: Json) -> object:
        return unread_mark(KNOWN, [given], element, is_drug=True).attributes["ingredient"]

    assert ingredient(coded, first) == ingredient(coded, second)
    assert ingredient(concept(), first) != ingredient(concept(), second)


def test_long_name_is_shown_cut() -> None:
    mark = unread_mark(KNOWN, [concept(text="x" * (MOST_SHOWN + 1))], {}, is_drug=True)
    assert mark.display == f"not readable here ({'x' * MOST_SHOWN})"
