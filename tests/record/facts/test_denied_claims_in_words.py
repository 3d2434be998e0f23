"""A claim that says in words that it was not paid: surely none, or a question where it says more."""

from typing import Any

import pytest
from support.claims import TRIAL, Json, claim, concept, truth, twin

DAY = "2026-08-05"


def found(**more: Any) -> str | None:
    return truth(twin([claim("a", DAY, 28, **more)]), TRIAL)


def by_reason(reason: object) -> str | None:
    line = [{"category": concept({"code": "benefit"}), "reason": reason}]
    return found(item={"adjudication": line})


SURELY = [
    "Claim denied",
    "REVERSED.",
    "Denied - prior authorization required",
    "This claim was rejected.",
    "Payment has been refused",
    "Cancelled by pharmacy",
    "VOID",
    "Not covered (plan exclusion)",
    "Denied: not medically necessary",
    "Not paid.",
]
PERHAPS = [
    "Partially denied",
    "Denied, then paid on appeal",
    "Denial overturned",
    "1 of 2 lines rejected",
    "Reversal of 2026-01-01",
    "Was not denied",
]
PAID = [
    "Paid",
    "Claim settled as per contract.",
    "Adjudicated",
    "Debit accepted",
]


@pytest.mark.parametrize("said", SURELY)
def test_a_denial_in_words_is_no_fill(said: str) -> None:
    assert found(disposition=said) == "not_met"
    assert found(payment={"type": {"text": said}}) == "not_met"
    assert by_reason({"text": said}) == "not_met"
    assert found(payment={"type": concept({"system": "urn:x", "code": "7", "display": said})}) == (
        "not_met"
    )


@pytest.mark.parametrize("said", PERHAPS)
def test_denial_with_further_words_is_a_question(said: str) -> None:
    assert found(disposition=said) == "unknown"
    assert found(payment={"type": {"text": said}}) == "unknown"
    assert by_reason({"text": said}) == "unknown"


@pytest.mark.parametrize("said", PAID)
def test_words_that_speak_of_no_denial_change_nothing(said: str) -> None:
    assert found(disposition=said) == "met"
    assert found(payment={"type": {"text": said}}) == "met"
    assert by_reason({"text": said}) == "met"


@pytest.mark.parametrize("code", ["rejected", "cancelled", "Refused", "claim-denied", "REVERSED"])
def test_a_code_is_read_as_the_word_that_it_is(code: str) -> None:
    assert found(payment={"type": concept({"code": code})}) == "not_met"
    assert by_reason(concept({"system": "urn:x", "code": code})) == "not_met"


def test_a_code_and_a_name_that_contradict_each_other_are_a_question() -> None:
    for code, name in (("paid", "Denied"), ("complete", "Rejected")):
        both = concept({"code": code, "display": name})
        assert found(payment={"type": both}) == "unknown"
    assert found(payment={"type": {**concept({"code": "paid"}), "text": "Paid claim"}}) == "met"


@pytest.mark.parametrize("odd", [3, True, [], {}, [None, 4], {"coding": "denied?"}, "x" * 9000])
def test_malformed_denial_is_no_error(odd: object) -> None:
    assert found(disposition=odd) == "met"
    assert found(payment={"type": odd}) in ("met", "unknown")


def test_a_denial_reason_is_one_however_it_is_spelled() -> None:
    line: list[Json] = [{"category": {"text": "Denial Reason"}, "reason": {"text": "197"}}]
    assert found(item={"adjudication": line}) == "not_met"
    line = [{"category": {"text": "Denied"}, "amount": {"value": 0}}]
    assert found(item={"adjudication": line}) == "met"


def test_a_refused_line_leaves_the_one_beside_it() -> None:
    one = claim("a", DAY, 28)
    refused = {**one["item"][0], "sequence": 2, "productOrService": concept({"code": "x"})}
    refused["adjudication"] = [{"reason": {"text": "Rejected - refill too soon"}}]
    one["item"].append(refused)
    assert truth(twin([one]), TRIAL) == "met"
