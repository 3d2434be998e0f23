"""An earlier approval of the drug by this payer."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import patient, patient_with, said, worded
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.facts.case import Case
from service.facts.order.approval import (
    RunningAuthorization,
    approved_before,
    earlier_decision,
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


ENDED = {"start": "2026-09-01", "end": "2026-09-30"}


def decided(code: str, number: str | None, on: str, **more: Any) -> Json:
    """A decision by Da Vinci PAS, on a line of the drug."""
    drug = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876401"}
    pas = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
    coded = {"coding": [{"system": "https://codesystem.x12.org/005010/306", "code": code}]}
    action: list[Json] = [
        {"url": f"{pas}/extension-reviewActionCode", "valueCodeableConcept": coded},
        *([{"url": "number", "valueString": number}] if number else []),
    ]
    reviewed = [{"extension": [{"url": f"{pas}/extension-reviewAction", "extension": action}]}]
    line = {"productOrService": {"coding": [drug]}, "adjudication": reviewed}
    return {
        "resourceType": "ClaimResponse",
        "status": "active",
        "use": "preauthorization",
        "id": f"{code}-{on}",
        "outcome": "complete",
        "patient": {"reference": "Patient/p1"},
        "created": on,
        "addItem": [line],
        **more,
    }


def numbered_and_said(*resources: Json) -> tuple[str | None, str | None]:
    """The number of what runs, and what the last decision says."""
    case = replace(patient_with("authorizations", *resources), is_payer=lambda _: True)
    found = running_authorization(case)
    last = earlier_decision(case, found)
    return found.number if found else None, last.says if last else None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (decided("A3", "PA-1", "2026-09-01"), (None, "refused")),
        (decided("A3", "PA-2", "2026-09-01"), ("PA-1", "refused")),
        (decided("A6", "PA-1", "2026-09-01"), (None, "open")),
        (decided("C", None, "2026-09-01"), (None, "withdrawn")),
        (decided("C", None, "2026-03-01"), ("PA-1", None)),
        (decided("C", " PA-1 ", "2026-09-01"), (None, "withdrawn")),
        (decided("C", "PA-2", "2026-09-01"), ("PA-1", "withdrawn")),
        (decided("A4", "PA-1", "2026-06-01"), ("PA-1", None)),
        (decided("A1", "PA-1", "2026-09-01", preAuthPeriod=ENDED), (None, "approved")),
    ],
)
def test_approval_that_a_later_decision_changes_does_not_run(
    other: Json, expected: tuple[str | None, str | None]
) -> None:
    approval = decided("A1", "PA-1", "2026-06-01", preAuthPeriod={**PERIOD, "start": "2026-06-01"})
    for decisions in ((approval, other), (other, approval)):
        assert numbered_and_said(*decisions) == expected


def test_approval_that_another_decision_without_a_product_changes_is_open() -> None:
    approval = decided("A1", "PA-1", "2026-06-01", preAuthPeriod={**PERIOD, "start": "2026-06-01"})
    refused = {**decided("A3", None, "2026-09-01", preAuthRef="PA-1"), "addItem": []}
    assert numbered_and_said(approval, refused) == (None, "open")
