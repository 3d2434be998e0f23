"""Products: what brands of one drug have in common, and the same drug in another strength."""

import pytest
from support.fact_case import patient

from service.facts.fills.product import in_strength, names, same_product
from service.fhir.terminology.terminology import Entry
from service.policy.truth import Truth


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 ML dupilumab 150 MG/ML Syringe [Dupixent]", "2 ML dupilumab 150 MG/ML Syringe"),
        ("{21 (methylprednisolone 4 MG Oral Tablet) } Pack", "methylprednisolone 4 MG Oral Tablet"),
        ("60 ACTUAT budesonide 0.16 MG/ACTUAT Inhaler", "budesonide 0.16 MG/ACTUAT Inhaler"),
        ("Prednisone  10 MG\tOral Tablet", "prednisone 10 mg oral tablet"),
    ],
)
def test_brand_package_and_pack_are_one_product(one: str, other: str) -> None:
    assert same_product(one) == same_product(other)


def test_another_strength_is_another_product() -> None:
    assert same_product("prednisone 10 MG Oral Tablet") != same_product(
        "prednisone 20 MG Oral Tablet"
    )


@pytest.mark.parametrize(
    ("dose", "device", "display"),
    [
        (300, "syringe", "2 ML dupilumab 150 MG/ML Prefilled Syringe"),
        (200, "syringe", "1.14 ML dupilumab 175 MG/ML Prefilled Syringe"),
    ],
)
def test_product_of_another_strength_is_named_in_the_system_of_the_draft(
    dose: float, device: str, display: str
) -> None:
    found = in_strength(patient(), dose, device)
    assert found is not None
    (coding,) = found.concept["coding"]
    assert coding["system"] == "http://www.nlm.nih.gov/research/umls/rxnorm"
    assert coding["display"] == found.concept["text"] == display
    assert found.attributes["dose_mg"] == dose


@pytest.mark.parametrize(("dose", "device"), [(301, "syringe"), (300, "tablet"), (300, None)])
def test_strength_or_device_that_does_not_exist_has_no_product(dose: float, device: object) -> None:
    assert in_strength(patient(), dose, device) is None


def entry(value_set: str, *, question: bool = False, ingredient: str | None = None) -> Entry:
    attributes = {} if ingredient is None else {"ingredient": ingredient}
    return Entry(value_set, "1", "a drug", attributes=attributes, question=question)


@pytest.mark.parametrize(
    ("entries", "ingredients", "truth"),
    [
        ([entry("a")], (), Truth.MET),
        ([entry("b")], (), Truth.NOT_MET),
        ([], (), Truth.NOT_MET),
        ([entry("a", question=True)], (), Truth.UNKNOWN),
        ([entry("a", ingredient="x")], ("x",), Truth.MET),
        ([entry("a", ingredient="y")], ("x",), Truth.NOT_MET),
        ([entry("a")], ("x",), Truth.UNKNOWN),
        ([entry("a", ingredient="x", question=True)], ("x",), Truth.UNKNOWN),
        ([entry("a", question=True), entry("a")], (), Truth.MET),
    ],
)
def test_entry_names_a_class_or_one_ingredient_of_it(
    entries: list[Entry], ingredients: tuple[str, ...], truth: Truth
) -> None:
    assert names(entries, ("a",), ingredients) is truth
