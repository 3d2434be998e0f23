"""Amounts named in a sentence."""

import pytest

from service.fhir.values.amount_words import Amount, AmountWords
from service.library import Library


@pytest.fixture
def words(library: Library) -> AmountWords:
    return library.knowledge.timings.amount_words


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        ("inject 300 mg every 14 days", [Amount(300, "mg")]),
        ("inject 2 ml", [Amount(2, "mL")]),
        ("inject two 300 mg pens", [Amount(2, "devices")]),
        ("1 injection a week", [Amount(1, "devices", 7)]),
        ("300 mg x 2", [Amount(600, "mg")]),
        ("2 x 300 mg", [Amount(600, "mg")]),
        ("200 to 300 mg", [Amount(200, "mg"), Amount(300, "mg")]),
        ("150 mg/ml", []),
        ("0 mg", []),
        ("as directed", []),
        ("", []),
    ],
)
def test_amount_is_a_number_with_a_unit(
    words: AmountWords, sentence: str, amounts: list[Amount]
) -> None:
    assert words.of(sentence) == amounts


def test_sentence_is_left_without_its_amounts(words: AmountWords) -> None:
    assert "300 mg" not in words.without("inject 300 mg every 14 days")
    assert "every 14 days" in words.without("inject 300 mg every 14 days")


def test_without_words_for_units_only_mg_is_read() -> None:
    assert AmountWords().of("300 mg and 2 ml") == [Amount(300, "mg")]
