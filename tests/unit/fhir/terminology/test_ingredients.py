"""The ingredients of the drugs in value sets."""

from service.fhir.terminology.drugs import Entry
from service.fhir.terminology.ingredients import set_ingredients

CREAM = Entry("topical", "1", "Temovate cream", {"ingredient": "clobetasol"})
BRAND = Entry("topical", "2", "Temovate", {"ingredient": "clobetasol"})
OTHER = Entry("topical", "3", "Cortaid", {"ingredient": "hydrocortisone"})
BOTH = Entry("topical", "4", "A pack", {"ingredient": "clobetasol+dimethicone"})
KNOWN = set_ingredients([(CREAM, BRAND), (OTHER,), (BOTH,)])


def named(name: str) -> tuple[Entry]:
    return (Entry("topical", name, name, question=True),)


def test_entries_without_a_set_in_common_differ() -> None:
    assert KNOWN.differ((CREAM,), (Entry("oral", "9", "x"),))


def test_entries_of_one_set_differ_by_their_ingredients() -> None:
    assert KNOWN.differ((CREAM,), (OTHER,))
    assert not KNOWN.differ((CREAM,), (BOTH,))


def test_names_are_known_by_ingredient_salt_or_brand() -> None:
    assert not KNOWN.differ((CREAM,), named("clobetasol propionate"))
    assert not KNOWN.differ((CREAM,), named("temovate"))
    assert KNOWN.differ((CREAM,), named("cortaid"))


def test_name_whose_ingredient_is_not_known_is_no_other_drug() -> None:
    assert not KNOWN.differ((CREAM,), named("something new"))
