"""Visits for a reason: which count, which may count, and which are none."""

from typing import Any, NamedTuple

import pytest
from support.fact_case import ordinal, patient, shown

from service.facts.case import Case
from service.facts.episodes.visits import visits

FACT = patient("asthma").knowledge.facts["asthma.serious_exacerbations"]
MAKER, VENTILATION = FACT.built_from
EXACERBATION = "asthma exacerbation"
Json = dict[str, Any]


class Visit(NamedTuple):
    """Days before today of its first and last day, how many it is at least and most, why it is doubted."""

    first: int
    last: int
    low: int
    high: int
    doubt: str


SURE = Visit(100, 100, 1, 1, "imprecise")


def found(*given: Json, **more: object) -> list[Visit]:
    today = ordinal(0)
    case: Case = patient("asthma", visits=list(given), **more)
    return [
        Visit(today - one.first, today - one.last, one.low, one.high, str(one.doubt[0]))
        for one in visits(case, FACT, MAKER)
    ]


def emergency(reason: str | None = EXACERBATION, **more: object) -> Json:
    visit: Json = {"class": "emergency", "on": "100 days ago", **more}
    return visit | ({"for": reason} if reason else {})


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        (emergency(), [SURE]),
        (emergency(None), [Visit(100, 100, 0, 1, "attestation")]),
        (emergency("lung cancer"), [Visit(100, 100, 0, 1, "attestation")]),
        (emergency("COPD"), []),
        (emergency(status="planned"), []),
        (emergency(**{"class": "outpatient"}), []),
    ],
    ids=["for it", "no reason", "a reason of no list", "another disease", "planned", "office"],
)
def test_visit_of_the_class_counts_if_it_was_for_the_reason(
    visit: Json, expected: list[Visit]
) -> None:
    assert found(visit) == expected


def test_visit_lasts_until_its_last_day() -> None:
    assert found(emergency(to="98 days ago")) == [Visit(100, 98, 1, 1, "imprecise")]
    assert found(emergency(to="102 days ago"))[0].last == 100


def test_visit_that_another_code_calls_an_office_visit_is_for_the_reviewer() -> None:
    office = Visit(100, 100, 0, 1, "review")
    assert found(emergency(type="office visit")) == [office]
    case = patient("asthma", visits=[emergency(type="office visit")])
    (one,) = visits(case, FACT, MAKER)
    assert "another code of it says that it was none" in str(shown(one.shown).value)


LEAVES_OPEN = "another word or code of it leaves open what it was for"


def test_visit_for_the_disease_alone_counts_unless_something_else_of_it_is_not_read() -> None:
    assert found(emergency("asthma")) == [SURE]
    line = {"on": "50 days ago", "type": "professional", "place": "place 23", "for": ["asthma"]}
    assert found(claims=[{**line, "what": "office visit"}]) == [Visit(50, 50, 1, 1, "imprecise")]
    case = patient("asthma", claims=[{**line, "what": "nasal endoscopy"}])
    (one,) = visits(case, FACT, MAKER)
    assert (one.low, one.high) == (0, 1)
    assert LEAVES_OPEN in str(shown(one.shown).value)
    surely = found(claims=[{**line, "what": "nasal endoscopy", "for": [EXACERBATION]}])
    assert surely == [Visit(50, 50, 1, 1, "imprecise")]


def test_visit_of_no_stated_kind_is_asked_about_only_for_the_reason() -> None:
    unread: Json = {"class": None, "on": "100 days ago"}
    assert found({**unread, "for": EXACERBATION}) == [Visit(100, 100, 0, 1, "review")]
    assert found(unread) == []


def test_visit_without_a_day_may_be_in_any_window() -> None:
    (visit,) = found(emergency(on=None))
    assert (visit.low, visit.high) == (0, 1)


def test_line_of_a_claim_is_a_visit_by_its_place() -> None:
    line = {"what": "not named", "on": "50 days ago", "type": "professional"}
    placed = {**line, "place": "place 23", "for": [EXACERBATION]}
    assert found(claims=[placed]) == [Visit(50, 50, 1, 1, "imprecise")]
    assert found(claims=[{**line, "for": [EXACERBATION]}]) == [Visit(50, 50, 0, 1, "review")]
    assert found(claims=[{**line, "for": ["COPD"]}]) == []


def test_procedure_counts_without_a_kind_of_visit() -> None:
    done = {"what": "mechanical ventilation", "on": "100 days ago", "for": EXACERBATION}
    case = patient("asthma", procedures=[done])
    assert {(one.low, one.high) for one in visits(case, FACT, VENTILATION)} == {(1, 1)}
    assert visits(case, FACT, MAKER) == []
