"""Since when, and why, rows cannot be stored."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from service.store.outage import Failure, Outage

START = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


@pytest.fixture
def outage() -> Outage:
    """Its clock goes on by a minute with each look."""
    minutes = iter(range(99))
    return Outage("feedback", lambda: START + timedelta(minutes=next(minutes)))


def test_nothing_has_failed_at_first(outage: Outage) -> None:
    assert outage.failure is None
    outage.end()
    assert outage.failure is None


def test_first_failure_says_since_when_and_the_last_one_why(outage: Outage) -> None:
    outage.begin("locked")
    outage.begin("full")
    assert outage.failure == Failure(START, "full")


def test_outage_that_ended_begins_at_another_time(outage: Outage) -> None:
    outage.begin("locked")
    outage.end()
    assert outage.failure is None
    outage.begin("locked")
    assert outage.failure == Failure(START + timedelta(minutes=1), "locked")


def test_each_change_is_logged_once(outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        outage.begin("locked")
    outage.end()
    outage.end()
    assert [one.getMessage() for one in caplog.records] == [
        "feedback cannot be stored: locked",
        "feedback can be stored again; not since 2026-11-30T10:00:00+00:00",
    ]
