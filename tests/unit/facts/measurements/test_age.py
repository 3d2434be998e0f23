"""Ages against a policy's bound, in years, months, weeks and days."""

import pytest
from support.fact_case import Answer, patient, said, worded

from service.facts.measurements.age import age
from service.policy.amount import Amount
from service.policy.operators import Compare

SIX_YEARS = Compare(fact="patient.age", at_least=Amount(value=6, unit="years"))
BELOW_SIX = Compare(fact="patient.age", less_than=Amount(value=6, unit="years"))


def found(asked: Compare, born: str | None) -> Answer:
    case = patient(born=born)
    return worded(age(case, case.knowledge.facts["patient.age"], asked))


@pytest.mark.parametrize(
    ("born", "reached", "below"),
    [
        ("2020-11-20", "met", "not_met"),
        ("2020-11-21", "not_met", "met"),
        ("2020-11", "unknown imprecise", "unknown imprecise"),
        ("2020-12", "not_met", "met"),
        ("2019", "met", "not_met"),
        ("2020", "unknown imprecise", "unknown imprecise"),
        (None, "unknown not_found", "unknown not_found"),
    ],
)
def test_age_is_reached_on_the_birthday(born: str | None, reached: str, below: str) -> None:
    assert said(found(SIX_YEARS, born)) == reached
    assert said(found(BELOW_SIX, born)) == below


@pytest.mark.parametrize(
    ("bound", "born", "expected"),
    [
        (Amount(value=6, unit="months"), "2026-05-20", "met"),
        (Amount(value=6, unit="months"), "2026-05-21", "not_met"),
        (Amount(value=2, unit="weeks"), "2026-11-06", "met"),
        (Amount(value=2, unit="weeks"), "2026-11-07", "not_met"),
        (Amount(value=10, unit="days"), "2026-11-10", "met"),
        (Amount(value=10, unit="days"), "2026-11-11", "not_met"),
    ],
)
def test_age_in_smaller_units_is_reached_on_its_day(
    bound: Amount, born: str, expected: str
) -> None:
    assert said(found(Compare(fact="patient.age", at_least=bound), born)) == expected


def test_age_that_is_not_reached_names_the_birthday() -> None:
    assert found(SIX_YEARS, "2020-11-21").miss == "5 years; earliest on 2026-11-21"
    assert found(BELOW_SIX, "2020-11-20").miss == "6 years"


def test_birth_in_the_future_is_for_the_reviewer() -> None:
    wrong = found(SIX_YEARS, "2027-01-01")
    assert said(wrong) == "unknown review"
    assert wrong.miss == "the date of birth is in the future"


def test_age_without_a_bound_is_refused() -> None:
    with pytest.raises(TypeError, match="age is compared by at_least or less_than"):
        found(Compare(fact="patient.age", more_than=Amount(value=6, unit="years")), "2000-01-01")
