"""The names of resource types."""

import pytest

from service.fhir.resource_types import PRESCRIBERS, RESPONSE
from service.library.element_tree import RESOURCE_TYPES


@pytest.mark.parametrize("name", [RESPONSE, *PRESCRIBERS])
def test_named_type_is_one_of_r4(name: str) -> None:
    assert name in RESOURCE_TYPES
