"""The doses of an order in mg and days, in each way it can be read, or why not."""

from typing import Any

import pytest
from support.fact_case import in_words, patient

from service.facts.order.doses import (
    Doses,
    OrderedProduct,
    Reading,
    coded_product,
    doses_in_mg,
    fits,
    in_milligrams,
    read_doses,
)
from service.fhir.values.quantity import WrittenAmount

KNOWLEDGE = patient().knowledge
SYRINGE = OrderedProduct(device_mg=300, ml_mg=150)
UNKNOWN_DEVICE = OrderedProduct(may_hold=(100, 200, 300))
Json = dict[str, Any]


def quantity(value: object, unit: str) -> Json:
    return {"value": value, "unit": unit}


def instruction(amount: Json, **repeat: object) -> Json:
    return {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": amount}]}


EVERY_TWO_WEEKS: Json = {"frequency": 1, "period": 14, "periodUnit": "d"}
DOSE = instruction(quantity(300, "mg"), **EVERY_TWO_WEEKS)
LOADING = instruction(quantity(600, "mg"), count=1)


def read(*instructions: Json, product: OrderedProduct = SYRINGE) -> tuple[Doses, ...] | str | None:
    """The readings of an order, or why there is none."""
    reading = Reading(product, KNOWLEDGE.units, KNOWLEDGE.timings)
    found = read_doses({"dosageInstruction": list(instructions)}, reading)
    return found.readings or in_words(found.unclear)


def test_dose_and_interval_are_read_in_mg_and_days() -> None:
    assert read(DOSE) == (Doses(300, 14),)


def test_single_dose_beside_a_recurring_one_is_the_loading_dose() -> None:
    assert read(LOADING, DOSE) == (Doses(300, 14, 600),)
    assert read(LOADING) == (Doses(loading_mg=600),)


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ({"frequency": 1, "period": 2, "periodUnit": "wk"}, 14),
        ({"frequency": 2, "period": 28, "periodUnit": "d"}, 14),
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, 7),
    ],
)
def test_interval_is_the_time_between_two_doses(repeat: Json, days: float) -> None:
    assert read(instruction(quantity(300, "mg"), **repeat)) == (Doses(300, days),)


@pytest.mark.parametrize(
    ("amount", "mg"), [(quantity(2, "mL"), 300), (quantity(1, "syringe"), 300)]
)
def test_volume_and_devices_are_read_by_the_product(amount: Json, mg: float) -> None:
    assert read(instruction(amount, **EVERY_TWO_WEEKS)) == (Doses(mg, 14),)


def test_device_of_unknown_strength_is_no_dose_in_figures() -> None:
    pen = instruction(quantity(1, "pen"), **EVERY_TWO_WEEKS)
    assert read(pen, product=UNKNOWN_DEVICE) == "the dose is not stated in mg, mL, pens or syringes"
    assert read({**DOSE, "text": "inject 1 pen"}, product=UNKNOWN_DEVICE) == (Doses(300, 14),)


def test_range_of_doses_is_read_at_both_ends() -> None:
    ranged = {
        "timing": {"repeat": EVERY_TWO_WEEKS},
        "doseAndRate": [{"doseRange": {"low": quantity(200, "mg"), "high": quantity(300, "mg")}}],
    }
    assert read(ranged) == (Doses(300, 14), Doses(200, 14))


@pytest.mark.parametrize(
    ("instructions", "why"),
    [
        ((), "the order states no dose"),
        (({**DOSE, "asNeededBoolean": True},), "the order is for use as needed"),
        ((DOSE, DOSE), "dose and interval are not stated in figures"),
        (({"text": "300 mg every 14 days"},), "dose and interval are not stated in figures"),
        ((LOADING, LOADING, DOSE), "the order states several single doses"),
        (
            (instruction(quantity(2, "drops"), **EVERY_TWO_WEEKS),),
            "the dose is not stated in mg, mL, pens or syringes",
        ),
    ],
)
def test_order_that_cannot_be_read_says_why(instructions: tuple[Json, ...], why: str) -> None:
    assert read(*instructions) == why


def rate(value: object, unit: str) -> Json:
    return {"doseAndRate": [{"rateQuantity": quantity(value, unit)}]}


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        (rate(150, "mg/wk"), True),
        (rate(300, "mg/(14.d)"), True),
        (rate(1, "mL/wk"), True),
        (rate(300, "mg/wk"), False),
        (rate(1, "mL/min"), True),
        (rate(300, "mg"), False),
        (rate(300, "mg/moon"), False),
        ({}, True),
    ],
)
def test_rate_must_say_the_dose_once_more_or_how_fast_one_is_given(
    said: Json, agrees: bool
) -> None:
    def mg(amount: Json) -> float | None:
        return in_milligrams(amount, SYRINGE, KNOWLEDGE.units)

    assert fits(said, [(300, 14)], mg, KNOWLEDGE.timings) is agrees


@pytest.mark.parametrize(
    ("sent", "mg"),
    [
        (quantity(300, "mg"), 300),
        (quantity(0.3, "g"), 300),
        (quantity(2, "mL"), 300),
        (quantity(3, "syringes"), 900),
        ({**quantity(300, "mg"), "comparator": "<"}, None),
        (quantity("some", "mg"), None),
        (quantity(3, "drops"), None),
        ("300 mg", 300),
        (None, None),
    ],
)
def test_amount_is_converted_to_mg_or_refused(sent: object, mg: float | None) -> None:
    assert in_milligrams(sent, SYRINGE, KNOWLEDGE.units) == mg


def test_volume_of_an_unknown_product_is_no_amount() -> None:
    assert in_milligrams(quantity(2, "mL"), OrderedProduct(), KNOWLEDGE.units) is None


def test_product_is_known_by_its_strength_and_volume() -> None:
    assert coded_product({"dose_mg": 300, "volume_ml": 2}) == OrderedProduct(300, 150)
    assert coded_product({"dose_mg": 300}) == OrderedProduct(300)
    assert coded_product({}) == OrderedProduct()


def test_amount_in_words_is_read_by_the_product() -> None:
    assert doses_in_mg(WrittenAmount(300, "mg"), OrderedProduct()) == {300}
    assert doses_in_mg(WrittenAmount(2, "mL"), SYRINGE) == {300}
    assert doses_in_mg(WrittenAmount(1, "devices"), UNKNOWN_DEVICE) == {100, 200, 300}
    assert doses_in_mg(WrittenAmount(2, "mL"), OrderedProduct()) == set()
