"""Fills as evidence: in which words, and how many."""

import pytest
from support.fact_case import in_words, patient

from service.facts.fills.fills_as_evidence import fill_in_words, fills_as_evidence
from service.facts.fills.fills_of_class import fills_of

SET = "ad.tcs_medium_or_higher"
Json = dict[str, object]


def cream(on: str = "30 days ago", days: int | None = 30, **more: object) -> Json:
    entry: Json = {"drug": "triamcinolone cream", "on": on, **more}
    return entry if days is None else {**entry, "days": days}


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
