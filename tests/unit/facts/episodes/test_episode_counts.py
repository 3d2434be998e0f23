"""So many courses or visits in a window, or fewer than before the drug."""

import pytest
from support.fact_case import CLAIMS_HELD, Answer, patient, said, worded

from service.facts.episodes.episode_counts import episodes, fewer
from service.policy.amount import Span
from service.policy.operators import Episodes, Fewer

YEAR = Span(months=12)
COURSES = Episodes(of=("asthma.steroid_courses",), at_least=2, in_last=YEAR)
VISITS = Episodes(of=("asthma.serious_exacerbations",), at_least=1, in_last=YEAR)
Json = dict[str, object]


def course(on: str, days: int = 5, reason: str | None = "asthma exacerbation") -> Json:
    """A paid claim for prednisone."""
    entry: Json = {"drug": "prednisone", "days": days, "on": on}
    return entry if reason is None else {**entry, "for": reason}


def of_claims(*claims: Json, asked: Episodes = COURSES, **given: object) -> Answer:
    return worded(
        episodes(patient("asthma", claims=list(claims), **{**CLAIMS_HELD, **given}), asked)
    )


@pytest.mark.parametrize(
    ("on", "expected"), [("12 months ago", "met"), ("369 days ago", "not_met")]
)
def test_course_counts_when_it_lies_in_the_window(on: str, expected: str) -> None:
    assert said(of_claims(course("30 days ago"), course(on))) == expected


def test_one_course_too_few_says_how_many_there_are() -> None:
    finding = of_claims(course("30 days ago"))
    assert said(finding) == "not_met"
    assert finding.miss == "1 of 2 in 12 months"


@pytest.mark.parametrize(
    ("second", "expected"), [("28 days ago", "met"), ("29 days ago", "not_met")]
)
def test_fill_within_the_gap_after_the_last_covered_day_is_the_same_course(
    second: str, expected: str
) -> None:
    # 5 days from day -40 end on day -36; more than 7 days without supply end a course
    assert said(of_claims(course("40 days ago"), course(second))) == expected


@pytest.mark.parametrize(
    ("disease", "expected"), [("asthma", "met"), ("nasal polyps", "unknown attestation")]
)
def test_course_without_a_reason_counts_unless_another_disease_on_record_explains_it(
    disease: str, expected: str
) -> None:
    courses = course("30 days ago"), course("100 days ago", reason=None)
    assert said(of_claims(*courses, diagnoses=[{"is": disease}])) == expected


def test_course_for_a_reason_that_is_no_known_disease_is_a_question() -> None:
    other = course("100 days ago", reason="lung cancer")
    assert of_claims(course("30 days ago"), other).truth == "unknown"


def test_course_for_another_disease_does_not_count() -> None:
    other = course("100 days ago", reason="COPD")
    assert said(of_claims(course("30 days ago"), other)) == "not_met"


def test_course_longer_than_an_episode_is_for_the_reviewer() -> None:
    long = of_claims(course("30 days ago"), course("100 days ago", days=22))
    assert said(long) == "unknown review"
    assert said(of_claims(course("30 days ago"), course("100 days ago", days=21))) == "met"


def test_silence_is_no_episode_only_where_claims_are_held() -> None:
    assert said(of_claims()) == "not_met"
    assert of_claims(claims_held="no").truth == "unknown"
    assert of_claims(paged="claims").truth == "unknown"


def visit(on: str, kind: str = "emergency", reason: str = "asthma exacerbation") -> Json:
    return {"class": kind, "on": on, "for": reason}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (visit("30 days ago"), "met"),
        (visit("30 days ago", "inpatient"), "met"),
        (visit("30 days ago", "outpatient"), "not_met"),
        (visit("30 days ago", reason="COPD"), "not_met"),
        (visit("400 days ago"), "not_met"),
        ({**visit("30 days ago"), "status": "cancelled"}, "not_met"),
    ],
)
def test_visit_counts_for_its_class_its_reason_and_its_day(entry: Json, expected: str) -> None:
    assert said(of_claims(asked=VISITS, visits=[entry])) == expected


FEWER = Fewer(of=("asthma.steroid_courses",), per=YEAR, at_least_observed=Span(days=180))
DUPILUMAB: Json = {"drug": "dupilumab 300 mg syringe", "days": 400, "on": "300 days ago"}


def compared(*claims: Json, **given: object) -> Answer:
    case = patient("asthma", claims=[DUPILUMAB, *claims], **{**CLAIMS_HELD, **given})
    return worded(fewer(case, FEWER))


def test_fewer_courses_on_the_drug_than_before_it_is_met() -> None:
    before = [course("330 days ago"), course("400 days ago")]
    assert said(compared(*before, course("100 days ago"))) == "met"


def test_as_many_courses_on_the_drug_as_before_it_is_not_met() -> None:
    assert said(compared(course("330 days ago"), course("100 days ago"))) == "not_met"
    assert said(compared()) == "not_met"


def test_courses_that_the_chart_orders_for_it_leave_fewer_a_question() -> None:
    def ordered(*days: int, reason: str | None = "asthma exacerbation") -> str:
        order: Json = {"drug": "prednisone", **({"for": reason} if reason else {})}
        orders = [{**order, "on": f"{day} days ago"} for day in days]
        before = [course("330 days ago"), course("400 days ago")]
        return said(compared(*before, course("100 days ago"), orders=orders))

    assert ordered(50) == "unknown weak_evidence"
    assert ordered(103) == "met", "the order of the course that was counted"
    assert ordered(50, reason=None) == "met"


def test_courses_are_not_compared_before_the_drug_was_taken_long_enough() -> None:
    def since(on: str) -> Answer:
        late = {**DUPILUMAB, "on": on}
        case = patient("asthma", claims=[late, course("230 days ago")], **CLAIMS_HELD)
        return worded(fewer(case, FEWER))

    assert said(since("179 days ago")) == "met"
    early = since("178 days ago")
    assert said(early) == "unknown not_found"
    assert early.miss == "179 of 180 days since the first dose; earliest on 2026-11-21"
