"""Names that point at a value set, and codes near those of one."""

import pytest

from service.fhir.terminology.names_in_text import (
    Pointing,
    PointingWords,
    all_begin,
    beginnings,
    closed,
    joined,
    occur,
    phrases,
    split,
    words_in,
    words_of,
)

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
NEAR = PointingWords(
    near=(beginnings("atopic dermat"), beginnings("eczema")),
    unlike=(beginnings("contact eczema"), beginnings("herpe")),
    broader=frozenset({("skin", "disease")}),
)
CODES = closed(
    "[A-Z][0-9].*", ("Z",), {"ad": [("L20.81", False), ("L20.9", True)], "asthma": [("J45", True)]}
)
POINTING = Pointing({"ad": NEAR}, {ICD10: CODES})


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("Dermatitis, atopic", True),
        ("atopic rhinitis", False),
        ("Eczema of the hand", True),
        ("contact eczema", False),
        ("eczema, herpetic", False),
        ("atopic dermatitis, herpetic", True),
        ("skin disease", True),
        ("skin disease of the hand", False),
        ("", False),
    ],
)
def test_name_points_at_a_set_by_its_words_unless_more_words_say_another_thing(
    name: str,
    points: bool,
) -> None:
    assert NEAR.of(words_in(name)) is points


def test_kind_of_concept_behind_a_name_is_not_read() -> None:
    assert POINTING.of(["Skin disease (disorder)"]) == {"ad"}
    assert POINTING.any_of(["Skin disease (disorder)"], ["asthma", "ad"])
    assert not POINTING.any_of(["Skin disease"], ["asthma"])
    assert not POINTING.any_of([], ["ad"])


@pytest.mark.parametrize(
    ("code", "around"),
    [
        ("L20", {"ad"}),
        ("L20.8", {"ad"}),
        ("l20.819", {"ad"}),
        ("L20.81", {"ad"}),
        ("L20.99", set()),
        ("L2", set()),
        ("K50", set()),
    ],
)
def test_code_above_ours_or_cut_finer_than_ours_is_near_the_set(
    code: str, around: set[str]
) -> None:
    assert CODES.around(code) == around


def test_code_of_a_visit_is_no_disease() -> None:
    visit, disease = ({"coding": [{"system": ICD10, "code": code}]} for code in ("Z00", "K50"))
    assert (POINTING.is_closed(visit), POINTING.names_no_disease(visit)) == (False, True)
    assert (POINTING.is_closed(disease), POINTING.names_no_disease(disease)) == (True, False)


def test_name_points_elsewhere_if_its_code_is_in_another_chapter() -> None:
    def coded(code: str) -> object:
        return {"coding": [{"system": ICD10, "code": code}], "text": "eczema"}

    assert POINTING.elsewhere(coded("K50")) == {"ad"}
    assert POINTING.elsewhere(coded("L30")) == frozenset()
    assert POINTING.elsewhere({"text": "eczema"}) == frozenset()


def test_beginnings_joined_by_an_underscore_stand_side_by_side() -> None:
    assert beginnings("Graft_versus host") == ("graft versus", "host")
    assert all_begin(("graft versus",), joined(["graft", "versus", "host"]))
    assert not all_begin(("graft host",), joined(["graft", "versus", "host"]))
    assert not all_begin(("raft",), joined(["graft"]))


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
