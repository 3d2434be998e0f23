"""Days: partial dates are ranges, months are calendar months, an instant is a day in one zone."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fhir.values.days import (
    DayRange,
    Zone,
    add_months,
    instant,
    moment_of,
    offset_of,
    parse_day,
    parse_when,
    period_open,
)


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
    "2026-11-20T10:00": ("2026-11-20", "2026-11-20"),
    "2026-11-20T23:59:60": ("2026-11-20", "2026-11-20"),
    "2026-11-20T24:00:00": ("2026-11-19", "2026-11-21"),
    "2026-11-20T": ("2026-11-19", "2026-11-21"),
    "2026-11-20Tnoon": ("2026-11-19", "2026-11-21"),
    "2026-11-20T10:00:00+15:00": ("2026-11-19", "2026-11-21"),
}
KOLKATA, CHICAGO = ZoneInfo("Asia/Kolkata"), ZoneInfo("America/Chicago")
# An instant, a zone, and the day that it is there.
INSTANTS = [
    ("2026-11-20T23:30:00-06:00", CHICAGO, "2026-11-20"),
    ("2026-11-20T23:30:00-06:00", KOLKATA, "2026-11-21"),
    ("2026-11-21T05:30:00Z", CHICAGO, "2026-11-20"),
    ("2026-11-21T11:00:00+05:30", CHICAGO, "2026-11-20"),
    ("2026-11-20T00:10:00+14:00", CHICAGO, "2026-11-19"),
    ("2026-07-01T04:30:00Z", CHICAGO, "2026-06-30"),  # in summer five hours
    ("2026-07-01T05:30:00Z", CHICAGO, "2026-07-01"),
    ("2026-12-01T05:30:00Z", CHICAGO, "2026-11-30"),
    ("2026-11-20T10:00:00.000Z", KOLKATA, "2026-11-20"),
    ("2026-11-20T10:00", KOLKATA, "2026-11-20"),
    ("9999-12-31T23:30:00-06:00", KOLKATA, "9999-12-31"),
    ("0001-01-01T00:30:00+05:30", CHICAGO, "0001-01-01"),
]
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


@pytest.mark.parametrize(("written", "zone", "expected"), INSTANTS)
def test_an_instant_is_a_day_in_the_zone(written: str, zone: ZoneInfo, expected: str) -> None:
    assert parse_day(written, Zone(zone)) == DayRange(day(expected), day(expected))


@pytest.fixture(params=["UTC", "America/Chicago"])
def servers_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What the machine takes for its own zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


# An instant, the offset that the order was written in, and its day on a server in UTC and in Chicago.
OF_THE_SERVER = [
    ("2026-11-21T05:30:00Z", None, "2026-11-21", "2026-11-20"),
    ("2026-11-21T05:30:00Z", -6, "2026-11-20", "2026-11-20"),
    ("2026-11-20T23:30:00-06:00", None, "2026-11-20", "2026-11-20"),
    ("2026-11-21T11:00:00+05:30", None, "2026-11-21", "2026-11-20"),
    ("2026-11-21T11:00:00+05:30", -6, "2026-11-20", "2026-11-20"),
    ("2026-07-01T00:00:00-05:00", -6, "2026-07-01", "2026-07-01"),  # midnight in summer
]


@pytest.mark.parametrize(("written", "hours", "utc", "chicago"), OF_THE_SERVER)
def test_without_a_zone_the_server_or_the_sender_tells_it(
    servers_zone: str, written: str, hours: int | None, utc: str, chicago: str
) -> None:
    zone = Zone(None, None if hours is None else timedelta(hours=hours))
    expected = day(utc if servers_zone == "UTC" else chicago)
    assert parse_day(written, zone) == DayRange(expected, expected)


MOMENTS: list[tuple[object, bool]] = [
    ("2026-11-20T10:00:00Z", True),
    ("2026-11-20T10:00:00.5-06:00", True),
    ("2026-11-20T10:00:00", False),
    ("2026-11-20", False),
    ("2026-02-30T10:00:00Z", False),
    ("T", False),
    ("", False),
    (None, False),
    (["2026-11-20T10:00:00Z"], False),
]


@pytest.mark.parametrize(("written", "is_one"), MOMENTS)
def test_a_moment_has_a_day_a_time_and_an_offset(written: object, is_one: bool) -> None:
    assert (moment_of(written) is not None) is is_one


def test_moments_are_compared_as_instants() -> None:
    one, same, later = map(
        moment_of, ("2026-11-20T10:00:00Z", "2026-11-20T04:00:00-06:00", "2026-11-20T10:00:00.001Z")
    )
    assert one is not None
    assert same is not None
    assert later is not None
    assert one == same < later


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
def test_any_text_is_a_range_of_days_or_none(written: str) -> None:
    found = parse_day(written)
    assert found is None or found.first <= found.last


DAY = date(2026, 11, 20)
SIX_WEST = timezone(timedelta(hours=-6))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("T23:30", datetime(2026, 11, 20, 23, 30)),  # noqa: DTZ001 - without an offset
        ("T23:30:59Z", datetime(2026, 11, 20, 23, 30, 59, tzinfo=UTC)),
        ("T23:30:60Z", datetime(2026, 11, 20, 23, 30, 59, tzinfo=UTC)),
        ("T23:30:00.5-06:00", datetime(2026, 11, 20, 23, 30, tzinfo=SIX_WEST)),
        ("T23:30:00-0600", datetime(2026, 11, 20, 23, 30, tzinfo=SIX_WEST)),
    ],
)
def test_time_is_read_with_or_without_seconds_and_offset(written: str, moment: datetime) -> None:
    assert instant(DAY, written) == moment


@pytest.mark.parametrize(
    "written", ["T24:00", "T23:60", "T23:30:61", "T23", "T23:30+15:00", "T23:30 Z", "23:30", ""]
)
def test_time_that_does_not_exist_is_none(written: str) -> None:
    assert instant(DAY, written) is None


def test_moment_has_a_day_a_time_and_an_offset() -> None:
    assert moment_of("2026-11-20T23:30:00.25Z") == datetime(
        2026, 11, 20, 23, 30, 0, 250_000, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "written",
    ["2026-11-20", "2026-11-20T23:30:00", "2026-13-20T23:30:00Z", None, 5, "2026" + "0" * 60],
)
def test_what_lacks_a_part_of_a_moment_is_none(written: object) -> None:
    assert moment_of(written) is None


@pytest.mark.parametrize(
    ("written", "hours"),
    [("2026-11-20T23:30:00-06:00", -6), ("2026-11-20T23:30:00Z", None), ("2026-11-20", None)],
)
def test_offset_is_that_of_the_sender_and_utc_tells_none(written: str, hours: int | None) -> None:
    assert offset_of(written) == (None if hours is None else timedelta(hours=hours))


def test_instant_is_the_day_of_the_named_zone() -> None:
    late = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
    assert Zone(ZoneInfo("America/Chicago")).day_of(late) == date(2026, 11, 20)
    assert Zone(ZoneInfo("Asia/Kolkata")).day_of(late) == date(2026, 11, 21)


def test_instant_at_the_end_of_the_calendar_keeps_its_day() -> None:
    last = datetime(9999, 12, 31, 23, 30, tzinfo=SIX_WEST)
    assert Zone(ZoneInfo("Asia/Kolkata")).day_of(last) == date(9999, 12, 31)
