"""Episodes near each other are one, and are counted in a window, surely or perhaps."""

import pytest

from service.facts.episodes.episode import Episode, Window, count_in, each_once, high_in, low_in
from service.fhir.values.days import DayRange
from service.policy.finding import Evidence

SHOWN = Evidence("Claim/1", "2026-01-01", "a course", "claim")
WINDOW = Window(100, 200)


def episode(
    first: int,
    last: int | None = None,
    *,
    low: int = 1,
    high: int = 1,
    until: int = 0,
    stay: bool = False,
) -> Episode:
    """An episode that began on a day, or between two days, and lasts to its last day."""
    start = DayRange(first, last or first)
    return Episode((start,), max(until, start.last), low, high, SHOWN, stay=stay)


@pytest.mark.parametrize(
    ("one", "low", "high"),
    [
        (episode(100), 1, 1),
        (episode(200), 1, 1),
        (episode(99), 0, 0),
        (episode(201), 0, 0),
        (episode(90, 110), 0, 1),
        (episode(150, low=0), 0, 1),
        (episode(150, low=0, high=3), 0, 3),
        (episode(90, until=105), 0, 0),
        (episode(90, until=105, stay=True), 0, 1),
    ],
)
def test_episode_lies_in_the_window_surely_or_perhaps(one: Episode, low: int, high: int) -> None:
    assert (low_in(one, WINDOW), high_in(one, WINDOW)) == (low, high)


def test_window_of_episodes_begun_inside_leaves_out_one_that_began_before() -> None:
    begun = Window(100, 200, begun=True)
    one = each_once([episode(95, until=97), episode(102)], 7)[0]
    assert high_in(one, begun) == 0
    assert low_in(one, WINDOW) == 1


def test_count_sums_what_is_sure_and_what_may_be() -> None:
    found = count_in([episode(150), episode(160, low=0), episode(300)], WINDOW)
    assert (found.low, found.high) == (1, 2)
    assert (len(found.sure), len(found.perhaps)) == (1, 1)


@pytest.mark.parametrize(("second", "episodes"), [(107, 1), (108, 2)])
def test_episodes_with_fewer_free_days_between_them_than_the_gap_are_one(
    second: int, episodes: int
) -> None:
    # six free days lie between day 100 and day 107, seven between 100 and 108
    assert len(each_once([episode(100), episode(second)], 7)) == episodes


def test_doubtful_episode_near_a_sure_one_adds_no_doubt() -> None:
    assert each_once([episode(100), episode(103, low=0)], 7) == [episode(100)]
    assert len(each_once([episode(100), episode(150, low=0)], 7)) == 2


def test_episode_that_may_be_several_is_kept_beside_a_sure_one() -> None:
    assert len(each_once([episode(100), episode(103, low=0, high=2)], 7)) == 2


def test_joined_episodes_begin_with_the_first_and_last_to_the_last() -> None:
    (one,) = each_once([episode(103, until=110), episode(100, until=101)], 7)
    assert (one.first, one.last, one.exact) == (100, 110, True)
