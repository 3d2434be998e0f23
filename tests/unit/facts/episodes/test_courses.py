"""Courses of a drug: hand-overs near each other are one, and a long run may be daily therapy."""

from typing import Any, NamedTuple

import pytest
from support.fact_case import CLAIMS_HELD, ordinal, patient, shown

from service.facts.case import Case
from service.facts.episodes.courses import courses, listed_entries, long_runs

FACT = patient("asthma").knowledge.facts["asthma.steroid_courses"]
(MAKER,) = FACT.built_from
EXACERBATION = "asthma exacerbation"
Json = dict[str, Any]


class Course(NamedTuple):
    """A course: days before today on which it began and ended, and how many it is at least and most."""

    first: int
    last: int
    low: int
    high: int


def fill(on: int, days: int | None = 5, reason: str | None = EXACERBATION, **more: object) -> Json:
    """Prednisone, paid so many days ago."""
    entry: Json = {"drug": "prednisone", "on": f"{on} days ago", **more}
    entry |= {"days": days} if days is not None else {}
    return entry | ({"for": reason} if reason else {})


def case(*claims: Json, **given: object) -> Case:
    return patient("asthma", claims=list(claims), **{**CLAIMS_HELD, **given})


def found(*claims: Json, **given: object) -> list[Course]:
    today = ordinal(0)
    return [
        Course(today - one.first, today - one.last, one.low, one.high)
        for one in courses(case(*claims, **given), FACT, MAKER)
    ]


def test_fill_for_the_reason_is_a_course_of_its_days() -> None:
    assert found(fill(30)) == [Course(30, 26, 1, 1)]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (None, [Course(30, 26, 1, 1)]),
        ("COPD", []),
        ("lung cancer", [Course(30, 26, 0, 1)]),
    ],
    ids=["no reason", "another disease", "a reason of no list"],
)
def test_fill_for_another_reason_is_no_course_or_a_question(
    reason: str | None, expected: list[Course]
) -> None:
    assert found(fill(30, reason=reason)) == expected


def test_course_without_a_reason_is_a_question_where_another_disease_may_explain_it() -> None:
    both = [{"is": "asthma"}, {"is": "nasal polyps"}]
    assert found(fill(30, reason=None), diagnoses=both) == [Course(30, 26, 0, 1)]
    assert found(fill(30), diagnoses=both) == [Course(30, 26, 1, 1)]
    (explained,) = courses(case(fill(30, reason=None), diagnoses=both), FACT, MAKER)
    assert "may be for Nasal polyp" in str(shown(explained.shown).value)


@pytest.mark.parametrize(
    ("second", "expected"),
    [(29, [Course(40, 25, 1, 1)]), (28, [Course(40, 36, 1, 1), Course(28, 24, 1, 1)])],
)
def test_fill_within_the_gap_after_the_last_covered_day_goes_on_with_the_course(
    second: int, expected: list[Course]
) -> None:
    assert found(fill(40), fill(second)) == expected


@pytest.mark.parametrize(("days", "low", "runs"), [(21, 1, []), (22, 0, [(30, 9)])])
def test_supply_longer_than_a_course_may_be_daily_therapy(
    days: int, low: int, runs: list[tuple[int, int]]
) -> None:
    (course,) = found(fill(30, days))
    assert (course.low, course.high) == (low, 1)
    today = ordinal(0)
    long = long_runs(case(fill(30, days)), FACT, MAKER)
    assert [(today - first, today - last) for first, last in long] == runs


def test_short_supply_during_a_long_one_may_be_a_course_of_its_own() -> None:
    assert found(fill(100, 60, reason=None), fill(70)) == [Course(70, 66, 0, 1)]


def test_fill_that_states_no_days_is_imprecise() -> None:
    (course,) = courses(case(fill(30, None)), FACT, MAKER)
    assert (course.low, course.high) == (0, 1)
    assert course.doubt[0] == "imprecise"


def test_reason_of_another_record_of_the_same_hand_over_counts() -> None:
    claim = fill(30, reason=None)
    assert found(claim, diagnoses=[{"is": "asthma"}, {"is": "nasal polyps"}])[0].low == 0
    dispensed = {"drug": "prednisone", "days": 5, "on": "30 days ago"}
    order = {"drug": "prednisone", "on": "31 days ago", "for": EXACERBATION}
    (course,) = courses(case(claim, dispenses=[dispensed], orders=[order]), FACT, MAKER)
    assert not course.unexplained


def test_list_and_order_show_no_course_and_are_told_apart() -> None:
    chart = [{"drug": "prednisone", "from": "30 days ago"}]
    assert found(chart=chart) == []
    assert [one.kind for one in listed_entries(case(chart=chart), FACT, MAKER)] == ["chart"]
    assert listed_entries(case(fill(30)), FACT, MAKER) == []
    for_another = [{"drug": "prednisone", "on": "30 days ago", "for": "COPD"}]
    assert listed_entries(case(orders=for_another), FACT, MAKER) == []


@pytest.mark.parametrize(("days", "expected"), [(5, [Course(30, 30, 0, 1)]), (22, [])])
def test_drug_that_the_claim_does_not_name_may_be_a_course_if_it_is_short(
    days: int, expected: list[Course]
) -> None:
    assert found(fill(30, days, drug="unlisted drug")) == expected
