"""Hosts that fail are paused for a while."""

import pytest
from support.clock import Clock

from service.fhir.fetch.fhir_client import FAILURES, LONGEST_REST, MOST_UNDER_WAY, REST, Breaker

HOST = "ehr.example.org"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.admits(HOST)
        breaker.report(HOST, answered=False)


@pytest.mark.parametrize(("failures", "admitted"), [(FAILURES - 1, True), (FAILURES, False)])
def test_host_is_paused_after_so_many_failures_in_a_row(
    breaker: Breaker, failures: int, admitted: bool
) -> None:
    fail(breaker, failures)
    assert breaker.admits(HOST) is admitted
    assert breaker.admits("another.example.org")


def test_answer_between_failures_starts_the_count_again(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    breaker.report(HOST, answered=True)
    fail(breaker, FAILURES - 1)
    assert breaker.admits(HOST)


def test_one_request_tries_first_when_the_pause_is_over(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now = REST - 0.1
    assert not breaker.admits(HOST)
    clock.now = REST
    assert breaker.admits(HOST)
    assert not breaker.admits(HOST)
    breaker.report(HOST, answered=True)
    assert breaker.admits(HOST)


@pytest.mark.parametrize(("asked", "kept"), [(10, 10), (600, LONGEST_REST)])
def test_pause_that_the_host_asks_for_is_kept_up_to_a_limit(
    breaker: Breaker, clock: Clock, asked: float, kept: float
) -> None:
    assert breaker.admits(HOST)
    breaker.rest(HOST, asked)
    clock.now = kept - 0.1
    assert not breaker.admits(HOST)
    assert breaker.was_asked_to_rest(HOST)
    clock.now = kept
    assert breaker.admits(HOST)
    assert not breaker.was_asked_to_rest(HOST)


def test_host_with_too_many_calls_under_way_admits_no_further_one(breaker: Breaker) -> None:
    assert breaker.admits(HOST)
    for _ in range(MOST_UNDER_WAY):
        breaker.entered(HOST)
    assert not breaker.admits(HOST)
    breaker.left(HOST)
    assert breaker.admits(HOST)
