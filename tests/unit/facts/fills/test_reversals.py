"""Reversals: what takes money or drug back, and which hand-over is taken back."""

from typing import Any

import pytest
from support.claims import claim
from support.fact_case import patient_with

from service.facts.fills.reversals import (
    Claimed,
    NotYetReversed,
    Sign,
    State,
    days_of,
    days_taken_back,
    figures_of,
    sign_of,
    whole_of,
)
from service.fhir.hit import Hit

Json = dict[str, Any]


def claimed(
    first: int = 100,
    days: int | None = 30,
    product: str = "cream",
    state: State = "stands",
    names: tuple[str, ...] = (),
) -> Claimed:
    return Claimed(("claim", "clobetasol"), product, days, first, first, names, state)


def taken(
    *claims: Claimed, reversal: Claimed | None = None, related: tuple[str, ...] = ()
) -> tuple[int, bool] | None:
    """The index of what the reversal takes back, and whether that is sure."""
    found = NotYetReversed(dict(enumerate(claims))).taken_back(reversal or claimed(), related)
    return (found.place, found.sure) if found else None


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([claimed()], (0, True)),
        ([claimed(), claimed()], (1, True)),
        ([claimed(state="never_counted"), claimed()], (1, False)),
        ([claimed(product="ointment")], (0, False)),
        ([claimed(90)], (0, True)),
        ([claimed(80), claimed(90)], (1, True)),
        ([claimed(90, days=15)], (0, False)),
        ([claimed(110)], None),
        ([], None),
    ],
    ids=[
        *(
            "of that day",
            "two of that day",
            "one never counted",
            "another product",
            "before",
            "the nearest before",
        ),
        *("other days' supply", "later", "nothing"),
    ],
)
def test_reversal_takes_back_a_claim_of_its_day_else_the_nearest_before(
    claims: list[Claimed], expected: tuple[int, bool] | None
) -> None:
    assert taken(*claims) == expected


def test_reversal_takes_back_what_it_names() -> None:
    named = claimed(50, names=("claim-1",))
    assert taken(named, claimed(), related=("claim-1",)) == (0, True)
    assert taken(named, claimed(), related=("unheard",)) == (1, True)


def test_nearest_is_not_sure_where_the_reversal_names_another_or_comes_again() -> None:
    assert taken(claimed(90), related=("unheard",)) == (0, False)
    standing = NotYetReversed({0: claimed(80), 1: claimed(90)})
    first, again = (standing.taken_back(claimed(), ()) for _ in range(2))
    assert first is not None
    assert again is not None
    assert (first.place, first.sure) == (1, True)
    assert (again.place, again.sure) == (0, False)


def test_what_is_surely_taken_back_is_not_taken_back_again() -> None:
    standing = NotYetReversed({0: claimed()})
    assert standing.taken_back(claimed(), ()) is not None
    assert standing.taken_back(claimed(), ()) is None


def test_duplicates_are_alike_in_day_product_and_days_supply() -> None:
    claims = [claimed(), claimed(), claimed(days=15), claimed(product="ointment"), claimed(101)]
    standing = NotYetReversed(dict(enumerate(claims)))
    assert standing.duplicate_of(0) == 1
    assert standing.duplicates_of(0) == [1]
    assert standing.duplicate_of(2) is None


def sign(resource: Json) -> Sign:
    hit = hit_of(resource)
    return sign_of(hit, whole_of(hit.source, hit.resource))


def hit_of(resource: Json) -> Hit:
    case = patient_with("claims", {**resource, "patient": {"reference": "Patient/p1"}})
    return case.record.hits("ad.tcs_medium_or_higher")[0]


def paid(amount: float, kind: str = "benefit") -> Json:
    """The whole of a claim with an amount of money."""
    system = "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudication"
    category = {"coding": [{"system": system, "code": kind}]}
    return {"total": [{"category": category, "amount": {"value": amount, "currency": "USD"}}]}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (claim("e1", "2026-09-01", 30), Sign.GIVEN),
        (claim("e1", "2026-09-01", -30), Sign.TAKEN_BACK),
        (claim("e1", "2026-09-01", 30, item={"quantity": {"value": -60}}), Sign.TAKEN_BACK),
        (claim("e1", "2026-09-01", 30, item={"quantity": {"value": 0}}), Sign.NOTHING),
        (claim("e1", "2026-09-01", 30, **paid(50)), Sign.GIVEN),
        (claim("e1", "2026-09-01", 30, **paid(-50, "submitted")), Sign.MONEY_BACK),
        (claim("e1", "2026-09-01", 30, **paid(-50)), Sign.MONEY_BACK),
    ],
    ids=["given", "days", "quantity", "nothing", "paid", "charged back", "paid back"],
)
def test_figures_below_zero_take_something_back(resource: Json, expected: Sign) -> None:
    assert sign(resource) is expected


def test_claim_that_was_charged_and_is_paid_back_may_take_a_duplicate_back() -> None:
    both = paid(80, "submitted")["total"] + paid(-50)["total"]
    assert sign(claim("e1", "2026-09-01", 30, total=both)) is Sign.LESS_PAID


def test_days_and_amounts_of_a_claim_are_read() -> None:
    hit = hit_of(claim("e1", "2026-09-01", 30))
    assert figures_of(hit.source, hit.resource).days == (30,)
    assert figures_of(hit.source, hit.element).amounts == (60,)
    assert list(days_of(hit, whole_of(hit.source, hit.resource))) == [30]


@pytest.mark.parametrize(
    ("days", "expected"), [((-30.0,), 30), ((30.0,), None), ((-30.5,), None), ((), None)]
)
def test_days_that_a_reversal_takes_back_are_told_without_the_minus(
    days: tuple[float, ...], expected: int | None
) -> None:
    assert days_taken_back(days) == expected
