"""Which value sets a product of the directory belongs to: surely, perhaps, or not at all."""

import pytest
from support.drug_words import LINES, WORDS, line, product_sets, sets

from service.fhir.terminology.drugs import read_directory_product
from service.fhir.terminology.product_sets import drug_sets, grouped

TABLET = "LOBARIN\t10\tmg/1\tTABLET\tORAL"


def found(description: str, *any_strength: str) -> dict[str, bool]:
    """Value set to whether the product is a question in it."""
    product = read_directory_product(description, WORDS)
    entries = product_sets(*any_strength).entries("000000001", product)
    return {entry.value_set: entry.question for entry in entries}


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (TABLET, {"tablets": False}),
        ("LOBARIN SODIUM\t10\tmg/1\tTABLET, COATED\tORAL", {"tablets": False}),
        ("LOBARIN FUROATE\t12.5\tmg/1\tTABLET\tORAL", {"tablets": False}),
        ("LOBARIN\t1\tg/100mL\tCREAM\tTOPICAL", {"creams": False}),
        ("LOBARIN\t30\tmg/1\tTABLET\tORAL", {"tablets": True}),
        ("LOBARIN\t10\tmg/1\tCAPSULE\tORAL", {"tablets": True}),
        ("LOBARIN\t10\tmg/1\tTABLET\t", {"tablets": True, "creams": True}),
        ("LOBARIN\t10\tmg/1\tTABLET\tNASAL", {}),
        ("OTHERIN\t10\tmg/1\tTABLET\tORAL", {}),
        ("LOBARIN; OTHERIN\t10; 5\tmg/1; mg/1\tTABLET\tORAL", {"tablets": True}),
        ("LOBARIN; LOBARIN SODIUM\t10; 10\tmg/1; mg/1\tTABLET\tORAL", {"tablets": True}),
        ("LOBARIN\t10\t[hp_X]/1\tTABLET\tORAL", {}),
        ("LOBARIN\t10\tmg/1\tTABLET\tORAL; TOPICAL", {"tablets": True}),
    ],
    ids=[
        *("the same", "a salt", "a heavier salt", "a cream", "another strength", "another form"),
        *("no route", "another route", "another drug", "with another drug", "twice", "diluted"),
        "by another route too",
    ],
)
def test_product_is_in_the_set_that_holds_one_like_it(
    description: str, expected: dict[str, bool]
) -> None:
    assert found(description) == expected


def test_set_of_any_strength_holds_another_strength_without_its_figures() -> None:
    description = "LOBARIN\t2\tg/100mL\tCREAM\tTOPICAL"
    assert found(description) == {"creams": True}
    assert found(description, "creams") == {"creams": False}
    product = read_directory_product(description, WORDS)
    (entry,) = product_sets("creams").entries("1", product)
    assert "potency" not in entry.attributes
    assert entry.display == "lobarin, cream"


def test_product_of_the_directory_is_told_what_the_lines_like_it_say() -> None:
    (entry,) = product_sets().entries("000000001", read_directory_product(TABLET, WORDS))
    assert (entry.code, entry.attributes["dose_mg"]) == ("000000001", 10)
    assert entry.display == "lobarin 10 MG Oral Tablet"


@pytest.mark.parametrize(
    ("milligrams", "volume", "display"),
    [
        (300, "2mL", "2 ML veltumab 150 MG/ML Prefilled Syringe"),
        (450, "3mL", "veltumab, injection, solution"),
    ],
)
def test_syringe_is_told_apart_by_its_volume_if_one_of_that_volume_is_held(
    milligrams: int, volume: str, display: str
) -> None:
    unit = f"mg/{volume}"
    description = f"VELTUMAB\t{milligrams}\t{unit}\tINJECTION, SOLUTION\tSUBCUTANEOUS"
    product = read_directory_product(description, WORDS)
    (entry,) = product_sets().entries("1", product)
    assert (entry.display, entry.question) == (display, False)


def test_question_says_why() -> None:
    product = read_directory_product("LOBARIN\t30\tmg/1\tTABLET\tORAL", WORDS)
    (entry,) = product_sets().entries("1", product)
    assert entry.attributes == {"ingredient": "lobarin", "why": WORDS.why}


def test_value_set_is_about_its_ingredients_and_holds_products() -> None:
    tablets = sets()[0]
    assert (tablets.name, tablets.members, len(tablets.lines)) == (
        "tablets",
        frozenset({"lobarin"}),
        2,
    )
    assert tablets.about("lobarin sodium") == "lobarin"
    assert tablets.about("lobarine") is None
    assert tablets.routes_by("lobarin") == tablets.routes_by("unheard") == {"oral"}


def test_name_with_a_number_or_a_slash_is_no_ingredient() -> None:
    names = ["lobarin", "a / b", "vitamin b12"]
    lines = {"s": [line("s", name) for name in names]}
    (held,) = drug_sets(lines, {"s": ["Brand"]}, frozenset(), WORDS)
    assert held.members == {"lobarin", "brand"}
    assert not held.any_strength


def test_entries_are_grouped_by_their_set() -> None:
    entries = [*LINES["tablets"], *LINES["creams"]]
    assert {name: len(several) for name, several in grouped(entries).items()} == {
        "tablets": 3,
        "creams": 2,
    }
