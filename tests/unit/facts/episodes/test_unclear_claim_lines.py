"""Lines of claims that may be a course or a visit and do not say so."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import patient

from service.facts.case import Case
from service.facts.episodes.unclear_claim_lines import (
    elements_coded,
    unnamed_drugs,
    unplaced_visits,
)

FACTS = patient("asthma").knowledge.facts
COURSES, VISITS = FACTS["asthma.steroid_courses"], FACTS["asthma.serious_exacerbations"]
(COURSE,) = COURSES.built_from
VISIT = VISITS.built_from[0]
EXACERBATION = "asthma exacerbation"
Json = dict[str, Any]


def case(claim: Json, **given: object) -> Case:
    return patient("asthma", claims=[{"on": "30 days ago", **claim}], **given)


def drug(days: int | None = 5, reason: object = EXACERBATION, **more: object) -> Json:
    """A hand-over that does not name its drug."""
    found: Json = {"drug": "unlisted drug", "for": reason, **more}
    return found | ({"days": days} if days is not None else {})


@pytest.mark.parametrize(
    ("claim", "count"),
    [
        (drug(), 1),
        (drug(None), 1),
        (drug(21), 1),
        (drug(22), 0),
        (drug(reason="COPD"), 0),
        (drug(reason="lung cancer"), 0),
        (drug(reason=[]), 1),
        (drug(denied="yes"), 0),
        (drug(drug="prednisone"), 0),
    ],
    ids=[
        *("short", "no days", "as long as a course", "longer", "another disease", "of no list"),
        *("no reason", "denied", "named"),
    ],
)
def test_hand_over_that_names_no_drug_may_be_a_course(claim: Json, count: int) -> None:
    found = unnamed_drugs(case(claim), COURSES, COURSE)
    assert [(one.low, one.high) for one in found] == [(0, 1)] * count


def test_course_may_be_of_any_length_where_none_is_the_longest() -> None:
    assert unnamed_drugs(case(drug(90)), COURSES, replace(COURSE, longest=None))


def line(**more: object) -> Json:
    """A line of a doctor's claim that names no place."""
    return {"what": "not named", "type": "professional", "for": [EXACERBATION], **more}


@pytest.mark.parametrize(
    ("claim", "count"),
    [
        (line(), 1),
        (line(what="office visit"), 1),
        (line(place="place 23"), 0),
        (line(place="place 11"), 0),
        (line(**{"for": ["COPD"]}), 0),
        (line(**{"for": []}), 0),
        (line(status="cancelled"), 0),
        (line(type="pharmacy"), 0),
    ],
    ids=[
        "no place",
        "office visit",
        "emergency",
        "office",
        "another disease",
        "no reason",
        "cancelled",
        "pharmacy",
    ],
)
def test_line_without_a_place_may_be_a_visit_for_its_reason(claim: Json, count: int) -> None:
    found = unplaced_visits(case(claim), VISITS, VISIT)
    assert [(one.low, one.high) for one in found] == [(0, 1)] * count


def test_line_that_is_coded_in_a_set_is_told() -> None:
    placed = case(line(place="place 23"))
    (element,) = placed.record.resources["ExplanationOfBenefit"][0]["item"]
    assert element in elements_coded(placed, VISITS, ["encounter.emergency"])
    assert element not in elements_coded(placed, VISITS, ["encounter.inpatient"])
