"""Fills: which hand-overs count, each once, and how long they last."""

import pytest
from support.fact_case import patient

from service.facts.case import Case
from service.facts.fills.fills import days_supply, find_fills, is_sample, not_taken_back
from service.facts.fills.found_fill import Found

SET = "ad.tcs_medium_or_higher"
Json = dict[str, object]


def cream(on: str = "30 days ago", days: int | None = 30, **more: object) -> Json:
    entry: Json = {"drug": "triamcinolone cream", "on": on, **more}
    return entry if days is None else {**entry, "days": days}


def fills(case: Case) -> list[Found]:
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
