"""Which texts may stand in a recording: no number, no age and no name of a person."""

import pytest
from support.recordings import words


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Atopic dermatitis", True),
        ("12 %", True),
        ("inject 300 mg every 14 days", True),
        ("Amara Okafor", False),
        ("12 Main Street", False),
        ("severe", True),
        ("IGA as told by Amara", False),
    ],
)
def test_texts(text: str, known: bool) -> None:
    assert words().texts.is_text(text) is known


NUMBERS_OF_PEOPLE = [
    "123-45-6789",
    "601-555-1234",
    "(601) 555-1234",
    "601.555.1234",
    "555 1234",
    "5551234",
    "55512",
    "1961-05-17",
    "05/17/1961",
    "5/17/61",
    "12/05",
    "1961",
    "91 years",
    "92 y/o",
    "92 yo",
    "92yo",
    "92-year-old",
    "92 y.o.",
    "1080 months",
    "4700 weeks",
]


@pytest.mark.parametrize("text", NUMBERS_OF_PEOPLE)
def test_numbers_of_people_are_no_amounts(text: str) -> None:
    assert not words().texts.is_text(text)
    assert not words().texts.is_text(f"300 mg every 14 days {text}")
    assert not words().texts.is_drug(f"lisinopril {text}")
    assert not words().decisions.is_decision(f"Approved {text}")


@pytest.mark.parametrize(
    "text",
    [
        *("2000 mg", "1-2 puffs", "200-300 mg", "1.5", "64 years", "89 years", "1079 months"),
        "600 mg, then 300 mg every 2 weeks",
    ],
)
def test_amounts_are_kept(text: str) -> None:
    assert words().texts.is_text(text)


def test_drugs_are_kept_with_their_strengths() -> None:
    assert words().texts.is_drug("lisinopril 10 MG Oral Tablet")
    assert words().texts.is_drug("fluticasone / salmeterol 100/50 MCG")
    assert not words().texts.is_drug("lisinopril as Amara told")


def test_names_of_payers_and_texts_of_the_documents() -> None:
    assert words().texts.is_payer_name("BCBSMS")
    assert not words().texts.is_payer_name("Amara Okafor")
    assert words().texts.has("Atopic  DERMATITIS")
    assert not words().texts.has("atopic")
