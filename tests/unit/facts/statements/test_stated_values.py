"""A value given with a yes must pass the bound that the yes is about."""

from typing import Any

import pytest
from support.fact_case import said
from support.questionnaires import counted, form, response

BSA = "ad.initial.severity.bsa10"
Json = dict[str, Any]


def percent(value: float, **more: str) -> Json:
    return {"valueQuantity": {"value": value, "code": "%", **more}}


def comes_to(*details: tuple[str, Json], yes: bool = True) -> str:
    answered = response(form().questionnaire(), {BSA: yes})
    below = [{"linkId": f"{BSA}:{name}", "answer": [value]} for name, value in details]
    answered["item"][0]["answer"][0]["item"] = below
    return said(counted(form(), answered)[BSA])


@pytest.mark.parametrize(
    "details",
    [
        [],
        [("value", percent(10))],
        [("value", percent(12)), ("measured", {"valueDate": "2026-11-21"})],
        [("value", percent(9, comparator=">"))],
    ],
)
def test_value_that_may_pass_leaves_the_yes_as_it_is(details: list[tuple[str, Json]]) -> None:
    assert comes_to(*details) == "met"


@pytest.mark.parametrize(
    "details",
    [
        [("value", percent(9.9))],
        [("value", percent(10, comparator="<"))],
        [("value", percent(12)), ("value", percent(8))],
        [("value", percent(12)), ("measured", {"valueDate": "2026-11-22"})],
        [("value", percent(12) | {"valueQuantity": {"value": 12, "code": "kg"}})],
        [("value", {"valueString": "a lot"})],
        [("measured", {"valueDate": "no day"})],
    ],
)
def test_value_below_the_bound_or_a_day_to_come_makes_it_a_question(
    details: list[tuple[str, Json]],
) -> None:
    assert comes_to(*details) == "unknown attestation"


def test_no_stays_a_no() -> None:
    assert comes_to(("value", percent(8)), yes=False) == "not_met"
