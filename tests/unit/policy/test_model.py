"""A policy version: the address of its questionnaires, and how long an approval lasts."""

from datetime import date

import pytest
from support.policies import indication, policy

from service.policy.model import Months


def test_questionnaire_is_named_by_policy_indication_path_and_version() -> None:
    known = policy(id="payer/P-1", effective=date(2026, 1, 2))
    assert known.questionnaire("ad", "renewal") == (
        "https://dupilumab-cds.github.io/fhir/Questionnaire/payer-P-1-ad-renewal|2026-01-02"
    )


def test_approval_lasts_as_long_as_the_policy_says() -> None:
    known = policy(approval_months=Months(6, 12))
    assert known.months("ad", "initial") == 6
    assert known.months("ad", "renewal") == 12


def test_approval_of_an_indication_lasts_as_long_as_its_own_months() -> None:
    own = indication("asthma", approval_months=Months(3, 24))
    known = policy(own, approval_months=Months(6, 12))
    assert known.months("asthma", "initial") == 3
    assert known.months("asthma", "renewal") == 24


@pytest.mark.parametrize(
    ("day", "decides"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_version_is_in_force_from_its_first_to_its_last_day(day: date, decides: bool) -> None:
    known = policy(effective=date(2026, 1, 1), until=date(2026, 6, 30))
    assert known.in_force(day) is decides


def test_version_without_a_last_day_stays_in_force() -> None:
    assert policy(until=None).in_force(date(2099, 1, 1))
