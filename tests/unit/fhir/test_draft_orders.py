"""Which draft orders are not to be carried out."""

from typing import Any

import pytest

from service.fhir.draft_orders import is_withdrawn


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"status": "draft"}, False),
        ({"status": "active", "doNotPerform": False}, False),
        ({}, False),
        ({"status": "draft", "doNotPerform": True}, True),
        ({"status": "cancelled"}, True),
        ({"status": "revoked"}, True),
        ({"status": "entered-in-error"}, True),
        ({"status": "on-hold"}, False),
    ],
    ids=str,
)
def test_an_order_is_withdrawn_by_its_status_or_as_a_prohibition(
    order: dict[str, Any], said: bool
) -> None:
    assert is_withdrawn(order) is said
