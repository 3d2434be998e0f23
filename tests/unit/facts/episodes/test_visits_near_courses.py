"""What a visit about the day of a course says of the reason of the course."""

from typing import Any

import pytest
from support.fact_case import patient

from service.facts.episodes.visits_near_courses import seen_for_another
from service.fhir.values.days import DayRange

(COURSE,) = patient("asthma").knowledge.facts["asthma.steroid_courses"].built_from
Json = dict[str, Any]


def visit(reason: object, days: int = 30, **more: object) -> Json:
    made = {"class": "outpatient", "on": f"{days} days ago", **more}
    return made if reason is None else {**made, "for": reason}


def seen(*visits: Json) -> str:
    """What the visits say a course of 30 days ago may have been for."""
    case = patient("asthma", visits=list(visits))
    day = case.today - 30
    return seen_for_another(case, COURSE, DayRange(day, day))


@pytest.mark.parametrize(
    "visits",
    [
        (visit("lung cancer"),),
        (visit("COPD"),),
        (visit("lung cancer", 31),),
        (visit("lung cancer"), visit(None)),
    ],
    ids=["of no list", "another disease", "the day before", "beside one without a reason"],
)
def test_visit_for_something_else_may_be_what_a_course_was_for(visits: tuple[Json, ...]) -> None:
    assert seen(*visits) != ""


@pytest.mark.parametrize(
    "visits",
    [
        (),
        (visit(None),),
        (visit("lung cancer", 32),),
        (visit("lung cancer", 29),),
        (visit("lung cancer", status="planned"),),
        (visit("wheezing"),),
        (visit("asthma"),),
        (visit("lung cancer"), visit("asthma exacerbation", 31)),
    ],
    ids=[
        *("no visit", "without a reason", "two days before", "the day after", "planned"),
        *("a complaint of breathing", "the disease", "one for the disease too"),
    ],
)
def test_no_visit_and_one_for_the_disease_leave_the_course_as_it_is(
    visits: tuple[Json, ...],
) -> None:
    assert seen(*visits) == ""


def test_the_reason_of_the_visit_is_named() -> None:
    assert seen(visit("lung cancer")) == "lung cancer"
