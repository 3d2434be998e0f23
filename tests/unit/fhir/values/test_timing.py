"""How often a Timing says that a dose is given, in each way it can be read."""

from typing import Any

import pytest

from service.fhir.values.timing import NONE, Rhythm, rhythm
from service.library import Library

Json = dict[str, Any]


def of_repeat(library: Library, **repeat: object) -> Rhythm:
    words = library.knowledge.timings
    return rhythm({"timing": {"repeat": repeat}}, words)


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ({"frequency": 1, "period": 14, "periodUnit": "d"}, 14),
        ({"frequency": 1, "period": 2, "periodUnit": "wk"}, 14),
        ({"frequency": 2, "period": 1, "periodUnit": "wk"}, 3.5),
        ({"period": 14, "periodUnit": "d"}, 14),
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, 0.5),
    ],
)
def test_interval_is_the_period_by_the_frequency(
    library: Library, repeat: Json, days: float
) -> None:
    assert of_repeat(library, **repeat).intervals == (days,)


def test_range_of_a_period_is_two_intervals(library: Library) -> None:
    found = of_repeat(library, frequency=1, period=2, periodMax=4, periodUnit="wk")
    assert set(found.intervals) == {14, 28}


@pytest.mark.parametrize(
    "repeat",
    [
        {},
        {"frequency": 1},
        {"frequency": 0, "period": 14, "periodUnit": "d"},
        {"frequency": 1, "period": 0, "periodUnit": "d"},
        {"frequency": 1, "period": 14, "periodUnit": "moons"},
        {"frequency": "often", "period": 14, "periodUnit": "d"},
    ],
)
def test_figures_that_say_no_rhythm_give_none(library: Library, repeat: Json) -> None:
    assert of_repeat(library, **repeat) == NONE


def test_count_of_one_is_one_dose_and_no_more(library: Library) -> None:
    assert of_repeat(library, count=1) == Rhythm(at_once=1)


def test_events_on_one_day_are_doses_at_once(library: Library) -> None:
    words = library.knowledge.timings
    found = rhythm({"timing": {"event": ["2026-11-20", "2026-11-20"]}}, words)
    assert found == Rhythm(at_once=2)


def test_dose_that_ends_before_the_second_is_due_is_short() -> None:
    assert Rhythm((14,), limit=14).is_short
    assert not Rhythm((14,), limit=15).is_short
    assert not Rhythm((14,)).is_short
    assert not Rhythm(limit=1).is_short
