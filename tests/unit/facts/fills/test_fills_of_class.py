"""Fills: which hand-overs count, each once, and how long they last."""

import pytest
from support.fact_case import patient

from service.facts.case import Case
from service.facts.fills.fill import FoundFill
from service.facts.fills.fills_of_class import fills_of, find_fills, not_taken_back

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


def test_ingredient_alone_is_a_question() -> None:
    (found,) = fills(patient(claims=[cream(drug="triamcinolone, ingredient only")]))
    assert found.question


def test_hits_that_count_are_left_without_those_that_a_payer_denied() -> None:
    case = patient(claims=[cream(), cream("60 days ago", denied="yes")])
    left = not_taken_back(case, case.record.hits(SET), (SET,))
    assert [one.reference for one in left] == ["ExplanationOfBenefit/claims-1"]


def test_samples_are_no_hand_overs() -> None:
    sample = {"drug": "triamcinolone cream", "on": "today", "sample": "yes"}
    assert fills_of(patient(dispenses=[sample]), (SET,)) == []


PPI = "eoe.ppi"


@pytest.mark.parametrize(
    ("quantity", "days", "doubtful"),
    [("45 capsules", 90, False), ("44 capsules", 90, True), ("30 mL", 90, False)],
    ids=["every other day", "fewer", "a volume counts no pieces"],
)
def test_days_that_the_quantity_cannot_fill_make_a_fill_doubtful(
    quantity: str, days: int, *, doubtful: bool
) -> None:
    claim = {"drug": "omeprazole", "on": "100 days ago", "days": days, "quantity": quantity}
    case = patient(claims=[claim])
    (found,) = find_fills(case, case.record.hits(PPI), (PPI,))
    assert found.fill.doubtful is doubtful
