"""Members of a request that must be there, each refused with its place."""

from typing import Any

from service.errors import RequestError
from service.json_object import Json


def child(parent: Json, name: str, place: str) -> Json:
    """A member that must be an object."""
    return as_object(_required(parent, name, place), place)


def as_object(value: object, place: str) -> Json:
    """A value that must be an object."""
    if not isinstance(value, dict):
        raise RequestError(400, "structure", f"{place}: must be an object")
    return value


def required_text(parent: Json, name: str, place: str) -> str:
    """A member that must be a text with something in it."""
    value = _required(parent, name, place)
    if not isinstance(value, str):
        raise RequestError(400, "structure", f"{place}: must be a string")
    if not value.strip():
        raise RequestError(400, "required", f"{place}: must not be empty")
    return value


def items(parent: Json, name: str, place: str) -> list[Any]:
    """A member that must be an array."""
    value = _required(parent, name, place)
    if not isinstance(value, list):
        raise RequestError(400, "structure", f"{place}: must be an array")
    return value


def texts(parent: Json, name: str, place: str) -> tuple[str, ...]:
    """A member that must be an array of strings."""
    values = items(parent, name, place)
    if not all(isinstance(value, str) for value in values):
        raise RequestError(400, "structure", f"{place}: must be an array of strings")
    return tuple(values)


def _required(parent: Json, name: str, place: str) -> object:
    value: object = parent.get(name)
    if value is None:
        raise RequestError(400, "required", f"{place}: required")
    return value
