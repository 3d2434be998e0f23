"""The age from a date of birth of any precision."""

from datetime import date

import pytest
from support.clinical.patient import DAY
from support.fact_case import in_words, patient

from service.facts.age import age_in_words, born, months_known, months_old, no_age
from service.fhir.values.days import DayRange


def day(written: str) -> int:
    return date.fromisoformat(written).toordinal()


@pytest.mark.parametrize(
    ("birth", "today", "months"),
    [
        ("2020-01-15", "2020-01-15", 0),
        ("2020-01-15", "2020-02-14", 0),
        ("2020-01-15", "2020-02-15", 1),
        ("2020-01-15", "2026-01-14", 71),
        ("2020-01-15", "2026-01-15", 72),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2024-02-29", "2025-02-28", 12),
    ],
)
def test_month_of_age_is_completed_on_the_same_day_or_the_last_day_of_a_shorter_month(
    birth: str, today: str, months: int
) -> None:
    assert months_old(day(birth), date.fromisoformat(today)) == months


def test_birth_is_the_day_written_even_with_a_time() -> None:
    case = patient(born="2020-05-01")
    case.record.resources["Patient"][0]["birthDate"] = "2020-05-01T23:30:00-06:00"
    assert born(case) == DayRange(day("2020-05-01"), day("2020-05-01"))


def test_birth_of_a_year_is_every_day_of_it() -> None:
    assert born(patient(born="2020")) == DayRange(day("2020-01-01"), day("2020-12-31"))


def test_birth_that_is_not_sent_is_not_known() -> None:
    assert born(patient(born=None)) is None


def test_birth_in_the_future_tells_no_age() -> None:
    case = patient(born="2026-11-21")
    assert case.written_birth is not None
    assert in_words(no_age(case, case.written_birth)) == "the date of birth is in the future"
    assert born(case) is None


def test_birth_today_tells_an_age() -> None:
    assert born(patient(born=DAY.isoformat())) is not None


def test_birth_longer_ago_than_anybody_lives_tells_no_age() -> None:
    case = patient()
    oldest = case.knowledge.of_kind("age").high
    assert oldest is not None
    longest = date(DAY.year - int(oldest), DAY.month, DAY.day)
    just, over = (DayRange(one, one) for one in (longest.toordinal(), longest.toordinal() - 1))
    assert no_age(case, just) is None
    assert in_words(no_age(case, over)) == f"the date of birth is more than {oldest:g} years ago"


def test_partial_birth_gives_the_fewest_and_the_most_months() -> None:
    case = patient(born="2020")
    birth = born(case)
    assert birth is not None
    assert months_known(case, birth) == (70, 82)


@pytest.mark.parametrize(
    ("birth", "words"),
    [
        ("2026-11-20", "0 months"),
        ("2023-11-21", "35 months"),
        ("2023-11-20", "3 years"),
        ("2024", "22 to 34 months"),
        ("1990", "35 to 36 years"),
        ("2023", "34 to 46 months"),
    ],
)
def test_age_is_said_in_months_for_the_first_three_years_and_then_in_years(
    birth: str, words: str
) -> None:
    case = patient(born=birth)
    known = born(case)
    assert known is not None
    assert in_words(age_in_words(case, known)) == words
