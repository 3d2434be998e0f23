"""A response is lost where the course says so, not by active disease alone."""

import pytest

from service.clinical.model import Stage
from service.clinical.stages import Effect, stage_of
from service.facts.supply.on_drug import Exposure
from service.policy.truth import MET, NOT_MET, UNKNOWN, Truth

TAKEN = Exposure(MET, MET, MET)


@pytest.mark.parametrize(
    ("lost", "improved", "stage"),
    [
        (MET, MET, Stage.LOSS_OF_RESPONSE),
        (MET, NOT_MET, Stage.LOSS_OF_RESPONSE),
        (NOT_MET, MET, Stage.RESPONDING),
        (UNKNOWN, MET, Stage.RESPONDING),
        (UNKNOWN, UNKNOWN, Stage.NOT_ASSESSED),
        (NOT_MET, NOT_MET, Stage.NOT_ASSESSED),
    ],
)
def test_active_after_a_response(lost: Truth, improved: Truth, stage: Stage) -> None:
    effect = Effect(active=MET, responded=MET, improved=improved, lost=lost)
    assert stage_of(TAKEN, effect) is stage


def test_a_course_that_does_not_say_when_it_is_lost_goes_by_active_disease() -> None:
    assert stage_of(TAKEN, Effect(active=MET, responded=MET)) is Stage.LOSS_OF_RESPONSE
