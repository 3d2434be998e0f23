"""The day on which an order is judged."""

from datetime import date

import pytest

from service.advise.policy_for import order_day
from service.cds.request import AsOf
from service.fhir.values.days import NO_ZONE

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("2027-01-01", date(2027, 1, 1)),
        ("2026-10", TODAY),
        ("2026", TODAY),
        ("soon", TODAY),
        (None, TODAY),
        (7, TODAY),
    ],
)
def test_order_is_judged_on_its_own_day_if_that_is_asked_and_exact(
    written: object, day: date
) -> None:
    assert order_day(AsOf("order", TODAY), {"authoredOn": written}, NO_ZONE) == day


def test_order_is_judged_on_the_given_day_whatever_it_says() -> None:
    assert order_day(AsOf("day", TODAY), {"authoredOn": "2026-10-01"}, NO_ZONE) == TODAY
    assert order_day(AsOf("order", TODAY), {}, NO_ZONE) == TODAY
