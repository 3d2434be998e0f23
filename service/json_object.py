"""A JSON object as Python has it, whatever it holds."""

from typing import Any

Json = dict[str, Any]


def without_empty(value: Any) -> Any:
    """The value without members that are null or empty, at any depth; false and zero stay."""
    if isinstance(value, dict):
        members = ((name, without_empty(member)) for name, member in value.items())
        return {name: member for name, member in members if not _is_empty(member)}
    if isinstance(value, list | tuple):
        return [item for item in map(without_empty, value) if not _is_empty(item)]
    return value


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
