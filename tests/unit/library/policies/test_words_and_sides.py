"""Words of a criterion that name the other side of its bound."""

from typing import Any

import pytest
from support.written_operators import written

from service.library.policies.words_and_sides import bounds_of_other_side
from service.policy.model import Criterion, Op
from service.policy.operators import Compare, Episodes, Operator, Supply


def bsa(**bound: str) -> Operator:
    return written(Compare, {"fact": "ad.bsa", **bound})


def age(**bound: str) -> Operator:
    return written(Compare, {"fact": "age", **bound})


TWO = written(Episodes, {"of": ["asthma.exacerbations"], "at_least": 2, "in_last": "1 year"})
RUN = written(
    Supply, {"of": ["ad.tci"], "current_for": {"more_than": "6 months", "gap": "30 days"}}
)


def said(operator: Operator, says: str, **words: Any) -> list[tuple[str, str]]:
    criterion = Criterion("x", says, "1", Op.LEAF, operator=operator, **words)
    return [*bounds_of_other_side(criterion)]


@pytest.mark.parametrize(
    ("operator", "says"),
    [
        (bsa(at_least="10 % BSA"), "At least 10 % of the body surface"),
        (bsa(at_least="10 % BSA"), "10 % of the body surface or more"),
        (bsa(at_least="10 % BSA"), "Not less than 10 %"),
        (bsa(at_least="10 % BSA"), "A tenth of the body surface"),
        (bsa(at_least="10 % BSA"), "At least 10 %, which was below 10 % before"),
        (bsa(more_than="10 % BSA"), "More than 10 %"),
        (bsa(at_most="10 % BSA"), "No more than 10 %"),
        (bsa(less_than="10 % BSA"), "Below 10 % in less than 2 weeks"),
        (bsa(at_least="10 % BSA", less_than="30 % BSA"), "From 10 % to below 30 %"),
        (age(at_least="6 months"), "Aged 6 months or older"),
        (age(less_than="18 years"), "Up to 17 years"),
        (TWO, "More than one exacerbation in the last year"),
        (TWO, "Two or more exacerbations"),
        (RUN, "In use for more than 6 months"),
    ],
)
def test_words_of_the_side_that_is_asked_are_right(operator: Operator, says: str) -> None:
    assert said(operator, says) == []


@pytest.mark.parametrize(
    ("operator", "says", "asked", "meant"),
    [
        (bsa(less_than="10 % BSA"), "At least 10 %", "less_than: 10 % BSA", "at_least"),
        (bsa(more_than="10 % BSA"), "At least 10 %", "more_than: 10 % BSA", "at_least"),
        (bsa(at_most="10 % BSA"), "10 % or more", "at_most: 10 % BSA", "at_least"),
        (bsa(at_least="10 % BSA"), "No more than 10 %", "at_least: 10 % BSA", "at_most"),
        (bsa(at_least="10 % BSA"), "≤10 %", "at_least: 10 % BSA", "at_most"),
        (age(less_than="6 months"), "Aged 6 months or older", "less_than: 6 months", "at_least"),
        (age(at_least="12 years"), "Younger than 12 years", "at_least: 12 years", "less_than"),
        (TWO, "Up to two exacerbations", "at_least: 2", "at_most"),
        (RUN, "In use for less than 6 months", "more_than: 6 months", "less_than"),
    ],
)
def test_words_of_the_other_side_are_a_slip(
    operator: Operator, says: str, asked: str, meant: str
) -> None:
    ((key, message),) = said(operator, says)
    assert key == "says"
    assert message.endswith(f"is said here, and asked is '{asked}'; did you mean '{meant}'?")


def test_every_text_of_a_criterion_is_compared() -> None:
    texts = {"asks": "Is it 10 % or more?", "on_card": "below 10 %", "short": "10 % or more"}
    found = said(bsa(less_than="10 % BSA"), "Extent", **texts)
    assert [key for key, _ in found] == ["asks", "short"]
