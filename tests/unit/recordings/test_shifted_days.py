"""Days moved so that ages and spans in months stay."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fhir.values.days import months_between
from service.recordings.shifted_days import (
    days_in,
    keeps_spans,
    moved,
    oldest_birth,
    with_days_moved,
)

DAYS = st.dates(date(1930, 1, 1), date(2026, 11, 21))


@pytest.mark.parametrize(
    ("written", "there"),
    [
        ("2026-11-21", "2026-12-01"),
        ("2026-11-21T10:00:05.123Z", "2026-12-01T10:00:05Z"),
        ("2026-11-21T10:00-06:00", "2026-12-01T10:00-06:00"),
        ("2026-11", "2026-11"),
        ("2026", "2026"),
        ("tomorrow", None),
        ("2026-02-31", None),
        ("2026-11-21Tnoon", None),
    ],
)
def test_a_day_is_moved(written: str, there: str | None) -> None:
    assert moved(written, 10) == there


@given(st.lists(DAYS, max_size=4), st.integers(-900, 900))
def test_what_is_kept_is_kept(days: list[date], offset: int) -> None:
    today, move = date(2026, 11, 21), timedelta(days=offset)
    if keeps_spans(days, today, offset, pairs=True):
        for day in days:
            assert months_between(day, today) == months_between(day + move, today + move)


def test_no_day_is_from_another_century() -> None:
    assert not keeps_spans([date(1066, 1, 1)], date(2026, 11, 21), 9, pairs=True)
    assert oldest_birth(date(2026, 11, 21)) == date(1936, 11, 21)


def test_days_of_a_resource() -> None:
    resource = {"birthDate": "2000-01-01", "event": ["2026-01-01"], "name": "2000-01-01"}
    assert with_days_moved(resource, 1) == {
        "birthDate": "2000-01-02",
        "event": ["2026-01-02"],
        "name": "2000-01-01",
    }
    assert days_in({"item": [resource]}) == ["2000-01-01"]
