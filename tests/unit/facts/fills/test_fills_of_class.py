"""Hand-overs as evidence."""

import pytest
from support.fact_case import in_words, patient

from service.facts.fills.fills_of_class import fills_of, shown_of, was_given, words

SET = ("ad.tcs_medium_or_higher",)
Json = dict[str, object]


def cream(on: str, days: int | None = 30) -> Json:
    entry: Json = {"drug": "triamcinolone cream", "on": on}
    return entry if days is None else {**entry, "days": days}


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
    ((_, found),) = fills_of(patient(**given), SET)
    assert was_given(found) is expected


@pytest.mark.parametrize(("days", "said"), [(30, "30 days' supply"), (None, "days not stated")])
def test_hand_over_is_shown_with_its_days_supply(days: int | None, said: str) -> None:
    ((_, found),) = fills_of(patient(claims=[cream("today", days)]), SET)
    assert str(in_words(words(found))).endswith(f", {said}")


def test_list_entry_is_shown_as_listed() -> None:
    ((_, found),) = fills_of(patient(chart=[{"drug": "triamcinolone cream"}]), SET)
    assert str(in_words(words(found))).endswith(" (listed)")


def test_newest_four_hand_overs_are_shown() -> None:
    case = patient(claims=[cream(f"{40 * one} days ago") for one in range(1, 7)])
    shown = shown_of(case, [found for _, found in fills_of(case, SET)])
    assert [one.date for one in shown] == ["2026-10-11", "2026-09-01", "2026-07-23", "2026-06-13"]


def test_samples_are_no_hand_overs() -> None:
    sample = {"drug": "triamcinolone cream", "on": "today", "sample": "yes"}
    assert fills_of(patient(dispenses=[sample]), SET) == []
