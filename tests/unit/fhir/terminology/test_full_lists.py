"""Whole lists of codes: a code is in a class, surely another thing, or not known."""

from collections.abc import Iterable

import pytest
from support.drug_words import WORDS, product_sets, sets

from service.fhir.terminology.directory import Packages, packed, unpacked
from service.fhir.terminology.drugs import Entry
from service.fhir.terminology.full_lists import DrugNames, FullLists, agreed
from service.fhir.terminology.names_in_text import phrases

HCPCS = "urn:hcpcs"
PRODUCTS = {
    "000000001": ["LOBARIN\t10\tmg/1\tTABLET\tORAL"],
    "000000002": ["OTHERIN\t10\tmg/1\tTABLET\tORAL"],
    "000000003": ["LOBARIN\t10\tmg/1\tTABLET\tORAL", "OTHERIN\t5\tmg/1\tTABLET\tORAL"],
    "000000004": ["VELTUMAB\t\t\tKIT\t"],
    "000000005": ["\t\t\tTABLET\tORAL"],
    "000000006": ["BRANDOL\t\t\tKIT\tORAL"],
}
OURS, OTHERS = phrases(["lobarin", "veltumab", "brandol"]), phrases(["otherin", "otherin xr"])
NAMES = DrugNames(WORDS, {held.name: held for held in sets()}, OURS, OTHERS, frozenset({"simab"}))
ENTRY = Entry("tablets", "lobarin", "lobarin", by_name=True)


def lists(samples: Iterable[str] = ()) -> FullLists:
    table = packed(
        [(product, text) for product, several in PRODUCTS.items() for text in several],
        Packages(samples=samples),
    )
    return FullLists(
        product_sets(),
        NAMES,
        unpacked(table),
        {HCPCS: {"J1": "Injection, lobarin, 10 mg", "J2": "Otherin tablet 5 mg"}},
        {"creams": frozenset({"J1"})},
    )


LISTS = lists()


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("000000001", [("tablets", False)]),
        ("00000000112", [("tablets", False)]),
        ("000000002", []),
        ("000000003", [("tablets", True)]),
        ("000000004", [("syringes", True)]),
        ("000000005", None),
        ("000000006", None),
        ("000000009", None),
    ],
    ids=[
        *("ours", "its package", "another", "two readings", "kit of ours", "no substance"),
        *("kit by a brand", "not listed"),
    ],
)
def test_drug_of_the_directory_is_in_its_sets_or_another_or_not_known(
    digits: str, expected: list[tuple[str, bool]] | None
) -> None:
    entries = LISTS.of_drug(digits)
    told = None if entries is None else [(one.value_set, one.question) for one in entries]
    assert told == expected


def test_package_that_is_a_sample_is_a_question() -> None:
    sampled = lists(samples=["00000000112"])
    (sample,) = sampled.of_drug("00000000112") or ()
    (sold,) = sampled.of_drug("00000000113") or ()
    assert (sample.question, sample.attributes["why"]) == (True, WORDS.why_sample)
    assert not sold.question


def test_listed_code_means_what_its_descriptor_names_unless_the_set_refuses_it() -> None:
    named = (ENTRY, Entry("creams", "lobarin", "lobarin"), Entry("unheard", "x", "x"))
    assert LISTS.of_listed(HCPCS, "J1", named) == (ENTRY,)
    assert LISTS.of_listed(HCPCS, "J9", named)[:2] == named[:2]
    assert LISTS.descriptor(HCPCS, "J1") == "Injection, lobarin, 10 mg"
    assert LISTS.descriptor("urn:other", "J1") is None


@pytest.mark.parametrize(
    ("text", "named", "other"),
    [
        ("otherin 5 mg", (), True),
        ("lobarin", (ENTRY,), False),
        ("lobarin cream 5 %", (ENTRY,), True),
        ("lobarin cream", (ENTRY,), False),
        ("otherin for a study", (), False),
        ("a biologic, otherin", (), False),
        ("newmab", (), False),
        ("simab", (), False),
        ("nobody knows", (), False),
    ],
)
def test_text_names_another_drug_if_it_names_none_of_ours(
    text: str, named: tuple[Entry, ...], other: bool
) -> None:
    assert NAMES.other(text, named) is other


@pytest.mark.parametrize(
    ("words", "biologic"),
    [("newmab", True), ("simab", False), ("biologic", True), ("otherin", False)],
)
def test_word_may_be_a_biologic_by_its_end_unless_it_is_known(words: str, biologic: bool) -> None:
    assert NAMES.may_be_biologic([words]) is biologic


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("otherin tablet", True),
        ("unspecified drug", False),
        ("unspecified dressing", True),
        ("biologic", False),
        ("wheelchair", True),
    ],
)
def test_descriptor_is_another_thing_unless_it_leaves_open_which_drug(
    words: str, other: bool
) -> None:
    assert NAMES.descriptor(words.split()) is other
    assert LISTS.descriptor_names_other(words.split(), ()) is other
    assert LISTS.descriptor_names_other(words.split(), (ENTRY,))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("lobarin cream 1 %", False),
        ("lobarin tablet 10 mg", True),
        ("lobarin cream", True),
        ("lobarin cream pack 1", True),
    ],
)
def test_route_that_a_product_s_name_says_excludes_sets_of_other_routes(
    words: str, kept: bool
) -> None:
    assert (NAMES.by_route(words.split(), (ENTRY,)) == (ENTRY,)) is kept


def test_readings_that_agree_are_one_and_others_are_questions() -> None:
    other = Entry("creams", "1", "lobarin")
    assert agreed([(ENTRY,), (ENTRY,)]) == (ENTRY,)
    assert [one.question for one in agreed([(ENTRY,), (other,)])] == [True, True]


def test_words_of_all_lists_are_explained() -> None:
    assert {"lobarin", "otherin", "tablet", "sodium", "pack"} <= LISTS.explained
    assert "nobody" not in LISTS.explained
    assert LISTS.systems == {HCPCS}
