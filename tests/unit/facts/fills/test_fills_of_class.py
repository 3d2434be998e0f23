"""Fills: which hand-overs count, each once, and how long they last."""

import pytest
from support.fact_case import in_words, patient

from service.facts.case import Case
from service.facts.fills.fill import FoundFill
from service.facts.fills.fills_of_class import (
    days_supply,
    fill_in_words,
    fills_as_evidence,
    fills_of,
    find_fills,
    is_sample,
    not_taken_back,
    was_given,
)

SET = "ad.tcs_medium_or_higher"
Json = dict[str, object]


def cream(on: str = "30 days ago", days: int | None = 30, **more: object) -> Json:
    entry: Json = {"drug": "triamcinolone cream", "on": on, **more}
    return entry if days is None else {**entry, "days": days}


def fills(case: Case) -> list[FoundFill]:
    return find_fills(case, case.record.hits(SET), (SET,))


def test_claim_is_a_fill_with_its_day_and_days_supply() -> None:
    (found,) = fills(patient(claims=[cream()]))
    assert (found.kind, found.fill.days, found.fill.ingredient) == ("claim", 30, "triamcinolone")
    assert not found.question
    assert found.fill.start.exact


@pytest.mark.parametrize(
    "entry",
    [
        cream(denied="yes"),
        cream(status="cancelled"),
        cream(status="entered-in-error"),
        cream(use="preauthorization"),
    ],
    ids=["denied", "cancelled", "entered in error", "a request for approval"],
)
def test_claim_that_was_not_paid_is_no_fill(entry: Json) -> None:
    assert fills(patient(claims=[entry])) == []


def test_sample_is_no_fill() -> None:
    case = patient(dispenses=[cream(sample="yes")])
    assert fills(case) == []
    assert is_sample(case, case.record.hits(SET)[0])
    paid = patient(claims=[cream()])
    assert not is_sample(paid, paid.record.hits(SET)[0])


def test_ingredient_alone_is_a_question() -> None:
    (found,) = fills(patient(claims=[cream(drug="triamcinolone, ingredient only")]))
    assert found.question


@pytest.mark.parametrize(
    ("days", "expected"), [(30, 30), (None, None), (0, None), (-30, None), (100000, None)]
)
def test_days_supply_is_a_plausible_number_or_not_known(
    days: int | None, expected: int | None
) -> None:
    case = patient(claims=[cream(days=days)])
    assert days_supply(case, case.record.hits(SET)[0]) == expected


def test_hits_that_count_are_left_without_those_that_a_payer_denied() -> None:
    case = patient(claims=[cream(), cream("60 days ago", denied="yes")])
    left = not_taken_back(case, case.record.hits(SET), (SET,))
    assert [one.reference for one in left] == ["ExplanationOfBenefit/claims-1"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"claims": [cream("200 days ago")]}, True),
        ({"dispenses": [cream("100 days ago")]}, True),
        ({"chart": [{"drug": "triamcinolone cream"}]}, False),
        ({"orders": [{"drug": "triamcinolone cream", "on": "today"}]}, False),
    ],
    ids=["claim", "dispense", "list entry", "order"],
)
def test_claim_and_dispense_were_given_and_a_list_entry_or_an_order_was_not(
    given: dict[str, object], expected: bool
) -> None:
    ((_, found),) = fills_of(patient(**given), (SET,))
    assert was_given(found) is expected


@pytest.mark.parametrize(("days", "said"), [(30, "30 days' supply"), (None, "days not stated")])
def test_hand_over_is_shown_with_its_days_supply(days: int | None, said: str) -> None:
    ((_, found),) = fills_of(patient(claims=[cream("today", days)]), (SET,))
    assert str(in_words(fill_in_words(found))).endswith(f", {said}")


def test_list_entry_is_shown_as_listed() -> None:
    ((_, found),) = fills_of(patient(chart=[{"drug": "triamcinolone cream"}]), (SET,))
    assert str(in_words(fill_in_words(found))).endswith(" (listed)")


def test_newest_four_hand_overs_are_shown() -> None:
    case = patient(claims=[cream(f"{40 * one} days ago") for one in range(1, 7)])
    shown = fills_as_evidence(case, [found for _, found in fills_of(case, (SET,))])
    assert [one.date for one in shown] == ["2026-10-11", "2026-09-01", "2026-07-23", "2026-06-13"]


def test_samples_are_no_hand_overs() -> None:
    sample = {"drug": "triamcinolone cream", "on": "today", "sample": "yes"}
    assert fills_of(patient(dispenses=[sample]), (SET,)) == []
