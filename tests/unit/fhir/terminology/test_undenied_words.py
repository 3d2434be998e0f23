"""Words of harm in notes: what speaks of it, and what denies it."""

from functools import cache

import pytest
from support.cases.run import library

from service.fhir.terminology.undenied_words import UndeniedWords


@cache
def words() -> UndeniedWords:
    """The words of the library."""
    known = library().knowledge.of_kind("outcome").harm_words
    assert known is not None
    return known


@pytest.mark.parametrize(
    "note",
    [
        "Stopped: anaphylaxis after the third dose, 2 doses of epinephrine",
        "hives and throat swelling after injection",
        "No improvement, had hives after injection",
        "Not tolerated: hives",
        "no reaction to first dose; hives after second",
        "Unclear if anaphylaxis from Dupixent",
        "Anaphylaxis. No further doses",
        "Patient with allergy to dupilumab",
        "Stopped - allergy",
    ],
)
def test_a_note_that_speaks_of_harm_is_found(note: str) -> None:
    assert words().are_in(note)


@pytest.mark.parametrize(
    "note",
    [
        "No reactions",
        "Denies hives, swelling, or trouble breathing",
        "No known drug allergies",
        "Call if hives or swelling",
        "discussed risk of anaphylaxis and hypersensitivity",
        "educated on signs and symptoms of allergic reaction",
        "Side effects: none",
        "For allergic asthma, followed by allergy",
        "not allergic to dupilumab",
        "Stopped because it did not help",
        "",
    ],
)
def test_a_note_that_denies_harm_or_counsels_is_not(note: str) -> None:
    assert not words().are_in(note)
    assert not words().are_in(note, named=True)


def test_some_words_count_only_where_the_drug_is_named() -> None:
    assert words().are_in("Dupixent allergy", named=True)
    assert not words().are_in("Dupixent allergy")


def test_without_words_that_deny_every_word_counts() -> None:
    plain = UndeniedWords(("hives",))
    assert plain.are_in("no hives")
    assert not plain.are_in("no rash")
