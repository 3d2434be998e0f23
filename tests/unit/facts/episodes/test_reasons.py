"""Why something was done: by what its resource records, or by what it refers to."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import patient

from service.facts.case import Case
from service.facts.episodes.reasons import CourseReason, explained_by, reason_given, reasons_of
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange

FACTS = patient("asthma").knowledge.facts
VISIT = FACTS["asthma.serious_exacerbations"].built_from[0]
(COURSE,) = FACTS["asthma.steroid_courses"].built_from
EXACERBATION = "asthma exacerbation"
Json = dict[str, Any]


def emergency(**more: object) -> Case:
    visit = {"class": "emergency", "on": "100 days ago", **more}
    return patient("asthma", visits=[visit])


def hit_of(case: Case) -> Hit:
    return case.record.hits("encounter.emergency")[0]


def reason(case: Case) -> CourseReason:
    return reason_given(case, hit_of(case), VISIT)


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (EXACERBATION, CourseReason.FITS),
        (["COPD", EXACERBATION], CourseReason.FITS),
        ("asthma", CourseReason.IF_FIRST),
        (["lung cancer", "asthma"], CourseReason.UNCLEAR),
        (["wheezing", "asthma"], CourseReason.IF_FIRST),
        ("wheezing", CourseReason.UNCLEAR),
        ("COPD", CourseReason.OTHER),
        ("lung cancer", CourseReason.UNCLEAR),
        ([], CourseReason.NOT_RECORDED),
    ],
    ids=[
        *("exacerbation", "behind another", "the disease first", "the disease behind another"),
        *("a complaint before it", "a complaint alone", "another disease", "of no list", "none"),
    ],
)
def test_reason_fits_by_an_exacerbation_or_by_the_disease_if_it_comes_first(
    reasons: object, expected: CourseReason
) -> None:
    assert reason(emergency(**{"for": reasons})) is expected


def test_anything_fits_where_no_reason_is_asked_for() -> None:
    case = emergency()
    assert reason_given(case, hit_of(case), replace(VISIT, reasons=())) is CourseReason.FITS


@pytest.mark.parametrize(
    ("ranks", "expected"), [([1, 2], CourseReason.IF_FIRST), ([2, 1], CourseReason.UNCLEAR)]
)
def test_rank_of_a_diagnosis_tells_which_comes_first(
    ranks: list[int], expected: CourseReason
) -> None:
    case = emergency(**{"for": ["asthma", "lung cancer"], "ranked": ranks})
    assert reason(case) is expected


def at_visit(**diagnosis: object) -> Case:
    """An emergency visit without a reason of its own, and a diagnosis that was made at it."""
    visit = {"class": "emergency", "on": "100 days ago"}
    made = {"is": "asthma exacerbation", "at_visit": 1, "category": "encounter-diagnosis"}
    return patient("asthma", visits=[visit], diagnoses=[{**made, **diagnosis}])


def test_diagnosis_made_at_a_visit_is_its_reason() -> None:
    assert reason(at_visit()) is CourseReason.FITS
    assert reason(at_visit(verified="entered-in-error")) is CourseReason.NOT_RECORDED


def test_reasons_are_given_in_their_order() -> None:
    case = emergency(**{"for": ["COPD", EXACERBATION]})
    first, second = reasons_of(case, hit_of(case))
    names = [
        {entry.value_set for entry in case.record.entries_of_concept(reason.concept)}
        for reason in (first, second)
    ]
    assert "copd.condition" in names[0]
    assert "asthma.exacerbation" in names[1]


def line(line_for: int) -> CourseReason:
    """The reason of a claim's line that names one of the claim's two diagnoses."""
    claim = {
        "what": "not named",
        "on": "50 days ago",
        "type": "professional",
        "place": "place 23",
        "for": ["COPD", EXACERBATION],
        "line_for": line_for,
    }
    case = patient("asthma", claims=[claim])
    return reason_given(case, case.record.hits("encounter.emergency")[0], VISIT)


def test_line_of_a_claim_has_the_reason_that_it_names() -> None:
    assert line(1) is CourseReason.OTHER
    assert line(2) is CourseReason.FITS


def explained(reason_: CourseReason = CourseReason.NOT_RECORDED, *diagnoses: Json) -> str:
    """Which other disease may explain a course of 30 days ago."""
    case = patient("asthma", diagnoses=list(diagnoses))
    day = case.today - 30
    return explained_by(case, COURSE, DayRange(day, day), reason_)


def test_course_without_a_reason_may_be_for_another_disease_on_record() -> None:
    polyps: Json = {"is": "nasal polyps"}
    assert "polyp" in explained(CourseReason.NOT_RECORDED, polyps).lower()
    assert explained(CourseReason.FITS, polyps) == ""
    assert explained(CourseReason.NOT_RECORDED, {"is": "asthma"}) == ""
    assert explained(CourseReason.NOT_RECORDED, {**polyps, "verified": "refuted"}) == ""
