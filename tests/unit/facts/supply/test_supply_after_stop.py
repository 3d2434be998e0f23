"""Supply that covers today, of a drug that the chart says was stopped."""

import pytest
from support.fact_case import CLAIMS_HELD, Answer, patient, said, worded

from service.facts.supply.supply import at_most_one_of, excluded, in_use, supply
from service.policy.operators import AtMostOneOf, Excluded, Supply
from service.policy.truth import Truth

OTHER = ("ad.biologic_other",)
RULED_OUT = Supply(of=OTHER, now=True, elsewhere="doubt")
ASKED_FOR = Supply(of=OTHER, now=True)
DRUG = "tralokinumab"
FILL = {"drug": DRUG, "days": 28, "on": "10 days ago"}
Json = dict[str, object]


def order(status: str, on: str = "5 days ago") -> Json:
    return {"drug": DRUG, "status": status, "on": on}


def listed(status: str, to: str) -> Json:
    return {"drug": DRUG, "status": status, "from": "200 days ago", "to": to}


def found(asked: Supply, *entries: Json, lists: tuple[Json, ...] = ()) -> Answer:
    given = {"claims": [FILL], "orders": list(entries), "chart": list(lists), **CLAIMS_HELD}
    return worded(supply(patient(**given), asked))


def test_supply_of_a_stopped_drug_is_for_the_reviewer_with_the_stop() -> None:
    answer = found(RULED_OUT, order("stopped"))
    assert said(answer) == "unknown review"
    assert answer.miss == (
        "supply until 2026-12-07; earliest on 2026-12-08; the chart says that it was stopped"
    )
    assert answer.evidence[-1].value.endswith("marked as stopped")


@pytest.mark.parametrize(
    "entries",
    [(), (order("active"),), (order("completed"),), (order("stopped"), order("active"))],
    ids=["no order", "active", "completed without an end", "ordered again"],
)
def test_supply_without_a_stop_is_in_use(entries: tuple[Json, ...]) -> None:
    assert said(found(RULED_OUT, *entries)) == "met"


@pytest.mark.parametrize(
    ("to", "expected"),
    [("3 days ago", "unknown review"), ("10 days ago", "unknown review"), ("11 days ago", "met")],
)
def test_stop_before_the_last_supply_does_not_end_it(to: str, expected: str) -> None:
    assert said(found(RULED_OUT, lists=(listed("stopped", to),))) == expected


def test_supply_that_a_policy_asks_for_counts_although_it_was_stopped() -> None:
    assert said(found(ASKED_FOR, order("stopped"))) == "met"


def test_stopped_drug_neither_fails_an_exclusion_nor_counts_as_a_second_one() -> None:
    case = patient(claims=[FILL], orders=[order("stopped")], **CLAIMS_HELD)
    assert in_use(case, OTHER[0]) is None
    asked = Excluded(every=OTHER, reasons=("intolerance",))
    answer = worded(excluded(case, asked))
    assert answer.truth is Truth.UNKNOWN
    assert answer.evidence[0].value.endswith("marked as stopped")
    jak = {"drug": "upadacitinib", "days": 30, "on": "10 days ago"}
    both = patient(claims=[FILL, jak], orders=[order("stopped")], **CLAIMS_HELD)
    one = AtMostOneOf(of=(*OTHER, "ad.oral_jak"))
    assert said(worded(at_most_one_of(both, one))) == "unknown review"
