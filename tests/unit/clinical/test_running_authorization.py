"""The approval of this payer that runs today: until when, and under which number."""

from typing import Any

import pytest
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order, case_of
from service.clinical.offer import Authorization
from service.clinical.running_authorization import running_authorization

PERIOD = {"start": "2026-08-01", "end": "2027-02-01"}


def running(*periods: Json, approval: Json | None = None, **more: Any) -> str | None:
    """The last day of the approval that runs today."""
    found = authorization(*periods, approval=approval, **more)
    return found.until.isoformat() if found else None


def authorization(
    *periods: Json, approval: Json | None = None, **more: Any
) -> Authorization | None:
    """With an approval for each of these periods; `more` is changed in the resources."""
    raw = {"by": "BCBSMS", "on": "100 days ago", "number": "PA-9", **(approval or {})}
    body = body_of({"approvals": [raw] * len(periods)})
    entries = body["prefetch"]["authorizations"].get("entry", [])
    for entry, period in zip(entries, periods, strict=True):
        entry["resource"] |= {"preAuthPeriod": period, **more}
    visit = visit_of(body)
    question = question_in(visit)
    return running_authorization(case_of(visit, question, assess_order(visit, question)))


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
