"""Numbers in the words of a criterion."""

import pytest

from service.library.policies.numbers_in_text import (
    numbers_in_text,
    of_several,
    same_span,
    with_unit,
)


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
