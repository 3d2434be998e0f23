"""One coverage read: which payer may be named."""

from typing import Any

import pytest

from service.facts.payer.coverage_reading import may_be_named

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("payor", "target", "expected"),
    [
        ({"display": "A name"}, {}, True),
        ({"reference": "Organization/o1"}, {}, True),
        ({"reference": "Patient/p1"}, {}, False),
        ({"reference": "urn:uuid:1"}, {"resourceType": "Organization"}, True),
        ({"reference": "urn:uuid:1"}, {"resourceType": "RelatedPerson"}, False),
        ({"type": "Patient", "display": "A name"}, {}, False),
    ],
)
def test_person_who_pays_is_not_named(payor: Json, target: Json, expected: bool) -> None:
    assert may_be_named(payor, target) is expected
