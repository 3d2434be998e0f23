"""Whether the devices of the ordered product give the ordered doses."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import in_words, patient

from service.facts.case import Case
from service.facts.order.product_strength import (
    devices_for,
    not_from_device,
    ordered_device,
    ordered_strength,
    single_doses,
    undividable,
)


def ordered(strength: float | None, dose: str, loading: str | None = None, **more: Any) -> Case:
    case = patient(order={"dose": dose, "loading": loading})
    return replace(case, order=replace(case.order, product={"dose_mg": strength, **more}))


@pytest.mark.parametrize(
    ("dose", "strength", "count"),
    [(300, 300, 1), (600, 300, 2), (300, 200, 1.5), (300, 100, 3), (192.5, 200, 1), (4, 200, 0.02)],
)
def test_devices_of_a_dose_are_counted(dose: float, strength: float, count: float) -> None:
    assert devices_for(dose, strength) == count


@pytest.mark.parametrize(
    ("strength", "dose", "loading", "expected"),
    [
        (300, "300 mg", "600 mg", ()),
        (200, "300 mg", "600 mg", (300.0,)),
        (200, "200 mg", "500 mg", (500.0,)),
        (300, "200 mg", "400 mg", (200.0, 400.0)),
        (100, "300 mg", "600 mg", ()),
        (100, "250 mg", None, (250.0,)),
        (None, "250 mg", None, ()),
    ],
)
def test_dose_that_no_whole_number_of_devices_gives_is_named(
    strength: float | None, dose: str, loading: str | None, expected: tuple[float, ...]
) -> None:
    assert undividable(ordered(strength, dose, loading), "dupilumab") == expected


def test_device_of_several_doses_may_give_a_part() -> None:
    case = ordered(200, "300 mg")
    several = tuple(
        replace(device, single_dose=False) for device in case.knowledge.devices["dupilumab"]
    )
    knowledge = replace(case.knowledge, devices={"dupilumab": several})
    assert undividable(replace(case, knowledge=knowledge), "dupilumab") == ()
    assert not_from_device(replace(case, knowledge=knowledge), "dupilumab") is None


def test_dose_is_named_with_the_ordered_device() -> None:
    case = ordered(200, "300 mg", "600 mg", device="pen")
    assert (ordered_strength(case), ordered_device(case)) == (200, "pen")
    assert single_doses(case) == (300, 600)
    said = not_from_device(case, "dupilumab")
    assert said is not None
    assert in_words(said) == "300 mg is no whole number of 200 mg pens"
