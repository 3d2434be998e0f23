"""An earlier approval of the drug by this payer."""

import pytest
from support.fact_case import patient, said, worded

from service.facts.case import Case
from service.facts.order.approval import approved_before
from service.policy.operators import ApprovedBefore

ASKED = ApprovedBefore()


def case_with(*approvals: dict[str, object], payer: bool | None = True, **given: object) -> Case:
    """A case whose decisions are this payer's, another's, or of nobody who can be read."""
    case = patient(approvals=list(approvals), **given)
    case.is_payer = lambda _: payer
    return case


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
    assert finding.miss == "an authorization on file does not clearly approve this drug"


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
