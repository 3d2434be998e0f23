"""Numbers that are amounts, and numbers that may be a person's."""

import pytest

from service.recordings.safe.amounts import Amounts, is_number_of_a_person

AMOUNTS = Amounts(["puff(s)"])


@pytest.mark.parametrize(
    ("text", "are"),
    [
        ("300 mg", True),
        ("160-4.5 mcg", True),
        ("100.25/50.75 mcg", True),
        ("555-1234 mg", False),
        ("601-555-1234 days", False),
        ("9999", True),
        ("10000", False),
        ("89 y/o", True),
        ("90 y/o", False),
        ("1999", False),
    ],
)
def test_amounts_in_texts(text: str, are: bool) -> None:
    assert AMOUNTS.are_all(text) is are


@pytest.mark.parametrize(
    ("number", "has_unit", "is_a_person_s"),
    [
        (9_999, False, False),
        (10_000, False, True),
        (-10_000, False, True),
        (999_999.5, True, False),
        (1_000_000, True, True),
        (6_015_551_234, True, True),
        (float("inf"), True, True),
    ],
)
def test_long_numbers(number: float, has_unit: bool, is_a_person_s: bool) -> None:
    assert is_number_of_a_person(number, has_unit=has_unit) is is_a_person_s
