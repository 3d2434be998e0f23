"""Work whose callers do not wait longer than they are ready to."""

from collections.abc import Iterator
from functools import partial
from threading import Event

import pytest

from service.errors import StoreError
from service.store.database.bounded_calls import BoundedCalls


@pytest.fixture
def calls() -> Iterator[BoundedCalls]:
    made = BoundedCalls("test", threads=1, seconds=30)
    yield made
    made.close()


@pytest.fixture
def stuck() -> Iterator[Event]:
    """What work waits for; it goes on when the test has ended."""
    event = Event()
    yield event
    event.set()


def test_result_of_the_work_is_handed_on(calls: BoundedCalls) -> None:
    assert [calls.run(partial(abs, -n), 30) for n in range(3)] == [0, 1, 2]


def test_error_of_the_work_is_raised_and_its_thread_is_free_again(calls: BoundedCalls) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            calls.run(fail, 0)


def test_caller_gives_up_work_that_does_not_end(stuck: Event) -> None:
    calls = BoundedCalls("test", threads=1, seconds=0.01)
    with pytest.raises(StoreError, match=r"did not answer within 0.01 s"):
        calls.run(stuck.wait, 0)
    stuck.set()
    calls.close()


def test_while_all_threads_wait_others_are_refused_at_once(stuck: Event) -> None:
    calls = BoundedCalls("test", threads=2, seconds=0.01)
    for _ in range(2):
        with pytest.raises(StoreError, match="within"):
            calls.run(stuck.wait, 0)
    with pytest.raises(StoreError, match="not answered earlier calls"):
        calls.run(lambda: None, 0)
    stuck.set()
    assert calls.run(lambda: "answered", 30) == "answered"
    calls.close()


def test_calls_that_were_closed_can_be_used_again(calls: BoundedCalls) -> None:
    assert calls.run(lambda: 1, 30) == 1
    calls.close()
    assert calls.run(lambda: 2, 30) == 2


def test_work_that_nobody_waits_for_is_done_if_a_thread_is_free(
    calls: BoundedCalls, stuck: Event
) -> None:
    done: list[int] = []
    calls.start(stuck.wait)
    calls.start(lambda: done.append(1))  # the only thread is busy
    stuck.set()
    calls.run(lambda: done.append(2), 30)
    assert done == [2]
