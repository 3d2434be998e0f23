"""An earlier approval of the drug by this payer."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import patient, said, worded
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.facts.case import Case
from service.facts.order.approval import (
    RunningAuthorization,
    approved_before,
    running_authorization,
)
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


PERIOD = {"start": "2026-08-01", "end": "2027-02-01"}


def running(*periods: Json, approval: Json | None = None, **more: Any) -> str | None:
    """The last day of the approval that runs today."""
    found = authorization(*periods, approval=approval, **more)
    return found.until.isoformat() if found else None


def authorization(
    *periods: Json, approval: Json | None = None, **more: Any
) -> RunningAuthorization | None:
    """With an approval for each of these periods; `more` is changed in the resources."""
    raw = {"by": "BCBSMS", "on": "100 days ago", "number": "PA-9", **(approval or {})}
    body = body_of({"approvals": [raw] * len(periods)})
    entries = body["prefetch"]["authorizations"].get("entry", [])
    for entry, period in zip(entries, periods, strict=True):
        entry["resource"] |= {"preAuthPeriod": period, **more}
    visit = visit_of(body)
    question = question_in(visit)
    return running_authorization(assess_order(visit, question).case)


@pytest.mark.parametrize(
    ("start", "end", "runs"),
    [
        ("2026-11-20", "2026-11-20", True),
        ("2026-08-01", "2026-11-19", False),
        ("2026-11-21", "2027-02-01", False),
        ("2026-08-01", "2027-02", False),
        ("2026", "2027-02-01", False),
    ],
)
def test_approval_runs_from_its_first_to_its_exact_last_day(
    start: str, end: str, runs: bool
) -> None:
    assert (running({"start": start, "end": end}) is not None) is runs


def test_of_several_approvals_the_one_that_ends_last_is_told() -> None:
    later = {**PERIOD, "end": "2027-05-01"}
    assert running(PERIOD, later) == running(later, PERIOD) == "2027-05-01"


@pytest.mark.parametrize(
    "approval", [{"by": "Aetna"}, {"denied": "yes"}, {"status": "cancelled"}, {"patient": "p2"}]
)
def test_decision_that_approves_nothing_for_this_order_does_not_run(approval: Json) -> None:
    assert running(PERIOD) == "2027-02-01"
    assert running(PERIOD, approval=approval) is None


def test_approval_without_a_number_has_none() -> None:
    found = authorization(PERIOD, approval={"number": None})
    assert found is None or found.number is None
    with_number = authorization(PERIOD)
    assert with_number is not None
    assert with_number.number == "PA-9"
