"""A fill as it was found, and as one that may be no hand-over."""

import pytest
from support.fact_case import patient

from service.facts.fills.fill import as_doubtful, names_drug, same_product, was_given
from service.facts.fills.fills_of_class import fills_of, find_fills
from service.fhir.terminology.terminology import Entry
from service.policy.finding import remark
from service.policy.truth import Truth

SET = "ad.tcs_medium_or_higher"


def test_doubtful_fill_has_its_reason_and_is_the_same_in_all_else() -> None:
    case = patient(claims=[{"drug": "triamcinolone cream", "on": "30 days ago", "days": 30}])
    (found,) = find_fills(case, case.record.hits(SET), (SET,))
    reason = remark("fill_perhaps_counted")
    doubtful = as_doubtful(found, reason)
    assert (doubtful.doubt, doubtful.fill.doubtful) == (reason, True)
    assert (doubtful.hit, doubtful.fill.start, doubtful.fill.days) == (
        found.hit,
        found.fill.start,
        30,
    )
    assert not found.fill.doubtful


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
    assert names_drug(entries, ("a",), ingredients) is truth


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"claims": [{"drug": "triamcinolone cream", "on": "200 days ago"}]}, True),
        ({"dispenses": [{"drug": "triamcinolone cream", "on": "100 days ago"}]}, True),
        ({"chart": [{"drug": "triamcinolone cream"}]}, False),
        ({"orders": [{"drug": "triamcinolone cream", "on": "today"}]}, False),
    ],
    ids=["claim", "dispense", "list entry", "order"],
)
def test_claim_and_dispense_were_given_and_a_list_entry_or_an_order_was_not(
    given: dict[str, object], expected: bool
) -> None:
    ((_, found),) = fills_of(patient(**given), (SET,))
    assert was_given(found) is expected
