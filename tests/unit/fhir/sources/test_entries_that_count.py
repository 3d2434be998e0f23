"""Which values of an element let a resource count as evidence."""

from dataclasses import replace
from typing import Any

import pytest

from service.fhir.sources.entries_that_count import Payment, Rule, Unless, contradicts, status_codes

Json = dict[str, Any]
STATUS = Rule(
    path=("status",),
    never=frozenset({"entered-in-error"}),
    only=frozenset({"active", "completed"}),
    missing_counts=False,
    past=frozenset({"stopped"}),
    aside=frozenset({"draft"}),
    others_ask=True,
    unsure=frozenset({"provisional"}),
)


def standing(rule: Rule, resource: Json) -> str:
    return rule.standing(resource, resource)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("active", "counts"),
        ("ACTIVE", "counts"),
        ("entered-in-error", "never"),
        ("draft", "unusable"),
        (["active", "entered-in-error"], "never"),
        ({"coding": [{"code": "completed"}]}, "counts"),
        ({"text": "Active"}, "counts"),
        ({}, "unusable"),
        (7, "unusable"),
    ],
)
def test_value_counts_never_counts_or_cannot_be_used(status: object, expected: str) -> None:
    assert standing(STATUS, {"status": status}) == expected


def test_missing_value_counts_only_where_the_rule_says_so() -> None:
    assert standing(STATUS, {}) == "unusable"
    assert standing(replace(STATUS, missing_counts=True), {}) == "counts"


def test_value_of_a_part_counts_together_with_that_of_the_whole() -> None:
    part: Json = {"status": "entered-in-error"}
    assert STATUS.standing({"status": "active"}, part) == "never"
    assert STATUS.standing({"status": "active"}, {}) == "counts"


@pytest.mark.parametrize(
    ("status", "unread"), [("strange", True), ("draft", False), ("active", False)]
)
def test_unknown_status_is_unread_and_one_set_aside_is_not(status: str, unread: bool) -> None:
    resource: Json = {"status": status}
    assert STATUS.is_unread(resource, resource) is unread


def test_past_and_unconfirmed_values_are_told_apart() -> None:
    stopped, provisional = ({"status": code} for code in ("stopped", "provisional"))
    assert (STATUS.is_past(stopped, stopped), STATUS.is_unsure(stopped, stopped)) == (True, False)
    assert (
        STATUS.is_past(provisional, provisional),
        STATUS.is_unsure(provisional, provisional),
    ) == (
        False,
        True,
    )


def coded(*codes: tuple[str, str]) -> Json:
    return {"coding": [{"system": system, "code": code} for system, code in codes]}


@pytest.mark.parametrize(
    ("concept", "expected"),
    [
        (coded(("s", "confirmed")), False),
        (coded(("s", "confirmed"), ("s", "confirmed")), False),
        (coded(("s", "confirmed"), ("s", "provisional")), True),
        (coded(("s", "confirmed"), ("t", "translation")), False),
        (coded(("s", "confirmed"), ("t", "refuted")), True),
        ({**coded(("s", "confirmed")), "text": "refuted"}, True),
    ],
)
def test_concept_contradicts_itself_by_codes_of_one_system_or_by_words(
    concept: Json,
    expected: bool,
) -> None:
    assert contradicts(concept, {"confirmed"}, {"refuted"}) is expected


PAYMENT = Payment(
    amounts=(("payment", "amount", "value"),),
    type=Rule(("payment", "type"), frozenset(), frozenset({"complete"}), missing_counts=False),
    listed=(),
    parts=("item",),
)


@pytest.mark.parametrize(
    ("claim", "paid"),
    [
        ({"payment": {"amount": {"value": 12.5}}}, True),
        ({"payment": {"amount": {"value": 0}}}, False),
        ({"payment": {"type": {"text": "complete"}}}, True),
        ({"payment": {"amount": {"value": "much"}}}, False),
        ({}, False),
    ],
)
def test_claim_is_paid_by_an_amount_above_nothing_or_by_its_type(claim: Json, paid: bool) -> None:
    assert PAYMENT.is_made(claim, claim) is paid


def test_payment_of_a_whole_claim_says_nothing_of_one_of_its_parts() -> None:
    one, other = {"item": 1}, {"item": 2}
    claim: Json = {"payment": {"amount": {"value": 5}}, "item": [one, other]}
    assert PAYMENT.is_made(claim, claim)
    assert not PAYMENT.is_made(claim, one)
    assert PAYMENT.is_made({**claim, "item": [one]}, one)


@pytest.mark.parametrize(
    ("reasons", "ignored"),
    [(["CO-45"], True), (["45"], True), (["CO-45", "CO-29"], False), ([], False)],
)
def test_value_is_ignored_if_all_codes_beside_it_are_listed(
    reasons: list[str],
    ignored: bool,
) -> None:
    unless = Unless(("reason",), frozenset({"45"}), frozenset({"co"}), PAYMENT)
    entry: Json = {"reason": [{"coding": [{"code": code}]} for code in reasons]}
    assert unless.says_of(entry) is ignored


def test_longest_group_before_a_code_is_left_out() -> None:
    unless = Unless(("reason",), frozenset({"45"}), frozenset({"c", "co", "co4", "coo"}), PAYMENT)
    for code in ("CO-45", "C45", "COO 45"):
        assert unless.says_of({"reason": [{"coding": [{"code": code}]}]}), code


def test_codes_of_a_value_are_given_as_written_and_in_lower_case() -> None:
    assert status_codes({"coding": [{"code": "Final"}], "text": "x"}) == {"Final", "final"}
    assert status_codes({"text": "On Hold"}) == {"On Hold", "OnHold", "on hold", "onhold"}
    assert status_codes(True) == {"true"}
    assert status_codes(None) == set()
