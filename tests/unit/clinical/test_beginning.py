"""Whether an order starts the drug, starts it again, or goes on with it."""

from datetime import date

import pytest
from support.cases.run import library
from support.fact_case import CLAIMS_HELD, ordinal, patient

from service.clinical.beginning import Beginning, Begins, beginning

COURSE = library().clinical.course("dupilumab", ("ad",))
DRUG = "dupilumab 300 mg syringe"


def found(*claims: tuple[int, int], **given: object) -> Beginning:
    """What an order begins after fills so many days ago for so many days."""
    entries = [{"drug": DRUG, "days": days, "on": f"{ago} days ago"} for ago, days in claims]
    return beginning(patient(claims=entries, **{**CLAIMS_HELD, **given}), COURSE)


def test_first_order_is_a_start() -> None:
    assert found() == Beginning(Begins.START)
    assert found().is_start


def test_order_during_supply_goes_on() -> None:
    assert found((200, 190)).begins is Begins.CONTINUES
    assert not found((200, 190)).is_start


def test_order_long_after_the_last_supply_is_a_restart_with_its_last_day() -> None:
    restart = found((900, 28))
    assert restart == Beginning(Begins.RESTART, ordinal(873))
    assert date.fromordinal(ordinal(873)) < date(2026, 11, 20)
    assert restart.is_start


def test_supply_of_today_alone_may_be_this_very_order() -> None:
    assert found((0, 28)).begins is Begins.UNKNOWN


@pytest.mark.parametrize(
    "given",
    [{"not_sent": ["claims", "dispenses", "medications", "medicationStatements"]}],
    ids=["nothing came"],
)
def test_order_without_any_list_of_drugs_is_not_known(given: dict[str, object]) -> None:
    assert found(**given).begins is Begins.UNKNOWN


def test_drug_without_a_course_is_not_known() -> None:
    assert beginning(patient(), None).begins is Begins.UNKNOWN
