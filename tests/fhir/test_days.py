"""Days: partial dates are ranges, months are calendar months, zones never move a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fhir.days import DayRange, add_months, parse_day, parse_when, period_open


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


READ = {
    "2026-11-20": ("2026-11-20", "2026-11-20"),
    "2026-11": ("2026-11-01", "2026-11-30"),
    "2026": ("2026-01-01", "2026-12-31"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2026-02": ("2026-02-01", "2026-02-28"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    "1900-02": ("1900-02-01", "1900-02-28"),
    " 2026-11-20 ": ("2026-11-20", "2026-11-20"),
    "2026-11-20T23:30:00-06:00": ("2026-11-20", "2026-11-20"),
    "2026-11-20T00:10:00+14:00": ("2026-11-20", "2026-11-20"),
    "2026-11-20T10:00:00.000Z": ("2026-11-20", "2026-11-20"),
    "2026-11-20T10:00": ("2026-11-20", "2026-11-20"),
}
NOT_READ: list[object] = [
    "2026-02-29",
    "2026-13",
    "2026-13-01",
    "2026-11-31",
    "0000",
    "2026-1-2",
    "20261120",
    "11/20/2026",
    "2026-11-20 10:00",
    "",
    "soon",
    None,
    2026,
    True,
    {},
    ["2026"],
]


@pytest.mark.conforms("HAB-21")
@pytest.mark.parametrize(("written", "ends"), READ.items(), ids=READ)
def test_a_date_is_the_days_it_may_mean(written: str, ends: tuple[str, str]) -> None:
    assert parse_day(written) == DayRange(day(ends[0]), day(ends[1]))


@pytest.mark.parametrize("written", NOT_READ, ids=repr)
def test_what_is_no_date_is_none(written: object) -> None:
    assert parse_day(written) is None


def test_only_a_whole_date_is_exact() -> None:
    assert [parse_day(one).exact for one in ("2026-11-20", "2026-11", "2026")] == [  # type: ignore[union-attr]  # they parse
        True,
        False,
        False,
    ]


def test_a_range_is_said_with_its_ends() -> None:
    assert str(parse_day("2026-11-20")) == "2026-11-20"
    assert str(parse_day("2026-11")) == "2026-11-01 to 2026-11-30"
    assert str(parse_when({"start": "2026-11-05"})) == "2026-11-05 to ?"
    assert str(parse_when({"end": "2026-11-05"})) == "? to 2026-11-05"


def test_a_period_runs_from_its_first_possible_day_to_its_last() -> None:
    assert parse_when({"start": "2026-11", "end": "2026-12"}) == DayRange(
        day("2026-11-01"), day("2026-12-31")
    )


@pytest.mark.parametrize("written", [{}, {"start": None}, {"start": "soon", "end": 5}])
def test_a_period_without_a_day_is_none(written: dict[str, object]) -> None:
    assert parse_when(written) is None


@pytest.mark.parametrize(
    ("period", "open_"),
    [
        ({}, True),
        ({"start": "2026-11-20"}, True),
        ({"start": "2026-11-21"}, False),
        ({"end": "2026-11-20"}, True),
        ({"end": "2026-11-19"}, False),
        ({"start": "2026", "end": "2026"}, True),
    ],
    ids=str,
)
def test_a_period_includes_both_its_ends(period: dict[str, str], open_: bool) -> None:
    assert period_open(period, day("2026-11-20")) is open_


MONTHS = [
    ("2026-01-31", 1, "2026-02-28"),
    ("2024-01-31", 1, "2024-02-29"),
    ("2026-03-31", -1, "2026-02-28"),
    ("2026-12-15", 1, "2027-01-15"),
    ("2026-01-15", -1, "2025-12-15"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2024-02-29", 48, "2028-02-29"),
    ("2026-05-31", 6, "2026-11-30"),
    ("2026-11-20", 0, "2026-11-20"),
    ("9999-12-01", 1, "9999-12-31"),
    ("0001-01-01", -1, "0001-01-01"),
]


@pytest.mark.parametrize(("start", "months", "end"), MONTHS)
def test_months_are_calendar_months_and_end_within_a_shorter_one(
    start: str, months: int, end: str
) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == end


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 600), st.integers(0, 600))
def test_more_months_never_end_earlier(start: date, one: int, other: int) -> None:
    few, many = sorted((one, other))
    assert add_months(start, few) <= add_months(start, many)


@given(st.one_of(st.text(), st.from_regex(r"\d{4}(-\d{2}(-\d{2})?)?", fullmatch=True)))
def test_no_text_hurts_and_a_range_is_never_upside_down(written: str) -> None:
    found = parse_day(written)
    assert found is None or found.first <= found.last
