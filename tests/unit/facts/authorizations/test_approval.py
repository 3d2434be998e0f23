"""An earlier approval of the drug by this payer."""

from dataclasses import replace

import pytest
from support.fact_case import patient, patient_with, said, worded
from support.payer_decisions import Json, decided

from service.facts.authorizations.approval import approved_before
from service.facts.case import Case
from service.policy.operators import ApprovedBefore

ASKED = ApprovedBefore()


def case_with(*approvals: dict[str, object], payer: bool | None = True, **given: object) -> Case:
    """A case whose decisions are this payer's, another's, or of nobody who can be read."""
    return replace(patient(approvals=list(approvals), **given), is_payer=lambda _: payer)


def test_clear_approval_of_this_payer_is_met() -> None:
    finding = worded(approved_before(case_with({}), ASKED))
    assert said(finding) == "met"
    assert finding.evidence[0].value == "authorization: dupilumab"


@pytest.mark.parametrize(
    ("entry", "payer"),
    [({"denied": "yes"}, True), ({}, False)],
    ids=["denied", "another payer's"],
)
def test_denied_decision_or_one_of_another_payer_does_not_count(
    entry: dict[str, object], payer: bool
) -> None:
    held = case_with(entry, payer=payer, authorizations_held="yes")
    finding = worded(approved_before(held, ASKED))
    assert said(finding) == "not_met"
    assert finding.miss == "no earlier approval by this payer on file"


def test_decision_of_an_unreadable_payer_is_for_the_reviewer() -> None:
    finding = worded(approved_before(case_with({}, payer=None), ASKED))
    assert said(finding) == "unknown review"
    assert finding.miss == "an authorization on file does not clearly say which payer gave it"


def test_approval_of_another_drug_does_not_count() -> None:
    case = case_with({"drug": "methotrexate"}, authorizations_held="yes")
    assert said(approved_before(case, ASKED)) == "not_met"


def test_no_approval_is_known_only_where_authorizations_are_held() -> None:
    assert said(approved_before(case_with(authorizations_held="yes"), ASKED)) == "not_met"
    assert said(approved_before(case_with(), ASKED)) == "unknown not_held"


@pytest.mark.parametrize(("held", "expected"), [("465", "not_met"), ("464", "unknown not_held")])
def test_authorizations_must_be_held_since_a_year_before_the_first_dose(
    held: str, expected: str
) -> None:
    dose = {"drug": "dupilumab 300 mg syringe", "days": 28, "on": "100 days ago"}
    case = case_with(claims=[dose], authorizations_held=f"{held} days ago")
    assert said(approved_before(case, ASKED)) == expected


def approved(*resources: Json, payer: bool | None = True) -> tuple[str, str | None, list[str]]:
    """The finding of decisions, why it is not met, and what is shown."""
    case = replace(patient_with("authorizations", *resources), is_payer=lambda _: payer)
    finding = worded(approved_before(case, ASKED))
    return said(finding), finding.miss, [one.value for one in finding.evidence]


@pytest.mark.parametrize("on", ["2026-06-15", "2026-06-16", "2026-06"])
@pytest.mark.parametrize("code", ["A3", "X9"])
def test_approval_that_a_decision_on_it_contradicts_is_for_the_reviewer(code: str, on: str) -> None:
    approval, other = decided("A1", "PA-1", "2026-06-15"), decided(code, "PA-1", on)
    expected = (
        "unknown review",
        "decisions on the same authorization contradict each other",
        [
            "authorization: dupilumab",
            "a decision on the same authorization that contradicts it or is not understood",
        ],
    )
    assert approved(approval, other) == expected
    assert approved(other, approval)[0] == "unknown review"
    assert approved(approval, decided(code, "PA-2", on))[0] == "met"
    assert approved(approval, decided(code, "PA-1", "2026-06-14"))[0] == "met"
    # another approval that nothing contradicts is enough
    assert approved(approval, other, decided("A1", "PA-3", "2026-01-01"))[0] == "met"


def test_later_decision_that_leaves_all_open_does_not_undo_an_approval() -> None:
    approval = decided("A1", "PA-1", "2026-06-15")
    for code in ("A1", "A4", "A6"):
        assert approved(approval, decided(code, "PA-1", "2026-06-16"))[0] == "met"


def test_reason_that_is_told_is_the_one_that_decisions_give() -> None:
    approval, pended = decided("A1", "PA-1", "2026-06-15"), decided("A4", "PA-1", "2026-06-16")
    unclear = "an authorization on file does not clearly approve this drug"
    assert approved(pended)[1] == unclear
    assert approved(pended, payer=None)[1] == unclear
    assert approved(decided("A1", "PA-1", "2026-06-15", status="unheard"))[1] == unclear
    whose = "an authorization on file does not clearly say which payer gave it"
    assert approved(approval, payer=None)[1] == whose
    assert approved(approval, pended, payer=None)[1] == unclear
