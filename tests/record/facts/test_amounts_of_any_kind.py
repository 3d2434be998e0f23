"""A claim is taken back by one whose every amount is below zero, whatever the amounts are of."""

import pytest
from support.claims import TRIAL, Json, claim, concept, truth, twin

DAY = "2026-08-05"
BLUE_BUTTON = "https://bluebutton.cms.gov/resources/variables"


def amounts(said: dict[str, float]) -> list[Json]:
    """Adjudications of these categories."""
    return [
        {"category": concept({"code": name}), "amount": {"value": value, "currency": "USD"}}
        for name, value in said.items()
    ]


def pair(first: dict[str, float], second: dict[str, float], at: str = "line") -> str | None:
    """A fill with these amounts, and another one of that day."""
    claims = []
    for id_, said in (("a", first), ("b", second)):
        found = amounts(said)
        more = {"item": {"adjudication": found}} if at == "line" else {"total": found}
        claims.append(claim(id_, DAY, 28, **more))
    return truth(twin(claims), TRIAL)


@pytest.mark.parametrize("at", ["line", "total"])
@pytest.mark.parametrize(
    "said",
    [
        {"deductible": 20.0},
        {"coinsurance": 12.5, "memberliability": 12.5},
        {"priorpayerpaid": 40.0, "noncovered": 0.0},
        {f"{BLUE_BUTTON}/ptnt_pay_amt": 10.0, f"{BLUE_BUTTON}/cvrd_d_plan_pd_amt": 33.0},
        {"urn:x": 3.0},
        {"tax": 1.0, "benefit": 0.0},
    ],
)
def test_equal_claim_with_negative_figures_alone_reverses_it(
    said: dict[str, float], at: str
) -> None:
    assert pair(said, said, at) == "met"
    back = {name: -value for name, value in said.items()}
    assert pair(said, back, at) == "not_met"
    assert pair(back, said, at) == "not_met"


def test_one_negative_amount_among_others_is_no_reversal() -> None:
    alone = claim(
        "a", DAY, 28, item={"adjudication": amounts({"discount": -4.0, "deductible": 9.0})}
    )
    assert truth(twin([alone]), TRIAL) == "met"
    charged = amounts({"submitted": 60.0, "discount": -4.0, "copay": -3.0})
    assert truth(twin([claim("a", DAY, 28, item={"adjudication": charged})]), TRIAL) == "met"


def test_one_negative_amount_in_an_equal_claim_is_a_question() -> None:
    assert pair({"deductible": 9.0}, {"deductible": -9.0, "tax": 1.0}) == "unknown"


def test_single_claim_with_negative_figures_is_a_question() -> None:
    alone = claim("a", DAY, 28, item={"adjudication": amounts({"deductible": -9.0})})
    assert truth(twin([alone]), TRIAL) == "unknown"
