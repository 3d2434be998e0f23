"""Every day in a request moved by a number of days, as a replay on another day needs it."""

from typing import Any

from service.recordings.safe_elements import DAYS
from service.recordings.shifted_days import moved

Json = dict[str, Any]


def with_days_moved(value: Any, days: int) -> Any:
    """The same request or resource, each of its days so many days later."""
    if isinstance(value, list):
        return [with_days_moved(one, days) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _moved(name, content, days) for name, content in value.items()}


def _moved(name: str, value: Any, days: int) -> Any:
    if name in DAYS and isinstance(value, str):
        return moved(value, days) or value
    if name in DAYS and isinstance(value, list):
        return [(moved(one, days) or one) if isinstance(one, str) else one for one in value]
    return with_days_moved(value, days)


def days_in(value: Any) -> "list[str]":
    """Every day that stands in a resource."""
    if isinstance(value, list):
        return [day for one in value for day in days_in(one)]
    if not isinstance(value, dict):
        return []
    own = [one for name, one in value.items() if name in DAYS and isinstance(one, str)]
    return own + [day for one in value.values() for day in days_in(one)]
