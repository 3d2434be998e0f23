"""The steps of a request: their names and times, also of one that fails."""

import pytest

from service.step_times import Phases, now


def test_steps_are_noted_in_the_order_in_which_they_end() -> None:
    phases = Phases()
    with phases.during("outer"), phases.during("inner"):
        pass
    assert [one.name for one in phases.noted] == ["inner", "outer"]
    inner, outer = phases.noted
    assert outer.began <= inner.began <= inner.ended <= outer.ended


def test_step_that_fails_is_noted() -> None:
    phases = Phases()
    with pytest.raises(ValueError, match="wrong"), phases.during("judge"):
        raise ValueError("wrong")
    assert [one.name for one in phases.noted] == ["judge"]


def test_step_that_began_elsewhere_ends_now() -> None:
    phases, began = Phases(), now()
    phases.note("wait", began)
    (step,) = phases.noted
    assert (step.name, step.began) == ("wait", began)
    assert began <= step.ended <= now()
