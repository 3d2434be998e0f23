"""Numbers in texts: which ones are amounts, and no day, phone, record number or high age of a person."""

import re
from collections.abc import Iterable

from service.recordings.safe.ages import is_over_89

# Numbers with nothing but marks between them and the word after them: an amount, or a day or number of
# a person.
_NUMBERS = re.compile(r"(?P<run>\d(?:[\d\s.,;:()/+-]*\d)?)[\s)./-]*(?P<unit>[^\W\d_]+|%)?")
_STRENGTHS = re.compile(r"\d{1,4}(?:\.\d+)?(?:\s?[-/,]\s?\d{1,4}(?:\.\d+)?)*")
_RISING = re.compile(r"(0|[1-9]\d{0,2})\s?-\s?([1-9]\d{0,2})")
_PLAIN_NUMBER = re.compile(r"\d{1,4}(?:\.\d+)?")
_YEARS = range(1900, 2101)
_COUNTED = frozenset(
    (
        "actuat",
        "capsule",
        "capsules",
        "day",
        "days",
        "dose",
        "doses",
        "hour",
        "hours",
        "month",
        "months",
        "pen",
        "pens",
        "puff",
        "puffs",
        "syringe",
        "syringes",
        "tablet",
        "tablets",
        "times",
        "unit",
        "units",
        "week",
        "weeks",
        "mg",
        "ml",
        "mcg",
        "g",
        "kg",
        "%",
    )
)
MOST_DIGITS = 6  # of several numbers in a row; a phone number has seven
# Digits of a number that stands alone, and of one with a known unit: more may be a person's number.
LONGEST_ALONE, LONGEST_WITH_UNIT = 4, 6


class Amounts:
    """Tells amounts from other numbers; `units` are words after which a number is an amount."""

    def __init__(self, units: Iterable[str]) -> None:
        self._units = _COUNTED | frozenset(units)

    def is_unit(self, written: object) -> bool:
        """Whether this is a unit that the documents know."""
        return isinstance(written, str) and " ".join(written.lower().split()) in self._units

    def are_all(self, plain: str) -> bool:
        """Whether each number is an amount: none may be a day, a year, a phone, or an age of 90 and more."""
        return all(
            self._is_amount(found["run"], found["unit"] or "") for found in _NUMBERS.finditer(plain)
        )

    def _is_amount(self, run: str, unit: str) -> bool:
        counted = unit in self._units
        numbers = [float(one) for one in re.findall(r"\d+(?:\.\d+)?", run)]
        if is_over_89(numbers, unit):
            return False
        if _PLAIN_NUMBER.fullmatch(run):
            return counted or numbers[0] not in _YEARS
        rising = _RISING.fullmatch(run)
        if rising is not None:
            return int(rising[1]) < int(rising[2])
        is_strength = _STRENGTHS.fullmatch(run) is not None
        few_digits = sum(len(str(int(one))) for one in numbers) <= MOST_DIGITS
        return counted and is_strength and few_digits and not any(one in _YEARS for one in numbers)


def without_long_tail(number: float, *, has_unit: bool) -> float:
    """The number with so few digits in all that it is no phone or record number behind a point."""
    most = LONGEST_WITH_UNIT if has_unit else LONGEST_ALONE
    whole = int(abs(number))
    return round(number, most - (len(str(whole)) if whole else 0))


def is_number_of_a_person(number: float, *, has_unit: bool) -> bool:
    """Whether a number is so long that it may be a phone or a record number and not an amount."""
    longest = LONGEST_WITH_UNIT if has_unit else LONGEST_ALONE
    return not abs(number) < 10**longest
