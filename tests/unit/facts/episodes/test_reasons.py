"""Why something was done: by what its resource records, or by what it refers to."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import patient

from service.facts.case import Case
from service.facts.episodes.reasons import Why, explained_by, reasons_of, why
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


def reason(case: Case) -> Why:
    return why(case, hit_of(case), VISIT)


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (EXACERBATION, Why.FITS),
        (["COPD", EXACERBATION], Why.FITS),
        ("asthma", Why.FITS),
        (["lung cancer", "asthma"], Why.UNCLEAR),
        ("COPD", Why.OTHER),
        ("lung cancer", Why.UNCLEAR),
        ([], Why.NOT_RECORDED),
    ],
    ids=[
        *("exacerbation", "behind another", "the disease first", "the disease behind another"),
        *("another disease", "of no list", "none"),
    ],
)
def test_reason_fits_by_an_exacerbation_or_by_the_disease_if_it_comes_first(
    reasons: object, expected: Why
) -> None:
    assert reason(emergency(**{"for": reasons})) is expected


def test_anything_fits_where_no_reason_is_asked_for() -> None:
    case = emergency()
    assert why(case, hit_of(case), replace(VISIT, reasons=())) is Why.FITS


@pytest.mark.parametrize(("ranks", "expected"), [([1, 2], Why.FITS), ([2, 1], Why.UNCLEAR)])
def test_rank_of_a_diagnosis_tells_which_comes_first(ranks: list[int], expected: Why) -> None:
    case = emergency(**{"for": ["asthma", "lung cancer"], "ranked": ranks})
    assert reason(case) is expected


def at_visit(**diagnosis: object) -> Case:
    """An emergency visit without a reason of its own, and a diagnosis that was made at it."""
    visit = {"class": "emergency", "on": "100 days ago"}
    made = {"is": "asthma exacerbation", "at_visit": 1, "category": "encounter-diagnosis"}
    return patient("asthma", visits=[visit], diagnoses=[{**made, **diagnosis}])


def test_diagnosis_made_at_a_visit_is_its_reason() -> None:
    assert reason(at_visit()) is Why.FITS
    assert reason(at_visit(verified="entered-in-error")) is Why.NOT_RECORDED


def test_reasons_are_given_in_their_order() -> None:
    case = emergency(**{"for": ["COPD", EXACERBATION]})
    first, second = reasons_of(case, hit_of(case))
    names = [
        {entry.value_set for entry in case.record.entries_of_concept(concept)}
        for concept in (first, second)
    ]
    assert "copd.condition" in names[0]
    assert "asthma.exacerbation" in names[1]


def line(line_for: int) -> Why:
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
    return why(case, case.record.hits("encounter.emergency")[0], VISIT)


def test_line_of_a_claim_has_the_reason_that_it_names() -> None:
    assert line(1) is Why.OTHER
    assert line(2) is Why.FITS


def explained(reason_: Why = Why.NOT_RECORDED, *diagnoses: Json) -> str:
    """Which other disease may explain a course of 30 days ago."""
    case = patient("asthma", diagnoses=list(diagnoses))
    day = case.today - 30
    return explained_by(case, COURSE, DayRange(day, day), reason_)


def test_course_without_a_reason_may_be_for_another_disease_on_record() -> None:
    polyps: Json = {"is": "nasal polyps"}
    assert "polyp" in explained(Why.NOT_RECORDED, polyps).lower()
    assert explained(Why.FITS, polyps) == ""
    assert explained(Why.NOT_RECORDED, {"is": "asthma"}) == ""
    assert explained(Why.NOT_RECORDED, {**polyps, "verified": "refuted"}) == ""
