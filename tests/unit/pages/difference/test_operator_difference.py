"""Two operators field by field: what differs, in words, and in which direction."""

from typing import Any

import pytest
from support.cases.run import library
from support.written_operators import written

from service.pages.difference.operator_difference import compare
from service.pages.difference.tighter_or_looser import Kind
from service.pages.glossary import Glossary
from service.policy.operators import Compare, Exposed, Operator, Recorded, Supply

GLOSSARY = (Glossary(library().knowledge), Glossary(library().knowledge))


def kinds(old: Operator, new: Operator) -> list[Kind]:
    return [kind for kind, _ in compare(old, new, GLOSSARY)]


def supply(**fields: Any) -> Supply:
    return written(Supply, {"of": ["ad.tci"], "days": "42 days", **fields})


def test_same_question_has_no_difference() -> None:
    assert kinds(supply(), supply()) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"days": "56 days"}, Kind.TIGHTER),
        ({}, {"days": "28 days"}, Kind.LOOSER),
        ({}, {"of": ["ad.tci", "ad.tcs_medium_or_higher"]}, Kind.LOOSER),
        ({"of": ["ad.tci", "ad.crisaborole"]}, {}, Kind.TIGHTER),
        ({}, {"ended_within": "180 days"}, Kind.TIGHTER),
        ({"ended_within": "180 days"}, {"ended_within": "365 days"}, Kind.LOOSER),
        ({"days": "1 month"}, {"days": "30 days"}, Kind.CHANGED),
        ({"days": "1 month"}, {"days": "32 days"}, Kind.TIGHTER),
    ],
)
def test_direction_of_a_field_follows_from_what_it_asks(
    old: dict[str, Any], new: dict[str, Any], expected: Kind
) -> None:
    assert kinds(supply(**old), supply(**new)) == [expected]


def test_classes_that_all_count_together_are_tighter_if_more() -> None:
    together = supply(together=True)
    more = supply(together=True, of=["ad.tci", "ad.tcs_medium_or_higher"])
    assert kinds(together, more) == [Kind.TIGHTER]


def test_words_before_and_after_are_shown() -> None:
    old = written(Compare, {"fact": "ad.bsa", "at_least": "10 % BSA"})
    new = written(Compare, {"fact": "ad.bsa", "at_least": "20 % BSA"})
    assert [*compare(old, new, GLOSSARY)] == [
        (Kind.TIGHTER, "at least 10 % BSA → at least 20 % BSA")
    ]


def test_bounds_of_two_facts_are_not_compared() -> None:
    old = written(Compare, {"fact": "ad.bsa", "at_least": "10 points"})
    new = written(Compare, {"fact": "ad.easi", "at_least": "20 points"})
    assert {*kinds(old, new)} == {Kind.CHANGED}


def test_another_kind_of_question_is_one_change_of_the_whole_sentence() -> None:
    ((kind, words),) = compare(Exposed(of=("ad.tci",)), Recorded(fact=("ad.diagnosis",)), GLOSSARY)
    assert kind is Kind.CHANGED
    assert words.count(" → ") == 1
