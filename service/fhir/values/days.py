"""Days as ordinals; a partial or open date is the range of days it may mean."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from service.fhir.elements import first_object, is_unsaid
from service.fhir.values.zone import UNTOLD, Zone, instant
from service.json_object import Json
from service.memo import per_value

FIRST, LAST = date.min.toordinal(), date.max.toordinal()
_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.*)?)?)?$")


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


def parse_day(value: object, zone: Zone = UNTOLD) -> DayRange | None:
    """A FHIR date, dateTime or instant as the days it may mean; None when it is not one.

    An instant is a day in one zone, however it is written. A time that cannot be read leaves a day
    more or less.
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
    year, month, day = (int(part) if part else 0 for part in found.groups()[:3])
    try:
        if day:
            return _at(date(year, month, day), found[4], zone)
        last = date(year, month or 12, monthrange(year, month or 12)[1])
        return DayRange(date(year, month or 1, 1).toordinal(), last.toordinal())
    except ValueError:
        return None


def _at(written: date, time: str | None, zone: Zone) -> DayRange:
    """The day of a date with a time; without an offset it is the sender's own day."""
    day = written.toordinal()
    if time is None:
        return DayRange(day, day)
    moment = instant(written, time)
    if moment is None:
        return DayRange(max(FIRST, day - 1), min(LAST, day + 1))
    if moment.tzinfo is not None:
        day = zone.day_of(moment).toordinal()
    return DayRange(day, day)


def days_shown(said: str | None) -> DayRange | None:
    """What is shown of a day (`str` of a range) as the range again; None where an end of it is open."""
    ends = [parse_day(one) for one in (said or "").split(" to ")]
    known = [one for one in ends if one is not None]
    return DayRange(known[0].first, known[-1].last) if len(known) == len(ends) else None


def parse_when(value: object, zone: Zone = UNTOLD) -> DayRange | None:
    """A date, or a Period as the range from its start to its end; one that ends before it is none."""
    if not isinstance(value, dict):
        return parse_day(value, zone)
    start, end = parse_day(value.get("start"), zone), parse_day(value.get("end"), zone)
    if (start is None and end is None) or _is_backward(start, end):
        return None
    return DayRange(start.first if start else FIRST, end.last if end else LAST)


def _is_backward(start: DayRange | None, end: DayRange | None) -> bool:
    """Whether the end surely comes before the start."""
    return start is not None and end is not None and end.last < start.first


def contradict(values: Iterable[object], zone: Zone = UNTOLD) -> bool:
    """Whether what stands for one time ends before it starts, or is told twice, as other times.

    A day more or less may be the zone in which each was written.
    """
    spans: list[DayRange] = []
    for value in values:
        if (span := parse_when(value, zone)) is not None:
            spans.append(span)
        elif _is_told(value, "start", zone) and _is_told(value, "end", zone):
            return True
    if not spans:
        return False
    return max(one.first for one in spans) > min(one.last for one in spans) + 1


def _is_told(value: object, name: str, zone: Zone) -> bool:
    return isinstance(value, dict) and parse_day(value.get(name), zone) is not None


def latest(value: object, zone: Zone = UNTOLD) -> int | None:
    """The last day that a date or a Period names, whether it holds together or not."""
    ends = (value.get("start"), value.get("end")) if isinstance(value, dict) else (value,)
    return max((day.last for one in ends if (day := parse_day(one, zone))), default=None)


def period_open(period: object, day: int, zone: Zone = UNTOLD) -> bool | None:
    """Whether a Period holds on that day; without one, or with an open end, it does.

    None where it has an end, or a start, that cannot be read and that may decide, or ends before it starts.
    """
    if period in (None, "", [], {}):
        return True
    given = first_object(period)
    start, end = parse_day(given.get("start"), zone), parse_day(given.get("end"), zone)
    if _is_backward(start, end):
        return None
    if (start is not None and start.first > day) or (end is not None and end.last < day):
        return False
    unread = (
        one is None and _is_said(given, name) for name, one in (("start", start), ("end", end))
    )
    return None if not given or any(unread) else True


def _is_said(period: Json, name: str) -> bool:
    return period.get(name) not in (None, "", [], {}) or is_unsaid(period, name)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the days of one request are told: in which zone, and up to which day things are known."""

    zone: Zone = UNTOLD
    today: int = LAST


NO_CALENDAR = Calendar()


@per_value
def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
