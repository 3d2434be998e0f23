"""The days' supply of a hand-over: a plausible number, or none."""

import pytest
from support.fact_case import patient

from service.facts.fills.days_supply import days_supply

SET = "ad.tcs_medium_or_higher"
Json = dict[str, object]


def cream(on: str = "30 days ago", days: int | None = 30, **more: object) -> Json:
    entry: Json = {"drug": "triamcinolone cream", "on": on, **more}
    return entry if days is None else {**entry, "days": days}


@pytest.mark.parametrize(
    ("days", "expected"), [(30, 30), (None, None), (0, None), (-30, None), (100000, None)]
)
def test_days_supply_is_a_plausible_number_or_not_known(
    days: int | None, expected: int | None
) -> None:
    case = patient(claims=[cream(days=days)])
    assert days_supply(case, case.record.hits(SET)[0]) == expected
