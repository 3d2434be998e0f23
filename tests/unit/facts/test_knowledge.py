"""Bands of daily doses of inhalers, by ingredient, form and age."""

import pytest

from service.facts.knowledge import DoseLine, DoseRow, DoseTable
from service.fhir.values.quantity import Measure
from service.policy.truth import Truth

FROM_400 = DoseLine(400, above=False)
ABOVE_400 = DoseLine(400, above=True)
FROM_400_DOUBTFUL_ABOVE_200 = DoseLine(400, above=False, doubtful_above=200)
PRODUCT = {"ingredient": "budesonide", "form": "powder"}


@pytest.mark.parametrize(
    ("line", "low", "high", "truth"),
    [
        (FROM_400, 400, 400, Truth.MET),
        (FROM_400, 399.9, 399.9, Truth.NOT_MET),
        (FROM_400, 300, 500, Truth.UNKNOWN),
        (FROM_400, 300, 400, Truth.UNKNOWN),
        (ABOVE_400, 400, 400, Truth.NOT_MET),
        (ABOVE_400, 400.1, 400.1, Truth.MET),
        (ABOVE_400, 300, 400, Truth.NOT_MET),
        (FROM_400_DOUBTFUL_ABOVE_200, 200, 200, Truth.NOT_MET),
        (FROM_400_DOUBTFUL_ABOVE_200, 200.1, 200.1, Truth.UNKNOWN),
        (FROM_400_DOUBTFUL_ABOVE_200, 399, 399, Truth.UNKNOWN),
        (FROM_400_DOUBTFUL_ABOVE_200, 400, 400, Truth.MET),
    ],
)
def test_dose_reaches_a_band_at_its_line_or_only_above_it(
    line: DoseLine, low: float, high: float, truth: Truth
) -> None:
    assert line.reached(Measure(low, high)) is truth


def test_dose_surely_below_a_band_ends_at_its_line_or_where_doubt_begins() -> None:
    assert FROM_400.floor == 400
    assert FROM_400_DOUBTFUL_ABOVE_200.floor == 200


@pytest.mark.parametrize(("months", "fits"), [(71, False), (72, True), (143, True), (144, False)])
def test_row_holds_from_its_first_month_and_ends_before_its_last(months: int, fits: bool) -> None:
    row = DoseRow("budesonide", (), {}, age_from=72, age_below=144)
    assert row.fits(PRODUCT, months) is fits


def test_row_without_an_upper_age_holds_for_the_oldest() -> None:
    assert DoseRow("budesonide", (), {}, age_from=144).fits(PRODUCT, 1200)


@pytest.mark.parametrize(
    ("product", "fits"),
    [
        (PRODUCT, True),
        ({**PRODUCT, "form": "aerosol"}, False),
        ({**PRODUCT, "ingredient": "fluticasone"}, False),
        ({"ingredient": "budesonide"}, False),
        ({}, False),
    ],
)
def test_row_of_some_forms_fits_these_forms_of_its_ingredient_alone(
    product: dict[str, object], fits: bool
) -> None:
    assert DoseRow("budesonide", ("powder",), {}).fits(product, 400) is fits


CHILD = DoseRow("budesonide", (), {"high": FROM_400}, age_below=144)
ADULT = DoseRow("budesonide", (), {"high": ABOVE_400}, age_from=144)
TABLE = DoseTable((CHILD, ADULT))


def test_line_is_that_of_the_age() -> None:
    assert TABLE.line("high", PRODUCT, {143}) is FROM_400
    assert TABLE.line("high", PRODUCT, {144}) is ABOVE_400


def test_ages_with_different_lines_give_no_line() -> None:
    assert TABLE.line("high", PRODUCT, {143, 144}) is None


def test_ages_with_one_line_give_that_line() -> None:
    assert TABLE.line("high", PRODUCT, {100, 143}) is FROM_400


@pytest.mark.parametrize("ages", [set(), {100}])
def test_band_that_no_row_has_gives_no_line(ages: set[int]) -> None:
    assert TABLE.line("medium", PRODUCT, ages) is None
