"""What keeps an order from being met: a patient who died, a record not in use, an order not understood."""

from typing import Any

import pytest
from support.clinical.patient import DAY
from support.fact_case import patient

from service.facts.order.deceased_or_inactive import (
    DECEASED,
    INACTIVE,
    NOT_UNDERSTOOD,
    REPLACED,
    why_withheld,
)

CASE = patient()
ORDERS = next(one for one in CASE.knowledge.sources.values() if one.type == "MedicationRequest")


def why(order: dict[str, object] | None = None, **of_patient: Any) -> str | None:
    """Why an order for a patient with these elements is never met."""
    case = patient()
    case.record.resources["Patient"][0].update(of_patient)
    return why_withheld(case.record, order or case.order.resource, ORDERS, DAY)


def test_order_for_a_living_patient_is_judged() -> None:
    assert why() is None


@pytest.mark.parametrize("said", [True, "true", "yes", "Y", 1])
def test_patient_who_died_meets_nothing(said: object) -> None:
    assert why(deceasedBoolean=said) == DECEASED


@pytest.mark.parametrize("said", [False, "false", "No", "n", 0, " alive ", "unknown", ""])
def test_patient_who_is_said_to_be_alive_is_judged(said: object) -> None:
    assert why(deceasedBoolean=said) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-20", DECEASED),
        ("2026-11-21", None),
        ("2026-11", DECEASED),
        ("2026", DECEASED),
        ("some day", DECEASED),
    ],
)
def test_patient_has_died_by_the_day_of_death(day: str, expected: str | None) -> None:
    assert why(deceasedDateTime=day) == expected


@pytest.mark.parametrize("said", [False, "false", "False"])
def test_record_that_is_not_active_meets_nothing(said: object) -> None:
    assert why(active=said) == INACTIVE


@pytest.mark.parametrize("said", [True, "true", None])
def test_active_record_is_judged(said: object) -> None:
    assert why(active=said) is None


def test_record_that_another_one_replaced_meets_nothing() -> None:
    assert why(link=[{"type": "replaced-by"}]) == REPLACED
    assert why(link=[{"type": "seealso"}]) is None


def test_death_is_named_before_a_record_that_is_not_active() -> None:
    assert why(deceasedBoolean=True, active=False) == DECEASED


def test_order_with_an_unknown_modifier_is_not_understood() -> None:
    order = {**CASE.order.resource, "modifierExtension": [{"url": "https://ehr.example/odd"}]}
    assert why(order) == NOT_UNDERSTOOD
