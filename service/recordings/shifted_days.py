"""Days moved by a number of days, so that ages and spans in months stay what they were."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from service.fhir.values.days import add_months, months_between
from service.recordings.safe.ages import OLDEST_AGE
from service.recordings.safe.safe_elements import DAYS

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}.*)?)?)?")
_TIME = re.compile(r"T(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?")
ALL_PAIRS = 60  # of more days not every pair is compared
EARLIEST, LATEST = 1800, 2200  # what lies outside is no day of a patient


def exact_day(written: str) -> date | None:
    """The day of a FHIR date or dateTime; None if it is partial or none."""
    parts = _DAY.fullmatch(written)
    if parts is None or parts[3] is None:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def first_day(written: str) -> date | None:
    """The first day that a FHIR date or dateTime may mean; None if it cannot be read."""
    parts = _DAY.fullmatch(written)
    try:
        return parts and date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
    except ValueError:
        return None


def moved(written: str, days: int) -> str | None:
    """A FHIR date or dateTime so many days later; None if it cannot be read.

    Fractions of a second are dropped. Of a partial date the middle is moved.
    """
    parts = _DAY.fullmatch(written)
    if parts is None:
        return None
    try:
        middle = date(int(parts[1]), int(parts[2] or 7), int(parts[3] or 15))
        there = middle + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    if parts[2] is None:
        return f"{there:%Y}"
    if parts[3] is None:
        return f"{there:%Y-%m}"
    time = _TIME.fullmatch(parts[4]) if parts[4] else None
    if parts[4] and time is None:
        return None
    return f"{there.isoformat()}T{time[1]}{time[2] or ''}" if time else there.isoformat()


def keeps_spans(days: Iterable[date], today: date, offset: int, *, pairs: bool) -> bool:
    """Whether every span to the day of judging, or between any two days, has as many months as before."""
    known = sorted({*days, today})
    move = timedelta(days=offset)
    if known[0].year < EARLIEST or known[-1].year > LATEST:
        return False
    if not pairs or len(known) > ALL_PAIRS:
        return all(_same(day, today, move) for day in known)
    return all(_same(one, other, move) for n, one in enumerate(known) for other in known[n + 1 :])


def _same(one: date, other: date, move: timedelta) -> bool:
    first, last = min(one, other), max(one, other)
    return months_between(first, last) == months_between(first + move, last + move) and _edges(
        first, last, move
    )


def _edges(first: date, last: date, move: timedelta) -> bool:
    """Whether a window of so many months that ends on the last day holds the first day as before."""
    months = months_between(first, last)
    return all(
        (add_months(last, -count) <= first) == (add_months(last + move, -count) <= first + move)
        for count in (months, months + 1)
    )


def oldest_birth(today: date) -> date:
    """The day of birth that everybody of 90 years and more is given."""
    return add_months(today, -12 * OLDEST_AGE)


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
