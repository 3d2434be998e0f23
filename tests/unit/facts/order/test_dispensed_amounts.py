"""The amounts that an order dispenses, against the days of each fill and its refills."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import Answer, patient, said, worded
from support.regimens import ASKED, RENEWAL

from service.facts.order.regimen import regimen
from service.policy.operators import Regimen

Json = dict[str, Any]


def syringes(count: float) -> Json:
    return {"value": count, "unit": "syringes"}


def days(count: float) -> Json:
    return {"value": count, "unit": "days"}


def judged(
    count: float | None,
    lasts: float | None = 28,
    refills: int | None = None,
    loading: str | None = "600 mg",
    asked: Regimen = ASKED,
    **more: Any,
) -> Answer:
    """An order of 300 mg every 14 days that is dispensed so."""
    request: Json = {
        "quantity": None if count is None else syringes(count),
        "expectedSupplyDuration": None if lasts is None else days(lasts),
        "numberOfRepeatsAllowed": refills,
        **more,
    }
    request = {name: value for name, value in request.items() if value is not None}
    doses: Json = {"loading": loading, "dose": "300 mg", "every": "14 days"}
    case = patient(order={"quantity": None, "lasts": None, **doses})
    resource = {**case.order.resource, "dispenseRequest": request}
    product = {"dose_mg": 300, "volume_ml": 2, "device": "syringe"}
    order = replace(case.order, resource=resource, product=product)
    return worded(regimen(replace(case, order=order), asked))


@pytest.mark.parametrize(
    ("count", "lasts", "expected"),
    [
        (3, 28, "met"),
        (4, 28, "not_met"),
        (5, 29, "met"),
        (2, 14, "met"),
        (4, None, "unknown not_found"),
    ],
)
def test_amount_of_a_single_fill_is_within_the_label(
    count: float, lasts: float | None, expected: str
) -> None:
    assert said(judged(count, lasts)) == expected


@pytest.mark.parametrize(
    ("count", "lasts", "expected"),
    [
        (1, 14, "met"),
        (2, 14, "unknown imprecise"),
        (2, 15, "unknown imprecise"),
        (3, 14, "unknown imprecise"),
        (2, 28, "met"),
        (2, 30, "met"),
        (3, 28, "met"),
        (5, 30, "unknown imprecise"),
        (6, 84, "met"),
        (7, 84, "met"),
        (8, 90, "unknown imprecise"),
    ],
)
def test_all_fills_together_have_no_more_than_the_doses_of_their_days(
    count: float, lasts: float, expected: str
) -> None:
    assert said(judged(count, lasts, refills=11)) == expected


def test_loading_dose_alone_may_be_beyond_the_doses_of_a_refilled_fill() -> None:
    assert [*judged(3, 28, 11).notes] == [
        "The first fill fits; later fills should be 2 per 28 days."
    ]
    assert [*judged(7, 84, 3).notes] == [
        "The first fill fits; later fills should be 6 per 84 days."
    ]
    without = judged(3, 28, 11, loading=None)
    assert said(without) == "unknown imprecise"
    assert (
        without.miss
        == "900 mg for each 28 days, with refills, is more than the labelled dose needs"
    )
    assert said(judged(3, 28, 11, loading=None, asked=RENEWAL)) == "not_met"


def test_single_fill_beyond_the_doses_of_its_days_is_noted() -> None:
    assert judged(3, 28).notes == judged(2, 14).notes == ()
    (note,) = judged(3, 28, loading=None).notes
    assert note == (
        "The quantity to dispense (900 mg) is more than the labelled doses of 28 days need (600 mg)."
    )


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (days(28), "met"),
        (days(56), "met"),
        (days(14), "unknown imprecise"),
        ({"value": 14}, "unknown imprecise"),
        ({}, "met"),
    ],
)
def test_interval_between_fills_decides_how_often_one_is_dispensed(
    interval: Json, expected: str
) -> None:
    assert said(judged(2, 28, refills=11, dispenseInterval=interval)) == expected
    assert said(judged(2, 28, dispenseInterval=interval)) == "met"


def test_validity_decides_how_often_a_fill_of_unstated_days_is_dispensed() -> None:
    weeks_12 = {"start": "2026-11-20", "end": "2027-02-11"}
    year = {"start": "2026-11-20", "end": "2027-11-20"}
    assert said(judged(2, None, refills=11, validityPeriod=weeks_12)) == "unknown imprecise"
    assert said(judged(2, None, refills=11, validityPeriod=year)) == "met"
    assert said(judged(2, 28, refills=11, validityPeriod=weeks_12)) == "met"


def test_loading_dose_is_in_the_initial_fill_where_there_is_one() -> None:
    initial = {"quantity": syringes(3), "duration": days(28)}
    assert said(judged(2, 28, refills=11, initialFill=initial)) == "met"
    assert said(judged(3, 28, refills=11, initialFill=initial)) == "unknown imprecise"
    assert said(judged(2, 28, refills=11, initialFill={"quantity": syringes(4)})) != "met"
    without = judged(2, 28, refills=11, loading=None, initialFill=initial)
    assert without.notes[0].startswith("The quantity of the initial fill (900 mg) is more than")
