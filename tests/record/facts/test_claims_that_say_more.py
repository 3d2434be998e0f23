"""Claims that say in codes or words that they were not paid, are not decided, or take another back."""

from typing import Any

import pytest
from support.claims import ADALIMUMAB, METFORMIN, NO_OTHER, TRIAL, claim, concept, dispense, twin
from support.claims import truth as truth_of

DAY = "2026-08-05"
BENEFIT = {"category": concept({"code": "benefit"}), "amount": {"value": 40}}
PAID = {"type": concept({"code": "paid"})}


def found(**more: Any) -> str | None:
    return truth_of(twin([claim("a", DAY, 28, **more)]), TRIAL)


def reason(code: str, category: str = "denialreason") -> dict[str, Any]:
    why = concept({"system": "https://x12.org/codes/claim-adjustment-reason-codes", "code": code})
    return {"category": concept({"code": category}), "reason": why}


@pytest.mark.parametrize("category", ["denialreason", "rejectreason"])
@pytest.mark.parametrize("code", ["1", "2", "3", "45", "131", "253", "CO45", "PR-2", "OA 23"])
def test_a_reason_why_less_was_paid_is_no_denial(code: str, category: str) -> None:
    line = [reason(code, category)]
    assert found(item={"adjudication": line}) == "met"
    assert found(item={"adjudication": [*line, BENEFIT]}, payment=PAID) == "met"
    other = [claim("h", "2026-11-10", 28, ADALIMUMAB, item={"adjudication": line}, payment=PAID)]
    assert truth_of(twin(other), NO_OTHER) == "not_met"


@pytest.mark.parametrize("code", ["197", "96", "50", "29", "CO197"])
def test_unknown_reason_is_a_denial_and_a_question_when_something_was_paid(code: str) -> None:
    line = [reason(code)]
    assert found(item={"adjudication": line}) == "not_met"
    assert found(adjudication=line) == "not_met"
    assert found(item={"adjudication": [*line, BENEFIT]}) == "unknown"
    assert found(item={"adjudication": line}, payment=PAID) == "unknown"
    assert found(item={"adjudication": line}, payment={"amount": {"value": 12}}) == "unknown"
    assert found(item={"adjudication": line}, payment={"amount": {"value": 0}}) == "not_met"
    assert found(item={"adjudication": [*line, reason("45")]}) == "not_met"


def test_a_denied_line_of_a_claim_that_was_paid_is_denied() -> None:
    one = claim("a", DAY, 28, payment=PAID, item={"adjudication": [reason("197")]})
    one["item"].append({"sequence": 2, "productOrService": concept(METFORMIN)})
    assert truth_of(twin([one]), TRIAL) == "not_met"


NOT_PAID = [
    "Non-covered service",
    "Noncovered",
    "Not reimbursable",
    "Adjusted to zero",
    "Returned to stock",
]
OPEN = [
    "Pended",
    "Pending",
    "In process",
    "Refill too soon",
    "Prior authorization required",
    "Duplicate claim",
    "Invalid",
    "Ineligible",
    "Recouped",
    "Refund",
    "Plan limits exceeded",
    "Missing information",
    "Not yet adjudicated",
    "Product not on formulary",
]
FINE = [
    "Paid - no denial",
    "Paid, no errors",
    "Processed as primary",
    "Patient responsibility applied",
    "Payment complete",
    "Paid; generic substitution not allowed",
    "Deductible not met",
    "Claim 1 of 1 paid as submitted",
]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        *((one, "not_met") for one in NOT_PAID),
        *((one, "unknown") for one in OPEN),
        *((one, "met") for one in FINE),
    ],
)
def test_outcome_of_a_claim_in_words_is_read(said: str, expected: str) -> None:
    assert found(disposition=said) == expected
    assert found(payment={"type": {"text": said}}) == expected
    line = [{"category": concept({"code": "benefit"}), "reason": {"text": said}}]
    assert found(item={"adjudication": line}) == expected


PHARMACY = concept({"code": "pharmacy"})
BACK: list[dict[str, Any]] = [
    {"type": PHARMACY | {"text": "Reversal"}},
    {"subType": {"text": "Void"}},
    {"payment": {"type": {"text": "Reversal"}}},
    {"disposition": "Reversal"},
    {"disposition": "Claim reversal - patient did not pick up"},
    {"total": [BENEFIT | {"amount": {"value": -40}}], "item": {"adjudication": [BENEFIT]}},
]


@pytest.mark.parametrize("more", BACK)
def test_equal_claim_called_a_reversal_leaves_both_unknown(more: dict[str, Any]) -> None:
    two = [claim("a", DAY, 28), claim("b", DAY, 28, **more)]
    assert truth_of(twin(two), TRIAL) == "unknown"
    assert truth_of(twin(two[::-1]), TRIAL) == "unknown"
    apart = [claim("a", "2026-06-01", 28), claim("b", DAY, 28, **more)]
    assert truth_of(twin(apart), TRIAL) == "met"


def test_a_reversal_may_be_said_among_other_information() -> None:
    one = claim("b", DAY, 28)
    one["supportingInfo"].append({"sequence": 9, "code": {"text": "B2 reversal"}})
    assert truth_of(twin([claim("a", DAY, 28), one]), TRIAL) == "unknown"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-07", "not_met"),
        ("2026-09-04", "not_met"),
        ("2026-09-03", "unknown"),
        ("2026-08-28", "unknown"),
        ("2026-08-20", "met"),
    ],
)
def test_a_fill_may_be_claimed_some_days_later(day: str, expected: str) -> None:
    paid, handed = [claim("c", "2026-09-07", 14)], [dispense("d", day, 14)]
    assert truth_of(twin(paid, handed), TRIAL) == expected


def test_sample_package_is_no_supply() -> None:
    handed = dispense("d", DAY, 28)
    assert truth_of(twin([], [handed]), TRIAL) == "met"
    assert truth_of(twin([], [handed | {"type": {"text": "Sample pack"}}]), TRIAL) != "met"
