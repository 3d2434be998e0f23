"""Drug products, as FDA's directory describes them and as a line of a value set names them."""

import pytest
from support.drug_words import WORDS, line

from service.fhir.terminology.drugs import (
    Entry,
    ProductPart,
    Strength,
    Substance,
    alike,
    read_directory_product,
    read_set_product,
)


@pytest.mark.parametrize(
    ("figure", "unit", "expected"),
    [
        ("10", "mg/1", Strength(10, 1, each=True)),
        ("300", "mg/2mL", Strength(300, 2, each=False)),
        ("50", "ug/.1g", Strength(0.05, 0.1, each=False)),
        ("1", "g/L", Strength(1000, 1000, each=False)),
        ("10", "[USP'U]/mL", None),
        ("10", "mg/bag", None),
        ("0", "mg/1", None),
        ("many", "mg/1", None),
        ("10", "mg", None),
    ],
)
def test_strength_is_milligrams_in_millilitres_or_grams_or_pieces(
    figure: str, unit: str, expected: Strength | None
) -> None:
    product = read_directory_product(f"LOBARIN\t{figure}\t{unit}\tTABLET\tORAL", WORDS)
    assert product.parts == (ProductPart("lobarin", expected),)


def test_product_has_substances_with_their_strengths_form_and_routes() -> None:
    product = read_directory_product("LOBARIN; VELTUMAB\t10; 20\tmg/1; mg/1\tTABLET\tORAL", WORDS)
    assert [part.name for part in product.parts] == ["lobarin", "veltumab"]
    assert [part.strength for part in product.parts] == [
        Strength(10, 1, each=True),
        Strength(20, 1, each=True),
    ]
    assert (product.routes, product.forms) == (frozenset({"oral"}), frozenset({"Oral Tablet"}))
    assert product.words == "lobarin / veltumab, tablet"


def test_figures_that_do_not_go_with_the_substances_are_left_out() -> None:
    product = read_directory_product("LOBARIN; VELTUMAB\t10\tmg/1\tTABLET\tORAL", WORDS)
    assert [part.strength for part in product.parts] == [None, None]


@pytest.mark.parametrize(
    ("route", "form", "expected"),
    [
        ("ORAL", "TABLET", {"oral"}),
        ("ORAL; TOPICAL", "CREAM", {"oral", "topical"}),
        ("NASAL; RESPIRATORY", "SPRAY", {"inhalation"}),
        ("ORAL", "AEROSOL, METERED", {"inhalation"}),
        ("ORAL; UNHEARD", "TABLET", None),
        ("", "TABLET", None),
    ],
)
def test_route_is_known_only_if_each_part_of_it_is(
    route: str, form: str, expected: set[str] | None
) -> None:
    assert WORDS.routes_of(route, form) == expected


def test_form_of_ours_goes_with_its_route() -> None:
    assert WORDS.forms_of("CREAM", frozenset({"topical"})) == {"Topical Cream"}
    assert WORDS.forms_of("CREAM", frozenset({"oral"})) == frozenset()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Lobarin Sodium", "lobarin"),
        ("Sodium Lobarin", "sodium lobarin"),
        ("ANHYDROUS LOBARIN, CITRATE", "lobarin"),
        ("veltumab-abcd", "veltumab"),
        ("ab-abcd", "ab-abcd"),
        ("", ""),
    ],
)
def test_plain_name_is_without_salts_and_suffixes(name: str, plain: str) -> None:
    assert WORDS.plain(name) == plain


def test_salt_that_weighs_more_is_also_so_much_less_of_the_drug() -> None:
    (part,) = read_directory_product("LOBARIN FUROATE\t12.5\tmg/1\tTABLET\tORAL", WORDS).parts
    (own, same), (other, less) = part.names_with_strength("lobarin furoate")
    assert (own, same) == ("lobarin furoate", Strength(12.5, 1, each=True))
    assert (other, less) == ("lobarin", Strength(10.0, 1, each=True))


def test_substance_with_listed_figures_has_ours_for_theirs_only() -> None:
    other = Substance("lobarin", {12.0: 10.0}, 1.0)
    listed = ProductPart("salt", Strength(12.1, 1, each=True), other)
    unlisted = ProductPart("salt", Strength(24, 1, each=True), other)
    assert dict(listed.names_with_strength("salt"))["lobarin"] == Strength(10, 1, each=True)
    assert "lobarin" not in dict(unlisted.names_with_strength("salt"))


@pytest.mark.parametrize(("other", "expected"), [(100, True), (102.5, True), (103, False)])
def test_figures_are_alike_but_for_rounding(other: float, expected: bool) -> None:
    assert alike(100, other) is expected
    assert alike(other, 100) is expected


@pytest.mark.parametrize(
    ("display", "form", "names", "volume"),
    [
        ("lobarin 10 MG Oral Tablet", "Oral Tablet", {"lobarin"}, None),
        ("lobarin 10 MG Oral Tablet [Brand]", "Oral Tablet", {"lobarin"}, None),
        ("2 ML veltumab 150 MG/ML Prefilled Syringe", "Prefilled Syringe", {"veltumab"}, 2.0),
        ("lobarin 1 MG / veltumab 2 MG Oral Tablet", "Oral Tablet", {"lobarin", "veltumab"}, None),
        ("24 HR lobarin 10 MG Oral Tablet", "Oral Tablet", {"lobarin"}, None),
    ],
)
def test_line_of_a_value_set_is_a_product_with_substances_and_volume(
    display: str, form: str, names: set[str], volume: float | None
) -> None:
    product = read_set_product(line("s", display, form), WORDS)
    assert product is not None
    assert (set(product.names), product.form, product.volume) == (names, form, volume)


@pytest.mark.parametrize(
    ("display", "form"),
    [
        ("lobarin", None),
        ("lobarin 10 MG Oral Tablet", "Oral Liquid"),
        ("lobarin Oral Tablet", "Oral Tablet"),
        ("lobarin 10 UNT/ML Oral Tablet", "Oral Tablet"),
    ],
)
def test_line_that_does_not_name_its_strength_and_form_is_no_product(
    display: str, form: str | None
) -> None:
    assert read_set_product(line("s", display, form), WORDS) is None


def test_route_of_a_line_is_its_own_or_that_of_its_form() -> None:
    own = read_set_product(line("s", "lobarin 1 MG Oral Tablet", "Oral Tablet", route="x"), WORDS)
    of_form = read_set_product(line("s", "lobarin 1 MG Oral Tablet", "Oral Tablet"), WORDS)
    assert own is not None
    assert of_form is not None
    assert (own.route, of_form.route) == ("x", "oral")


def test_entry_becomes_a_question_and_keeps_what_is_known_of_it() -> None:
    entry = Entry("s", "1", "lobarin", {"form": "x"})
    asked = entry.as_question("a sample")
    assert (asked.question, asked.attributes) == (True, {"form": "x", "why": "a sample"})
    assert entry.as_question().attributes == {"form": "x"}
    assert not entry.question
