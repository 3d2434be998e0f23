"""One request computes at a time; whoever took less goes first."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep

import pytest

from service.cpu_limit import CpuShare
from service.web.request_queue import LARGE, SECONDS_FOR_A_STEP, STEP, Turns, _Waiting


def share(used: float) -> CpuShare:
    """The share of a request that took so much CPU time."""
    times = iter([0.0])
    return CpuShare(clock=lambda: next(times, used))


def waiting(turns: Turns, count: int) -> None:
    """Returns when so many requests wait for the turn."""
    while turns.waiting < count:
        pass


def in_which_order(meanwhile: Callable[[Turns, ThreadPoolExecutor], None]) -> list[str]:
    """Which goes first: the request that has the turn while this is done, or another that waits."""
    turns, order = Turns(), []

    def other() -> None:
        with turns.turn(share(0), 1):
            order.append("other")

    with ThreadPoolExecutor(2) as callers, turns.turn(share(0), 1):
        callers.submit(other)
        waiting(turns, 1)
        meanwhile(turns, callers)
        order.append("own")
    return order


def test_turn_is_free_while_a_request_waits_for_a_server_and_taken_again_after() -> None:
    turns = Turns()
    with turns.turn(share(0), 1):
        with turns.released(share(0), 1):
            taken = [turns.taken]
        taken.append(turns.taken)
    assert [*taken, turns.taken] == [False, True, False]


def test_turn_is_taken_again_if_the_wait_fails() -> None:
    turns = Turns()
    with turns.turn(share(0), 1):
        with pytest.raises(TimeoutError), turns.released(share(0), 1):
            raise TimeoutError
        assert turns.taken
    assert not turns.taken


def test_turn_is_free_after_a_failure() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn(share(0), 1):
        raise ZeroDivisionError
    assert not turns.taken


def test_request_that_took_less_goes_first_among_those_that_wait() -> None:
    turns, order = Turns(), []

    def compute(used: float) -> None:
        with turns.turn(share(used), 1):
            order.append(used)

    with ThreadPoolExecutor(3) as callers, turns.turn(share(0), 1):
        for count, used in enumerate((0.3, 0.1, 0.2), start=1):
            callers.submit(compute, used)
            waiting(turns, count)
    assert order == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ("used", "expected"),
    [(STEP, ["other", "own"]), (STEP * 0.9, ["own", "other"])],
    ids=["took more", "took hardly more"],
)
def test_request_gives_way_to_one_that_took_less(used: float, expected: list[str]) -> None:
    assert in_which_order(lambda turns, _: turns.give_way(used)) == expected


def test_request_that_has_waited_for_its_steps_does_not_give_way_for_them_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.web.request_queue.SECONDS_FOR_A_STEP", 0.001)
    turns, order = Turns(), []

    def compute(name: str) -> None:
        with turns.turn(share(0), 1):
            sleep(0.002)
            order.append(name)

    with ThreadPoolExecutor(2) as callers, turns.turn(share(0), 1):
        callers.submit(compute, "first")
        waiting(turns, 1)
        turns.give_way(STEP)
        monkeypatch.setattr("service.web.request_queue.SECONDS_FOR_A_STEP", 1000)
        callers.submit(compute, "second")
        waiting(turns, 1)
        turns.give_way(STEP)
        order.append("own")
    assert order == ["first", "own", "second"]


def test_nobody_waits_and_the_request_goes_on() -> None:
    turns = Turns()
    with turns.turn(share(0), 1):
        turns.give_way(10)
        assert turns.taken


def test_second_large_request_does_not_begin_before_the_first_has_ended() -> None:
    turns, order = Turns(), []

    def compute(name: str, size: int) -> None:
        with turns.turn(share(0), size):
            order.append(name)

    with ThreadPoolExecutor(2) as callers:
        with turns.turn(share(0), LARGE + 1):
            large: Future[None] = callers.submit(compute, "large", LARGE + 1)
            callers.submit(compute, "small", LARGE)
            waiting(turns, 1)
            turns.give_way(1)
            order.append("own")
        large.result()
    assert order == ["small", "own", "large"]


def test_equal_requests_go_in_the_order_in_which_they_came() -> None:
    turns, order = Turns(), []

    def compute(number: int) -> None:
        with turns.turn(share(STEP / (number + 2)), 1):
            order.append(number)

    with ThreadPoolExecutor(4) as callers, turns.turn(share(0), 1):
        for number in range(4):
            callers.submit(compute, number)
            waiting(turns, number + 1)
    assert order == [0, 1, 2, 3]


def test_request_that_waits_goes_ahead_in_time_of_those_that_took_less() -> None:
    long = _Waiting(used=5 * STEP, since=0.0)
    assert long.rank(now=0.0) == 5
    assert long.rank(now=6 * SECONDS_FOR_A_STEP) == -1


def test_request_without_the_turn_gives_no_turn_away() -> None:
    order = in_which_order(
        lambda turns, callers: callers.submit(turns.give_way, 10 * STEP).result()
    )
    assert order == ["own", "other"]
