"""The doses of the ordered drug, of other drafts beside it, and of both together."""

import pytest
from support.fact_case import in_words, patient

from service.facts.order.doses import Doses
from service.facts.order.ordered_doses import (
    doses_of_order,
    largest_reading,
    other_route,
    summed_doses,
)


def test_order_of_the_label_is_read_with_its_loading_dose() -> None:
    assert doses_of_order(patient()).readings == (Doses(300, 14, 600),)


def test_order_in_words_is_not_read() -> None:
    case = patient(order={"text": "300 mg every 2 weeks"})
    assert doses_of_order(case).readings == ()
    assert in_words(doses_of_order(case).unclear) == "dose and interval are not stated in figures"


@pytest.mark.parametrize(
    ("readings", "most"),
    [
        ((Doses(300, 14), Doses(300, 7)), Doses(300, 7)),
        ((Doses(300, 14), Doses(600, 14)), Doses(600, 14)),
        ((Doses(300, 14), Doses(300, 14, 600)), Doses(300, 14, 600)),
        ((Doses(loading_mg=600), Doses(1, 1000)), Doses(1, 1000)),
    ],
)
def test_reading_that_asks_for_most_has_the_highest_rate_then_the_highest_first_dose(
    readings: tuple[Doses, ...], most: Doses
) -> None:
    assert largest_reading(readings) == most


def test_orders_together_add_their_rates_and_their_first_doses() -> None:
    with_first = summed_doses(Doses(300, 14), (Doses(loading_mg=600),))
    assert (with_first.dose_mg, with_first.loading_mg) == (300, 600)
    assert with_first.interval_days == pytest.approx(14)
    twice = summed_doses(Doses(300, 14, 600), (Doses(300, 14, 600),))
    assert (twice.dose_mg, twice.loading_mg) == (300, 1200)
    assert twice.interval_days == pytest.approx(7)


def test_two_single_doses_together_are_one_first_dose() -> None:
    both = summed_doses(Doses(loading_mg=600), (Doses(loading_mg=300),))
    assert both == Doses(None, None, 900)


@pytest.mark.parametrize(
    ("route", "named"),
    [
        ({"text": "oral"}, True),
        ({"text": "subcutaneous"}, False),
        ({"text": "as discussed"}, False),
    ],
)
def test_route_by_which_the_drug_is_never_given_is_named(
    route: dict[str, str], named: bool
) -> None:
    case = patient()
    case.order.resource["dosageInstruction"][0]["route"] = route
    assert (other_route(case) is not None) is named
