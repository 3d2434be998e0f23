"""A JSON object as Python has it, whatever it holds."""

from typing import Any

Json = dict[str, Any]


def without_empty(value: Any) -> Any:
    """A copy without members that are null or empty, at any depth; None if nothing is left.

    False and zero stay.
    """
    kind = type(value)
    if kind is dict:
        return {
            name: full for name, member in value.items() if (full := _full(member)) is not None
        } or None
    if kind is list or kind is tuple:
        return [full for item in value if (full := _full(item)) is not None] or None
    return None if value == "" else value


def _full(value: Any) -> Any:
    """The same for a member; most are texts."""
    if type(value) is str:
        return value or None
    return without_empty(value)
