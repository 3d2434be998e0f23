"""Days as ordinals; a partial or open date is the range of days it may mean."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from service.fhir.elements import Json

FIRST, LAST = date.min.toordinal(), date.max.toordinal()
_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$")


class DayRange(NamedTuple):
    """The first and the last day that something may have happened on, as ordinals."""

    first: int
    last: int

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.first == self.last

    def __str__(self) -> str:
        if self.exact:
            return date.fromordinal(self.first).isoformat()
        ends = [
            "" if end in (FIRST, LAST) else date.fromordinal(end).isoformat()
            for end in (self.first, self.last)
        ]
        return " to ".join(end or "?" for end in ends)


ANY_DAY = DayRange(FIRST, LAST)


def parse_day(value: object) -> DayRange | None:
    """A FHIR date, dateTime or instant as the days it may mean; None when it is not one.

    The day is the one written, in the zone it was written in, as a clinician reads it.
    """
    if isinstance(value, str) and len(value) == len("2026-11-20"):
        try:
            ordinal = date.fromisoformat(value).toordinal()
        except ValueError:
            return None
        return DayRange(ordinal, ordinal)
    found = _DATE.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if day:
            ordinal = date(year, month, day).toordinal()
            return DayRange(ordinal, ordinal)
        last = date(year, month or 12, monthrange(year, month or 12)[1])
        return DayRange(date(year, month or 1, 1).toordinal(), last.toordinal())
    except ValueError:
        return None


def parse_when(value: object) -> DayRange | None:
    """A date, or a Period as the range from its start to its end."""
    if not isinstance(value, dict):
        return parse_day(value)
    start, end = parse_day(value.get("start")), parse_day(value.get("end"))
    if start is None and end is None:
        return None
    return DayRange(start.first if start else FIRST, end.last if end else LAST)


def period_open(value: Json, day: int) -> bool:
    """Whether a Period may include that day; an open end counts as going on."""
    when = parse_when(value)
    return when is None or when.first <= day <= when.last


@lru_cache(maxsize=1024)
def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
