"""Instants are days in one zone: the same instant gives the same answer, however it is written."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from support.changed import (
    BSA,
    OTHER_DRUG,
    answer,
    entries,
    first,
    library,
    order,
    request,
    truth,
    twin,
)

from service.cds.request import AsOf
from service.facts.client import Client

CHICAGO = ZoneInfo("America/Chicago")
# ten past eight in the evening of the 21st in Chicago
EVENING = (
    "2026-11-21T20:10:00-06:00",
    "2026-11-22T02:10:00Z",
    "2026-11-22T02:10:00+00:00",
    "2026-11-22T07:40:00+05:30",
    "2026-11-22T02:10:00.123456789Z",
    "2026-11-21T21:10:00-0500",
    "2026-11-22T02:10Z",
)
# ten past eight in the morning of the 22nd in Chicago
NEXT_MORNING = ("2026-11-22T08:10:00-06:00", "2026-11-22T14:10:00Z", "2026-11-22T19:40:00+05:30")


def chicago() -> Client:
    return replace(library().client("local"), zone=CHICAGO)


@pytest.mark.parametrize("written", EVENING)
@pytest.mark.parametrize("element", ["effectiveDateTime", "effectiveInstant", "effectivePeriod"])
def test_instant_of_this_evening_is_today_in_each_spelling(written: str, element: str) -> None:
    asked = request()
    score = first(asked, "observations")
    del score["effectiveDateTime"]
    period = {"start": written, "end": written}
    score[element] = period if element == "effectivePeriod" else written
    found = twin(asked, client=chicago())
    assert truth(asked, BSA, client=chicago()) == "met"
    assert "2026-11-21" in str(found["criteria"])


@pytest.mark.parametrize("written", NEXT_MORNING)
def test_instant_of_tomorrow_is_ignored_in_each_spelling(written: str) -> None:
    asked = request()
    first(asked, "observations")["effectiveDateTime"] = written
    assert truth(asked, BSA, client=chicago()) == "unknown"


@pytest.mark.parametrize("written", EVENING)
def test_an_order_is_judged_on_its_day_in_the_zone(written: str) -> None:
    asked = request()
    order(asked)["authoredOn"] = written
    asked_on = AsOf("order", datetime(2027, 1, 1, tzinfo=UTC).date())
    assert twin(asked, asked_on, chicago())["asOf"] == "2026-11-21"


@pytest.mark.parametrize("written", EVENING)
def test_offset_of_the_order_is_the_zone_when_none_is_set(written: str) -> None:
    """On a server that keeps UTC, as most do."""
    asked = request()
    order(asked)["authoredOn"] = "2026-11-21T20:30:00-06:00"
    first(asked, "observations")["effectiveDateTime"] = written
    for kind in ("order", "day"):
        asked_on = AsOf(kind, datetime(2026, 11, 21, tzinfo=UTC).date())
        assert truth(asked, BSA, asked_on) == "met"


def test_today_is_the_clients_day() -> None:
    now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    asked_on = AsOf("day", now.date(), now)
    assert twin(request(), asked_on, chicago())["asOf"] == "2026-11-21"
    assert twin(request(), asked_on)["asOf"] == "2026-11-22"


@pytest.mark.parametrize("written", EVENING)
def test_an_answer_of_this_evening_counts(written: str) -> None:
    asked = request()
    first(asked, "answers")["authored"] = written
    assert twin(asked, client=chicago())["outcome"] == "met"
    shown = str(twin(asked, client=chicago())["criteria"])
    assert "'date': '2026-11-22'" not in shown


def test_a_coverage_that_ends_this_evening_is_active_today() -> None:
    asked = request()
    first(asked, "coverage")["period"] = {"start": "2024-01-01", "end": "2026-11-22T02:10:00Z"}
    assert twin(asked, client=chicago())["outcome"] == "met"
    day_after = AsOf("day", datetime(2026, 11, 22, tzinfo=UTC).date())
    assert twin(asked, day_after, client=chicago())["outcome"] == "no_policy"


def test_a_time_that_cannot_be_read_leaves_a_day_more_or_less() -> None:
    asked = request()
    first(asked, "observations")["effectiveDateTime"] = "2026-11-10T24:00:00Z"
    assert "2026-11-09 to 2026-11-11" in str(answer(asked).twins[0]["criteria"])


def test_answer_is_not_remembered_for_the_next_patient() -> None:
    """What is kept of silence belongs to the day, and the zone moves no silence."""
    bare = request()
    entries(bare, "observations").clear()
    assert truth(bare, BSA) == truth(bare, BSA, client=chicago()) == "unknown"
    asked = request()
    first(asked, "observations")["effectiveDateTime"] = "2026-11-22T02:10:00Z"
    assert truth(asked, BSA, client=chicago()) == "met"
    assert truth(asked, OTHER_DRUG) == "met"
