"""Instants, their offsets, and the day that they are in a zone."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from service.fhir.values.zone import Zone, instant, moment_of, offset_of

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
