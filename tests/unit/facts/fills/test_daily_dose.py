"""The dose of an instruction, and the daily dose of a hand-over in micrograms."""

from typing import Any

import pytest
from support.fact_case import patient

from service.facts.fills.daily_dose import amounts, daily_dose, is_as_needed
from service.facts.knowledge import DoseTable
from service.fhir.values.quantity import Measure, measure

UNITS = patient().knowledge.units
TABLE = DoseTable(fewest=1, most=8, two_strips=("Strips",))
PRODUCT: dict[str, object] = {"ug_per_actuation": 100, "actuations": 120, "form": "Inhaler"}
DRUG = "fluticasone 250 blisters"
Json = dict[str, Any]


def read(value: object) -> Measure | None:
    return measure(value, UNITS["mg"], UNITS)


def mg(value: float, **more: object) -> Json:
    return {"doseQuantity": {"value": value, "unit": "mg"}, **more}


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ({"doseAndRate": [mg(300)]}, (300,)),
        (mg(300), (300,)),
        ({"doseAndRate": [mg(200), mg(300)]}, (300, 200)),
        ({"doseAndRate": [mg(300), mg(300.0)]}, (300,)),
        (
            {
                "doseAndRate": [
                    {
                        "doseRange": {
                            "low": {"value": 1, "unit": "mg"},
                            "high": {"value": 2, "unit": "mg"},
                        }
                    }
                ]
            },
            (2, 1),
        ),
        ({"doseAndRate": [{"doseRange": {"low": {"value": 1, "unit": "mg"}}}]}, ()),
        ({"doseAndRate": [mg(300), {"doseQuantity": {"value": 1, "unit": "drop"}}]}, ()),
        ({"doseAndRate": [mg(0)]}, ()),
        ({"doseAndRate": [mg(1, doseRange={})]}, ()),
        ({}, ()),
    ],
    ids=[
        *("one", "in older FHIR", "two", "the same twice", "a range", "half a range"),
        *("one unreadable", "none", "two ways in one", "nothing"),
    ],
)
def test_amounts_are_each_dose_that_may_be_meant(
    instruction: Json, expected: tuple[float, ...]
) -> None:
    assert amounts(instruction, read) == expected


def test_calculated_dose_and_count_repeat_the_dose_and_are_passed_over() -> None:
    kind = {"coding": [{"code": "calculated"}]}
    odd = {"doseQuantity": {"value": 1, "unit": "drop"}}
    assert amounts({"doseAndRate": [mg(300), {**odd, "type": kind}]}, read) == (300,)
    ordered = {"coding": [{"code": "ordered"}]}
    assert amounts({"doseAndRate": [mg(300), {**odd, "type": ordered}]}, read) == ()
    counted = amounts({"doseAndRate": [mg(300), odd]}, read, lambda _: Measure(1, 1))
    assert counted == (300,)


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ({"asNeededBoolean": True}, True),
        ({"asNeededBoolean": False}, False),
        ({"asNeededBoolean": "false"}, False),
        ({"asNeededCodeableConcept": {"text": "wheeze"}}, True),
        ({"asNeededFor": []}, False),
        ({}, False),
    ],
)
def test_instruction_says_whether_the_drug_is_taken_as_needed(
    instruction: Json, expected: bool
) -> None:
    assert is_as_needed(instruction) is expected


def a_day(
    days: int | None = 30, product: dict[str, object] | None = None, **handed_over: object
) -> tuple[float, float] | None:
    """The lowest and the highest daily dose of one hand-over."""
    entry = {"drug": DRUG, "days": days or 1, "on": "10 days ago", **handed_over}
    case = patient("asthma", dispenses=[entry])
    (hit,) = case.record.hits("asthma.ics")
    found = daily_dose(case, hit, TABLE, PRODUCT if product is None else product, days)
    return (found.low, found.high) if found else None


@pytest.mark.parametrize(
    ("handed_over", "expected"),
    [
        ({"quantity": "120 puffs"}, (400, 400)),
        ({"quantity": "1 inhaler"}, (400, 400)),
        ({"puffs_a_day": 2}, (200, 200)),
        ({"quantity": "120 puffs", "puffs_a_day": 2}, (200, 400)),
        ({"quantity": "120 puffs", "puffs_a_day": 2, "as_needed": "yes"}, None),
        ({}, None),
    ],
    ids=["puffs", "an inhaler", "by sig", "both", "as needed", "nothing"],
)
def test_daily_dose_is_what_quantity_and_instruction_come_to(
    handed_over: Json, expected: tuple[float, float] | None
) -> None:
    assert a_day(**handed_over) == expected


def test_daily_dose_needs_the_strength_of_a_puff_and_the_days() -> None:
    assert a_day(product={}, quantity="120 puffs") is None
    assert a_day(None, quantity="120 puffs") is None


def test_quantity_of_two_strips_that_may_count_each_tells_no_dose() -> None:
    strips = {**PRODUCT, "form": "Strips"}
    assert a_day(product=strips, quantity="240 puffs") is None
    assert a_day(product=strips, quantity="120 puffs") == (400, 400)
    assert a_day(quantity="240 puffs") == (800, 800)
