"""What a client's sources hold, and from which day on."""

from datetime import date

import pytest

from service.facts.client import Client

FIRST = date(2026, 1, 1)
CLIENT = Client("ehr", {"claims": FIRST, "dispenses": True, "chart": False})


@pytest.mark.parametrize(
    ("source", "day", "holds"),
    [
        ("claims", FIRST.toordinal(), True),
        ("claims", FIRST.toordinal() - 1, None),
        ("dispenses", 1, True),
        ("chart", 1, False),
        ("approvals", 1, False),
    ],
)
def test_source_holds_data_from_its_day_on(source: str, day: int, holds: bool | None) -> None:
    assert CLIENT.holds_since(source, day) is holds
