"""Records of one hand-over: merged across kinds of evidence, doubtful if of one kind."""

from support.fact_case import patient

from service.facts.case import Case
from service.facts.fills.fill import FoundFill
from service.facts.fills.fills_of_class import find_fills

SET = "ad.tcs_medium_or_higher"
Json = dict[str, object]


def cream(on: str = "30 days ago", **more: object) -> Json:
    return {"drug": "triamcinolone cream", "on": on, "days": 30, **more}


def fills(case: Case) -> list[FoundFill]:
    return find_fills(case, case.record.hits(SET), (SET,))


def test_claim_and_dispense_of_one_day_are_one_hand_over() -> None:
    case = patient(claims=[cream()], dispenses=[cream()])
    assert [one.kind for one in fills(case)] == ["claim"]


def test_claim_and_dispense_of_different_days_far_apart_are_two() -> None:
    case = patient(claims=[cream()], dispenses=[cream("90 days ago")])
    assert len(fills(case)) == 2


def test_dispense_some_days_before_its_claim_may_be_the_same_hand_over() -> None:
    case = patient(claims=[cream()], dispenses=[cream("40 days ago")])
    claim, dispense = fills(case)
    assert (claim.kind, claim.fill.doubtful) == ("claim", False)
    assert (dispense.kind, dispense.fill.doubtful) == ("dispense", True)


def test_second_claim_of_the_same_day_product_and_supply_is_doubtful() -> None:
    first, second = fills(patient(claims=[cream(), cream()]))
    assert (first.fill.doubtful, second.fill.doubtful) == (False, True)


def test_claims_of_different_days_are_two_hand_overs() -> None:
    first, second = fills(patient(claims=[cream(), cream("60 days ago")]))
    assert (first.fill.doubtful, second.fill.doubtful) == (False, False)


def test_a_dispense_gives_a_claim_the_days_supply_that_it_lacks() -> None:
    case = patient(claims=[cream(days=None)], dispenses=[cream()])
    assert [(one.kind, one.fill.days) for one in fills(case)] == [("claim", 30)]
