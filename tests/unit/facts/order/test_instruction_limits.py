"""The most that an instruction allows: less than its own dose contradicts it."""

from typing import Any

import pytest
from support.fact_case import patient

from service.facts.order.instruction_limits import allows
from service.fhir.values.quantity import number

WORDS = patient().knowledge.timings
Json = dict[str, Any]


def mg(value: object) -> Json:
    return {"value": value, "unit": "mg"}


def is_allowed(limit: Json, dose: float | None = 300, days: float | None = 14) -> bool:
    return allows(limit, [(dose, days)], lambda one: number(one.get("value")), WORDS)


def in_time(amount: object, count: object, unit: str) -> Json:
    return {
        "maxDosePerPeriod": {"numerator": mg(amount), "denominator": {"value": count, "unit": unit}}
    }


def test_instruction_without_a_limit_allows_its_dose() -> None:
    assert is_allowed({})


@pytest.mark.parametrize("name", ["maxDosePerAdministration", "maxDosePerLifetime"])
@pytest.mark.parametrize(("limit", "allowed"), [(297, True), (296, False), (600, True)])
def test_dose_over_a_hundredth_above_the_limit_at_once_is_not_allowed(
    name: str, limit: float, allowed: bool
) -> None:
    assert is_allowed({name: mg(limit)}) is allowed


@pytest.mark.parametrize(
    ("amount", "count", "unit", "allowed"),
    [
        (600, 28, "days", True),
        (593, 28, "days", False),
        (300, 27, "days", True),
        (300, 4, "wk", False),
        (600, 4, "wk", True),
        (296, 1, "day", False),
        (300, 1, "day", True),
    ],
)
def test_limit_in_a_time_counts_the_doses_due_in_it(
    amount: float, count: float, unit: str, allowed: bool
) -> None:
    assert is_allowed(in_time(amount, count, unit)) is allowed


def test_single_dose_is_due_once_in_any_time() -> None:
    assert is_allowed(in_time(300, 365, "days"), days=None)
    assert not is_allowed(in_time(296, 365, "days"), days=None)


@pytest.mark.parametrize(
    "limit",
    [
        {"maxDosePerAdministration": mg("some")},
        in_time("some", 28, "days"),
        in_time(1, 28, "moons"),
        in_time(1, 0, "days"),
        in_time(1, -1, "days"),
        in_time(1, "x", "days"),
        {"maxDosePerPeriod": {"numerator": mg(1)}},
        {"maxDosePerPeriod": "1 mg"},
    ],
)
def test_limit_that_cannot_be_read_says_nothing(limit: Json) -> None:
    assert is_allowed(limit)


def test_dose_that_is_not_known_is_held_against_no_limit() -> None:
    assert is_allowed({"maxDosePerAdministration": mg(1)}, dose=None)
