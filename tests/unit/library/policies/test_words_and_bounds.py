"""Numbers in the words of a criterion against what its bounds ask."""

from typing import Any

import pytest
from support.written_operators import written

from service.library.policies.words_and_bounds import (
    numbers_in_text,
    of_several,
    same_span,
    unasked_numbers,
    with_unit,
)
from service.policy.model import Criterion, Op
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


def found(text: str) -> list[tuple[str, float, str]]:
    return [(one.kind, one.value, one.unit) for one in numbers_in_text(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("for 28 days", [("span", 28, "days")]),
        ("Two months of therapy", [("span", 2, "months")]),
        ("aged 6 to 11 years", [("span", 6, "years"), ("span", 11, "years")]),
        (
            "at least 10% of the skin",
            [
                ("share", 10, "%"),
            ],
        ),
        ("10 to 20 percent", [("share", 10, "%"), ("share", 20, "%")]),
        ("more than 150 cells", [("bare", 150, "")]),
        ("1,500 or more", [("bare", 1500, "")]),
        ("300 mg every 14 days", []),
        ("28 days' supply", []),
        ("no number here", []),
    ],
)
def test_spans_shares_and_bounds_are_found(
    text: str, numbers: list[tuple[str, float, str]]
) -> None:
    assert found(text) == numbers


@pytest.mark.parametrize(
    ("text", "how"),
    [("more than 150", "more"), ("at least 150", "as it is"), ("fewer than 150", "less")],
)
def test_bound_is_strict_where_its_words_say_so(text: str, how: str) -> None:
    (number,) = numbers_in_text(text)
    assert number.how == how


def test_count_of_a_group_is_found() -> None:
    assert [one.value for one in of_several("two of the four")] == [2]
    assert [one.value for one in of_several("2 or more of these")] == [2]
    assert list(of_several("two of the last 4 weeks")) == []


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("eosinophils of 150 cells", "cells/uL", 150),
        ("8 g/dL", "g/dL", 8),
        ("150/uL", "cells/uL", 150),
        ("8 mg", "g/dL", None),
    ],
)
def test_number_before_a_unit_is_found(text: str, unit: str, value: float | None) -> None:
    assert [one.value for one in with_unit(text, unit)] == ([] if value is None else [value])


@pytest.mark.parametrize(
    ("text", "days", "months", "same"),
    [
        ("28 days", 28, 0, True),
        ("4 weeks", 28, 0, True),
        ("12 months", 0, 12, True),
        ("1 year", 0, 12, True),
        ("28 days", 27, 0, False),
        ("12 months", 0, 6, False),
    ],
)
def test_span_in_words_is_the_span_in_figures(
    text: str, days: int, months: int, same: bool
) -> None:
    (number,) = numbers_in_text(text)
    assert same_span(number, days, months) is same
