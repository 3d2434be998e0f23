"""The day on which a question is asked, told in the client's zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from service.cds.as_of import AsOf

NOW = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
TODAY = AsOf("order", date(2026, 11, 21), NOW)


def test_today_is_the_day_in_the_zone_of_the_client() -> None:
    assert TODAY.told_in(ZoneInfo("America/Chicago")).day == date(2026, 11, 20)
    assert TODAY.told_in(ZoneInfo("Asia/Kolkata")).day == date(2026, 11, 21)


def test_fixed_day_and_a_client_without_a_zone_stay_as_they_are() -> None:
    fixed = AsOf("day", date(2026, 11, 21))
    assert fixed.told_in(ZoneInfo("America/Chicago")) is fixed
    assert TODAY.told_in(None) is TODAY


def test_kind_of_question_stays_the_same_in_another_zone() -> None:
    assert TODAY.told_in(ZoneInfo("America/Chicago")).kind == "order"
