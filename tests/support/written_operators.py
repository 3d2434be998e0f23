"""Operators from what a document says, as the service reads them."""

from collections.abc import Mapping
from typing import Any

from service.library.shapes.operator_shapes import Q, shape_of


def written(kind: type[Q], given: Mapping[str, Any]) -> Q:
    """The operator of a kind that has these keys; pydantic's ValidationError where they are wrong."""
    return shape_of(kind).model_validate(given).operator()
