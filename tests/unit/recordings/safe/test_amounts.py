"""Numbers that are amounts, and numbers that may be a person's."""

import pytest

from service.recordings.safe.amounts import Amounts, is_number_of_a_person, without_long_tail

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


def test_a_unit_is_one_that_the_documents_or_plain_doses_have() -> None:
    assert AMOUNTS.is_unit("Puff(s)")
    assert AMOUNTS.is_unit("kg")
    assert not AMOUNTS.is_unit("Quibberworth")
    assert not AMOUNTS.is_unit(None)


@pytest.mark.parametrize(
    ("number", "has_unit", "short"),
    [
        (601.5550142, False, 601.6),
        (0.6015550142, False, 0.6016),
        (2190.99999, False, 2191.0),
        (77.1107029, True, 77.1107),
        (77.1107, True, 77.1107),
        (2.345, False, 2.345),
        (6015, False, 6015),
    ],
)
def test_digits_behind_a_point_count_too(number: float, has_unit: bool, short: float) -> None:
    assert without_long_tail(number, has_unit=has_unit) == short
