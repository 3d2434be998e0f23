"""The number of a result in the unit of its fact."""

from typing import Any

import pytest
from support.fact_case import patient

from service.facts.measurements.result_value import measured
from service.fhir.hit import Hit
from service.fhir.values.quantity import Measure

CASE = patient(findings=[{"what": "affected body surface", "value": "1 %"}])
(HIT,) = CASE.record.hits("score.bsa_pct")
UNITS = CASE.knowledge.units
Json = dict[str, Any]


def read(unit: str, top: float | None = None, **value: object) -> Measure | None:
    element = {"resourceType": "Observation", **value}
    return measured(UNITS, unit, Hit(HIT.source, element, element, HIT.entries), top)


@pytest.mark.parametrize(
    ("value", "low"),
    [
        ({"valueQuantity": {"value": 12, "unit": "%"}}, 12),
        ({"valueString": "12 %"}, 12),
        ({"valueQuantity": {"value": 12, "unit": "%"}, "valueString": "about 12"}, 12),
        ({"valueQuantity": {"value": 12, "unit": "kg"}}, None),
        ({"valueQuantity": {"value": 12, "unit": "%"}, "valueString": "13 %"}, None),
        ({}, None),
    ],
)
def test_value_is_read_when_all_that_is_sent_says_the_same(value: Json, low: float | None) -> None:
    found = read("% BSA", **value)
    assert (found.low if found else None) == low


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ({"valueString": "7/10"}, 7),
        ({"valueQuantity": {"value": 7, "unit": "/10"}}, 7),
        ({"valueString": "7/11"}, None),
        ({"valueInteger": 7}, 7),
    ],
)
def test_end_of_the_scale_behind_a_value_is_no_part_of_it(
    value: Json, number: float | None
) -> None:
    found = read("score", 10, **value)
    assert (found.low if found else None) == number


def test_range_is_an_interval() -> None:
    ends = {"low": {"value": 10, "unit": "%"}, "high": {"value": 20, "unit": "%"}}
    found = read("% BSA", valueRange=ends)
    assert found is not None
    assert (found.low, found.high) == (10, 20)
