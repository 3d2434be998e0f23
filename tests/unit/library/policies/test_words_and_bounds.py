"""Numbers in the words of a criterion against what its bounds ask."""

from typing import Any

import pytest
from support.written_operators import written

from service.library.policies.words_and_bounds import unasked_numbers
from service.policy.criterion import Criterion, Op
from service.policy.operators import Compare, Episodes, Operator, Supply

BSA = written(Compare, {"fact": "ad.bsa", "at_least": "10 % BSA"})
WEEKS = written(Supply, {"of": ["ad.tci"], "days": "42 days"})
TWO = written(Episodes, {"of": ["asthma.exacerbations"], "at_least": 2, "in_last": "1 year"})
EOS = written(Compare, {"fact": "lab.eos", "at_least": "150 cells/uL"})


def leaf(operator: Operator, **words: Any) -> Criterion:
    return Criterion("x", words.pop("says", "x"), "1", Op.LEAF, operator=operator, **words)


@pytest.mark.parametrize(
    ("operator", "says"),
    [
        (BSA, "At least 10 % of the body surface"),
        (BSA, "A tenth of the body surface"),
        (WEEKS, "For 6 weeks"),
        (WEEKS, "For 42 days"),
        (WEEKS, "Topical calcineurin inhibitor"),
        (TWO, "Two or more exacerbations in 12 months"),
        (TWO, "More than one exacerbation in a year"),
        (EOS, "Eosinophils of 150 cells/uL or more"),
    ],
)
def test_words_that_say_what_is_asked_or_no_number_are_right(operator: Operator, says: str) -> None:
    assert [*unasked_numbers(leaf(operator, says=says))] == []


@pytest.mark.parametrize(
    ("operator", "says", "told"),
    [
        (BSA, "At least 20 % of the body surface", "10 % BSA"),
        (WEEKS, "For 8 weeks", "42 days"),
        (TWO, "Three or more exacerbations in a year", "2"),
        (EOS, "Eosinophils of 300 cells/uL or more", "150 cells/uL"),
    ],
)
def test_number_that_is_not_asked_is_told_with_the_one_that_is(
    operator: Operator, says: str, told: str
) -> None:
    ((key, message),) = unasked_numbers(leaf(operator, says=says))
    assert key == "says"
    assert message.endswith(f"is said here, and asked is {told}; did you mean '{told}'?")


def test_every_text_of_a_criterion_is_compared() -> None:
    wrong = leaf(WEEKS, says="For 6 weeks", asks="Was it used for 8 weeks?", short="8 weeks")
    assert [key for key, _ in unasked_numbers(wrong)] == ["asks", "short"]


@pytest.mark.parametrize(("says", "keys"), [("2 of the 3", []), ("3 of the 3", ["says"])])
def test_group_that_needs_so_many_of_its_parts_says_how_many(says: str, keys: list[str]) -> None:
    parts = (leaf(BSA), leaf(WEEKS), leaf(TWO))
    tree = Criterion("g", f"At least {says}", "1", Op.AT_LEAST, parts, n=2)
    assert [key for key, _ in unasked_numbers(tree)] == keys
