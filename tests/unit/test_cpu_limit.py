"""What one request may take, and whom it lets go ahead."""

from collections.abc import Callable

import pytest

from service.cpu_limit import CpuShare, CpuShareError


def clock(*times: float) -> Callable[[], float]:
    """A clock that shows these times, one after the other."""
    return iter(times).__next__


def test_request_within_its_share_goes_on() -> None:
    CpuShare(1.0, clock=clock(5.0, 6.0)).check()


def test_request_past_its_share_is_refused_as_too_costly() -> None:
    share = CpuShare(1.0, clock=clock(5.0, 6.01))
    with pytest.raises(CpuShareError, match="more than its share of 1 s of CPU time") as refused:
        share.check()
    assert (refused.value.status, refused.value.code) == (413, "too-costly")


def test_share_without_limit_never_ends() -> None:
    CpuShare(clock=clock(0.0, 1e9)).check()


def test_limit_can_be_raised_while_the_request_is_computed() -> None:
    share = CpuShare(1.0, clock=clock(0.0, 2.0))
    share.seconds = 3.0
    share.check()


def test_others_are_let_ahead_with_the_time_taken_so_far() -> None:
    told: list[float] = []
    CpuShare(1.0, told.append, clock(5.0, 5.25)).check()
    assert told == [0.25]
