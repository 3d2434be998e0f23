"""The authorization that runs today, and what this payer decided last."""

from dataclasses import replace
from typing import Any

import pytest
from support.fact_case import patient_with
from support.payer_decisions import OTHER, PAS, decided, decision, line
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.facts.authorizations.authorization_in_force import (
    RunningAuthorization,
    earlier_decision,
    running_authorization,
)

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


NEXT = {"start": "2027-02-02", "end": "2028-02-01"}


def test_approvals_that_follow_without_a_gap_are_the_renewal() -> None:
    def renewed(*periods: Json) -> str | None:
        found = authorization(PERIOD, *periods)
        assert found is not None
        assert found.until.isoformat() == "2027-02-01"
        return found.renewed_until.isoformat() if found.renewed_until else None

    assert renewed() is None
    assert renewed(NEXT) == "2028-02-01"
    assert renewed({**NEXT, "start": "2027-02-03"}) is None
    assert renewed({"start": "2028-02-02", "end": "2028-06-01"}, NEXT) == "2028-06-01"


@pytest.mark.parametrize("number", ["PA-1", "PA-2"])
def test_approval_that_begins_later_is_the_last_decision_and_ends_no_other(number: str) -> None:
    now = decided("A1", "PA-1", "2026-06-01", preAuthPeriod=PERIOD)
    ahead = decided("A1", number, "2026-11-19", preAuthPeriod=NEXT)
    case = replace(patient_with("authorizations", now, ahead), is_payer=lambda _: True)
    found = running_authorization(case)
    assert found is not None
    assert (found.until.isoformat(), found.number) == ("2027-02-01", "PA-1")
    last = earlier_decision(case, found)
    assert last is not None
    assert (last.says, last.number) == ("approved", number)
    assert [day.isoformat() if day else None for day in (last.begins, last.until)] == [
        "2027-02-02",
        "2028-02-01",
    ]


@pytest.mark.parametrize(
    ("period", "begins"),
    [
        ({"start": "2026-11-21"}, "2026-11-21"),
        ({"start": "2026-11-20", "end": "2027-11-19"}, None),
        ({"end": "2027-11-19"}, None),
    ],
)
def test_last_decision_says_when_it_begins_if_that_is_later(
    period: Json, begins: str | None
) -> None:
    made = decided("A1", "PA-1", "2026-11-19", preAuthPeriod=period)
    case = replace(patient_with("authorizations", made), is_payer=lambda _: True)
    last = earlier_decision(case, None)
    assert last is not None
    assert (last.begins.isoformat() if last.begins else None) == begins


ENDED = {"start": "2026-09-01", "end": "2026-09-30"}


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
        (decided("A3", "PA-1", "2026-06-01"), (None, "open")),
        (decided("A3", "PA-2", "2026-06-01"), ("PA-1", None)),
        (decided("X9", "PA-1", "2026-06-01"), (None, "open")),
        (decided("X9", "PA-1", "2026-05-31"), ("PA-1", None)),
        (decided("X9", "PA-1", "2026-09-01"), (None, "open")),
        (decided("X9", "PA-2", "2026-09-01"), ("PA-1", "open")),
        (decided("X9", None, "2026-09-01"), (None, "open")),
        (decided("A3", "PA-1", "2026-09-01", status="unheard"), (None, "open")),
        (decided("A3", "PA-1", "2026-05-31", status="unheard"), ("PA-1", None)),
        (decided("A3", "PA-1", "2026-09-01", outcome="unheard"), (None, "open")),
        (decided("A3", "PA-1", "2026-09-01", outcome="queued"), ("PA-1", None)),
        (decided("A3", "PA-1", "2026-09-01", status="entered-in-error"), ("PA-1", None)),
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


def test_what_a_code_means_is_not_told_of_a_decision_that_is_contradicted() -> None:
    approval, refusal = (decided(code, "PA-1", "2026-06-01") for code in ("A1", "A3"))
    case = replace(patient_with("authorizations", refusal), is_payer=lambda _: True)
    alone = earlier_decision(case, None)
    assert alone is not None
    assert (alone.says, alone.called) == ("refused", "Not Certified")
    case = replace(patient_with("authorizations", refusal, approval), is_payer=lambda _: True)
    both = earlier_decision(case, None)
    assert both is not None
    assert (both.says, both.called) == ("open", None)


def test_number_and_last_day_may_stand_in_the_detail_of_the_drug() -> None:
    valid = {"url": f"{PAS}/extension-itemPreAuthPeriod", "valuePeriod": PERIOD}
    other = {**valid, "valuePeriod": {**PERIOD, "end": "2027-06-30"}}
    own = line("A1", number="PA-1", extension=[valid])
    beside = line("A1", OTHER, number="PA-2", extension=[other])
    kit = decision(line(product=OTHER, detail=[own, beside]))
    case = replace(patient_with("authorizations", kit), is_payer=lambda _: True)
    found = running_authorization(case)
    assert found is not None
    assert (found.number, found.until.isoformat()) == ("PA-1", PERIOD["end"])
