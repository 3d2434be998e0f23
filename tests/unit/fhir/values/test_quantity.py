"""Quantities: converted or refused, comparators as intervals, nothing guessed."""

from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fhir.values.quantity import AmountWords, Measure, WrittenAmount, measure, number
from service.library import Library

UCUM = "http://unitsofmeasure.org"


def quantity(value: object, code: str | None = None, unit: str | None = None, **more: Any) -> Any:
    """A Quantity with what is given."""
    given_ = {"value": value, "code": code, "unit": unit, "system": UCUM if code else None, **more}
    return {name: one for name, one in given_.items() if one is not None}


def read(library: Library, sent: object, unit: str) -> Measure | None:
    units = library.knowledge.units
    return measure(sent, units[unit], units)


EXACT = {
    "kilograms": (quantity(70, "kg"), "kg", 70),
    "grams": (quantity(8000, "g"), "kg", 8),
    "pounds": (quantity(100, "[lb_av]"), "kg", 45.359237),
    "pounds by name": (quantity(100, unit="lbs"), "kg", 45.359237),
    "a name in capitals": (quantity(70, unit=" KG "), "kg", 70),
    "code and name that agree": (quantity(100, "[lb_av]", "lb"), "kg", 45.359237),
    "a code with a name nobody knows": (quantity(12, "%", "of skin"), "% BSA", 12),
    "per cent by name": (quantity(12, unit="percent"), "% BSA", 12),
    "a value sent as text": (quantity("12.5", "%"), "% BSA", 12.5),
    "a plain score": (quantity(4), "score", 4),
    "a score with its unit": (quantity(4, "{score}"), "score", 4),
    "a bare score": (4, "score", 4),
    "a bare score as text": ("4", "score", 4),
    "text with its unit": ("12 %", "% BSA", 12),
    "text with its unit close by": ("12%", "% BSA", 12),
    "thousands per microlitre": (quantity(0.3, "10*3/uL"), "cells/uL", 300),
    "weeks": (quantity(4, "wk"), "days", 28),
    "syringes": (quantity(2, "{syringe}", "syringes"), "devices", 2),
}
REFUSED = {
    "no unit where one is needed": (quantity(70), "kg"),
    "another unit": (quantity(170, "cm"), "kg"),
    "code and name that disagree": (quantity(70, "kg", "lb"), "kg"),
    "a name of another unit": (quantity(12, "%", "kg"), "% BSA"),
    "an unknown name alone": (quantity(70, unit="stone"), "kg"),
    "a bare number that needs a unit": (70, "kg"),
    "no value": (quantity(None, "kg"), "kg"),
    "words": (quantity("about 70", "kg"), "kg"),
    "a range as text": ("3-4", "score"),
    "a truth": (True, "score"),
    "not a number": (quantity("NaN", "kg"), "kg"),
    "without end": (quantity("Infinity", "kg"), "kg"),
    "an unknown comparator": (quantity(70, "kg", comparator="ad"), "kg"),
    "nothing": (None, "kg"),
    "a list": ([70], "kg"),
}


@pytest.mark.parametrize(("sent", "unit", "value"), EXACT.values(), ids=EXACT)
def test_a_quantity_is_converted(library: Library, sent: object, unit: str, value: float) -> None:
    found = read(library, sent, unit)
    assert found is not None
    assert found.exact
    assert found.low == pytest.approx(value)


@pytest.mark.conforms("HAB-21")
@pytest.mark.parametrize(("sent", "unit"), REFUSED.values(), ids=REFUSED)
def test_a_quantity_that_cannot_be_trusted_is_refused(
    library: Library, sent: object, unit: str
) -> None:
    assert read(library, sent, unit) is None


COMPARED = {
    "<": (Measure(-inf, 150, high_open=True), "< 150 cells/uL"),
    "<=": (Measure(-inf, 150), "≤ 150 cells/uL"),
    ">": (Measure(150, inf, low_open=True), "> 150 cells/uL"),
    ">=": (Measure(150, inf), "≥ 150 cells/uL"),
}


@pytest.mark.conforms("HAB-21")
@pytest.mark.parametrize(("sign", "expected"), COMPARED.items(), ids=COMPARED)
def test_a_comparator_is_an_interval(
    library: Library, sign: str, expected: tuple[Measure, str]
) -> None:
    found = read(library, quantity(150, "{cells}/uL", comparator=sign), "cells/uL")
    assert found == expected[0]
    assert found.show("cells/uL") == expected[1]


def test_a_comparator_is_converted_too(library: Library) -> None:
    found = read(library, quantity(0.15, "10*3/uL", comparator="<"), "cells/uL")
    assert found is not None
    assert (found.low, found.high) == (-inf, 150)


def test_a_number_is_said_plainly() -> None:
    assert Measure(12, 12).show("% BSA") == "12 % BSA"
    assert Measure(4, 4).show("") == "4"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda one: (
            st.lists(one) | st.dictionaries(st.sampled_from(["value", "code", "unit"]), one)
        ),
    )
)
def test_any_value_is_a_measure_or_none(library: Library, sent: object) -> None:
    for unit in ("kg", "score"):
        found = read(library, sent, unit)
        assert found is None or found.low <= found.high
    found_number = number(sent)
    assert found_number is None or -inf < found_number < inf


@pytest.fixture
def words(library: Library) -> AmountWords:
    return library.knowledge.timings.amount_words


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        ("inject 300 mg every 14 days", [WrittenAmount(300, "mg")]),
        ("inject 2 ml", [WrittenAmount(2, "mL")]),
        ("inject two 300 mg pens", [WrittenAmount(2, "devices")]),
        ("1 injection a week", [WrittenAmount(1, "devices", 7)]),
        ("300 mg x 2", [WrittenAmount(600, "mg")]),
        ("2 x 300 mg", [WrittenAmount(600, "mg")]),
        ("200 to 300 mg", [WrittenAmount(200, "mg"), WrittenAmount(300, "mg")]),
        ("150 mg/ml", []),
        ("0 mg", []),
        ("as directed", []),
        ("", []),
    ],
)
def test_amount_is_a_number_with_a_unit(
    words: AmountWords, sentence: str, amounts: list[WrittenAmount]
) -> None:
    assert words.of(sentence) == amounts


def test_sentence_is_left_without_its_amounts(words: AmountWords) -> None:
    assert "300 mg" not in words.without("inject 300 mg every 14 days")
    assert "every 14 days" in words.without("inject 300 mg every 14 days")


def test_without_words_for_units_only_mg_is_read() -> None:
    assert AmountWords().of("300 mg and 2 ml") == [WrittenAmount(300, "mg")]
