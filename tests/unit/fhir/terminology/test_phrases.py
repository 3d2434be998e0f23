"""Names of several words inside longer texts."""

import pytest

from service.fhir.terminology.phrases import occur, phrases, split, words_of

KNOWN = phrases(["Dupilumab", "mycophenolate mofetil", "JAK inhibitor", "ab"])


def test_words_are_split_at_spaces_and_marks_in_lower_case() -> None:
    assert split("Dupilumab (300 MG/2ML)") == ["dupilumab", "300", "mg", "2ml"]


def test_word_with_a_hyphen_is_found_in_its_pieces_too() -> None:
    assert words_of("anti-IgE") == ["anti-ige", "anti", "ige"]
    assert words_of("plain words") == ["plain", "words"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("takes dupilumab 300 mg", [("dupilumab",)]),
        ("mycophenolate mofetil 500 mg", [("mycophenolate", "mofetil")]),
        ("mycophenolate sodium", []),
        ("a JAK inhibitor and dupilumab", [("jak", "inhibitor"), ("dupilumab",)]),
        ("dupilumabs", []),
        ("ab", []),
        ("", []),
    ],
)
def test_name_is_found_as_whole_words_in_their_order(
    text: str, found: list[tuple[str, ...]]
) -> None:
    assert occur(words_of(text), KNOWN) == found


def test_longer_name_comes_before_a_shorter_one_with_the_same_first_word() -> None:
    known = phrases(["tumor", "tumor necrosis factor"])
    assert occur(words_of("tumor necrosis factor"), known) == [
        ("tumor", "necrosis", "factor"),
        ("tumor",),
    ]
