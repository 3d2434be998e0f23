"""Amounts named in a sentence."""

import pytest

from service.fhir.values.amount_words import AmountWords, WrittenAmount
from service.library import Library


@pytest.fixture
def words(library: Library) -> AmountWords:
    return library.knowledge.timings.amount_words


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        ("inject 300 mg every 14 days", [WrittenAmount(300, "mg")]),
        ("inject 2 ml", [WrittenAmount(2, "mL")]),
        ("inject two 300 mg pens", [WrittenAmount(2, "devices")]),
        ("1 injection a week", [WrittenAmount(1, "devices", 7)]),
        ("300 mg x 2", [WrittenAmount(600, "mg")]),
        ("2 x 300 mg", [WrittenAmount(600, "mg")]),
        ("200 to 300 mg", [WrittenAmount(200, "mg"), WrittenAmount(300, "mg")]),
        ("150 mg/ml", []),
        ("0 mg", []),
        ("as directed", []),
        ("", []),
    ],
)
def test_amount_is_a_number_with_a_unit(
    words: AmountWords, sentence: str, amounts: list[WrittenAmount]
) -> None:
    assert words.of(sentence) == amounts


def test_sentence_is_left_without_its_amounts(words: AmountWords) -> None:
    assert "300 mg" not in words.without("inject 300 mg every 14 days")
    assert "every 14 days" in words.without("inject 300 mg every 14 days")


def test_without_words_for_units_only_mg_is_read() -> None:
    assert AmountWords().of("300 mg and 2 ml") == [WrittenAmount(300, "mg")]
