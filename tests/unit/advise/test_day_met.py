"""The day on which an order that is not met will be met if nothing else happens."""

from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest
from support.order_stories import FIXTURES, advised

from service.advise import Rendered
from service.advise.assessed_order import assess_order
from service.advise.policy_for import Question, Visit
from service.policy.assessment import Outcome


def first_day_by_judging_each(rendered: Rendered) -> date | None:
    """The first of the next 366 days on which the whole order is judged as met."""
    visit, question = rendered.judgement.visit, rendered.judgement.question
    days = (question.day + timedelta(days=n) for n in range(1, 367))
    return next((day for day in days if _is_met(visit, replace(question, day=day))), None)


def _is_met(visit: Visit, question: Question) -> bool:
    assessed = assess_order(replace(visit, shared={}), question)
    return assessed.assessment.outcome is Outcome.MET


def with_birthday(name: str, born: str) -> bytes:
    """A recorded request of a patient with another birthday."""
    body = orjson.loads((FIXTURES / f"{name}.json").read_bytes())
    body["prefetch"]["patient"]["birthDate"] = born
    return orjson.dumps(body)


def test_day_of_a_therapy_that_must_go_on_is_the_one_of_its_nearest_miss() -> None:
    rendered = advised("asthma-laba-90-days")
    at_once = {"metOn": None, "ifContinued": "2026-11-22", "knownUntil": None}
    assert rendered.twin["time"] == at_once
    assert rendered.twin_with_days["time"] == {**at_once, "knownUntil": "2027-11-22"}


@pytest.mark.parametrize("name", ["pn-18-nodules", "wrong-dose-weekly"])
def test_time_alone_never_changes_a_result_or_a_dose(name: str) -> None:
    rendered = advised(name)
    never = {"metOn": None, "ifContinued": None, "knownUntil": "2027-11-22"}
    assert rendered.twin["time"] == rendered.twin_with_days["time"] == never


@pytest.mark.parametrize("name", ["asthma-fully-met", "p001-initial"])
def test_an_order_that_is_met_or_open_has_no_day(name: str) -> None:
    rendered = advised(name)
    assert rendered.twin["time"] is rendered.twin_with_days["time"] is None


def test_an_order_for_a_patient_who_died_has_no_day() -> None:
    body = orjson.loads((FIXTURES / "asthma-laba-90-days.json").read_bytes())
    body["prefetch"]["patient"]["deceasedBoolean"] = True
    rendered = advised(orjson.dumps(body))
    assert rendered.twin["reason"] == "patient_deceased"
    assert rendered.twin_with_days["time"] is None


@pytest.mark.parametrize(
    ("name", "born", "day"),
    [
        ("pn-fully-met", "2008-11-30", date(2026, 11, 30)),
        ("pn-fully-met", "2010-01-01", None),
        ("asthma-laba-90-days", "1980-01-01", None),
    ],
)
def test_day_is_the_first_one_that_judging_each_day_finds(
    name: str, born: str, day: date | None
) -> None:
    rendered = advised(with_birthday(name, born))
    assert rendered.judgement.assessment.outcome is Outcome.NOT_MET
    found = rendered.twin_with_days["time"]["metOn"]
    assert found == (day and day.isoformat())
    assert first_day_by_judging_each(rendered) == day
