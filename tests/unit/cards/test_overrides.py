"""The reasons for setting a card aside: an EHR and a payer may store them, so their codes stay."""

import pytest
from support.cases.run import library

SYSTEM = "https://dupilumab-cds.github.io/fhir/CodeSystem/override-reason"
CODES = {
    "coverage": [
        "documented-elsewhere",
        "authorization-on-file",
        "record-wrong",
        "exception-requested",
        "other-funding",
    ],
    "alternatives": [
        "tried-before",
        "not-suitable",
        "patient-preference",
        "not-available",
        "record-wrong",
    ],
    "tests": ["done-already", "not-suitable", "record-wrong"],
    "considerations": ["done-already", "not-applicable", "record-wrong"],
}


@pytest.mark.conforms("CARD-11")
@pytest.mark.parametrize("card", CODES)
def test_codes_of_override_reasons_do_not_change(card: str) -> None:
    given = library().wording.overrides[card]
    assert [one["code"] for one in given] == CODES[card]
    assert all(one["display"] for one in given)


def test_no_card_has_reasons_that_are_not_listed_here() -> None:
    assert set(library().wording.overrides) == set(CODES)


@pytest.mark.conforms("CARD-11")
def test_one_system_holds_them_all_and_a_code_says_one_thing() -> None:
    given = [one for card in library().wording.overrides.values() for one in card]
    assert {one["system"] for one in given} == {SYSTEM}
    assert len({(one["code"], one["display"]) for one in given}) == len(
        {one["code"] for one in given}
    )
