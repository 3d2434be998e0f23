"""Details below the statement that a trial failed: other reasons and impossible days contradict it."""

from typing import Any

import pytest
from support.fact_case import said
from support.questionnaires import counted, form, response

TRIAL = "ad.initial.trial.tcs_and_tci"
SNOMED = "http://snomed.info/sct"
INEFFECTIVE = {"valueCoding": {"system": SNOMED, "code": "395007004"}}
SIDE_EFFECT = {"valueCoding": {"system": SNOMED, "code": "395009001"}}
Json = dict[str, Any]


def comes_to(*details: tuple[str, Json], yes: bool = True) -> str:
    below = [{"linkId": f"{TRIAL}:{name}", "answer": [value]} for name, value in details]
    group = {"linkId": f"{TRIAL}:trial", "item": below}
    answered = response(form().questionnaire(), {TRIAL: yes}, group)
    return said(counted(form(), answered)[TRIAL])


def day(written: str) -> Json:
    return {"valueDate": written}


@pytest.mark.parametrize(
    "details",
    [
        [],
        [("why", INEFFECTIVE)],
        [("why", {"valueString": "inadequate response"})],
        [("drug", {"valueCoding": {"display": "tacrolimus"}})],
        [("started", day("2026-05-01")), ("ended", day("2026-07-01"))],
        [("started", day("2026-05")), ("ended", day("2026-05"))],
        [("ended", day("2026-11-21"))],
    ],
)
def test_details_of_a_failure_leave_the_yes_as_it_is(details: list[tuple[str, Json]]) -> None:
    assert comes_to(*details) == "met"


@pytest.mark.parametrize(
    "details",
    [
        [("why", SIDE_EFFECT)],
        [("why", INEFFECTIVE), ("why", SIDE_EFFECT)],
        [("why", {"valueCoding": {"system": "urn:x", "code": "y"}})],
        [("why", {"valueString": "moved away"})],
        [("started", day("2026-07-02")), ("ended", day("2026-07-01"))],
        [("ended", day("2026-11-22"))],
        [("started", day("2027"))],
        [("ended", day("no day"))],
        [("started", {"valueString": "in spring"})],
    ],
)
def test_other_reason_or_impossible_days_make_the_yes_a_question(
    details: list[tuple[str, Json]],
) -> None:
    assert comes_to(*details) == "unknown attestation"


def test_no_stays_a_no_whatever_stands_below() -> None:
    assert comes_to(("why", SIDE_EFFECT), yes=False) == "not_met"
