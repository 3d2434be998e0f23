"""Entries of which nobody can tell the drug."""

from support.fact_case import in_words as said_of
from support.fact_case import patient, said, worded

from service.facts.supply.unread_entries import (
    any_unread,
    noting_unread,
    perhaps_treated,
    unmapped_fills,
    unread_fills,
    unread_in_words,
)
from service.policy.finding import not_met
from service.policy.truth import Way

ODD = {"drug": "unlisted drug", "days": 30, "on": "10 days ago"}
SET = ("dupilumab",)


def test_claim_under_an_unknown_code_may_be_the_drug() -> None:
    case = patient(claims=[ODD])
    (found,) = unread_fills(case, SET)
    assert found.question
    assert any_unread(case, case.knowledge.of_kind("supply").sources)


def test_claim_under_a_known_code_is_never_unread() -> None:
    case = patient(claims=[{**ODD, "drug": "methotrexate"}])
    assert unread_fills(case, SET) == []
    assert not any_unread(case, case.knowledge.of_kind("supply").sources)


def test_unread_claim_counts_as_a_treatment_for_a_year_after_its_last_day() -> None:
    assert len(perhaps_treated(patient(claims=[ODD]), SET)) == 1
    assert perhaps_treated(patient(claims=[{**ODD, "on": "900 days ago"}]), SET) == []


def test_finding_left_open_by_unread_entries_shows_and_counts_them() -> None:
    case = patient(claims=[ODD])
    with noting_unread(case) as notes:
        finding = worded(unmapped_fills(case, unread_fills(case, SET), not_met()))
    assert said(finding) == "unknown unmapped"
    assert (finding.way, finding.miss) == (Way.DATA, "1 entry could not be read")
    assert [said_of(unread_in_words(one)) for one in notes.by_element.values()] == [
        "ExplanationOfBenefit/claims-1: D1"
    ]


def test_several_unread_entries_are_counted() -> None:
    case = patient(claims=[ODD, {**ODD, "on": "20 days ago"}])
    finding = worded(unmapped_fills(case, unread_fills(case, SET), not_met()))
    assert finding.miss == "2 entries could not be read"
