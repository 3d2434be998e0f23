"""Days as ordinals (`date.toordinal`), a range where a date is open; the time zone that a day is meant in."""

import re
import time
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from service.fhir.elements import first_object, is_unsaid
from service.json_object import Json
from service.memo import per_value

_TIME = re.compile(
    r"T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:[.,]\d+)?)?(?:(Z)|([+-])(0\d|1[0-4]):?([0-5]\d))?"
)
_FRACTION = re.compile(r"[.,](\d+)")
LONGEST = len("2026-11-20T23:30:00.123456789+00:00") + 10
SUMMER_TIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone in which instants of one request are turned into days.

    `named` is the client's zone. Without it this machine's zone is used; if that is UTC,
    which is nobody's local time, the offset that the sender wrote is used: of the order
    (`sender`), else of the instant itself.
    """

    named: tzinfo | None = None
    sender: timedelta | None = None

    def day_of(self, moment: datetime) -> date:
        """The day of an instant."""
        try:
            return self._day_of(moment)
        except OverflowError:  # at the ends of the calendar
            return moment.date()

    def _day_of(self, moment: datetime) -> date:
        if self.named is not None:
            return moment.astimezone(self.named).date()
        if not _keeps_utc():
            return moment.astimezone().date()
        written = moment.utcoffset()
        if written and (self.sender is None or abs(written - self.sender) <= SUMMER_TIME):
            return moment.date()
        return moment.astimezone(timezone(self.sender) if self.sender else UTC).date()


NO_ZONE = Zone()


def _keeps_utc() -> bool:
    """Whether this machine's zone is UTC, as on most servers."""
    return not (time.timezone or time.daylight)


def instant(day: date, written: str) -> datetime | None:
    """A day with a time like `T23:30:00.5-06:00`; without an offset it stays without a zone."""
    match = _TIME.fullmatch(written)
    if match is None:
        return None
    hour, minute, second, utc, sign, hours, minutes = match.groups()
    zone: tzinfo | None = UTC if utc else None
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        zone = timezone(-offset if sign == "-" else offset)
    # a leap second belongs to its own minute
    seconds = min(int(second or 0), 59)
    return datetime(day.year, day.month, day.day, int(hour), int(minute), seconds, 0, zone)


def moment_of(value: object) -> datetime | None:
    """A FHIR instant (day, time and offset); None for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    day, _, rest = value.strip().partition("T")
    try:
        moment = instant(date.fromisoformat(day), f"T{rest}")
    except ValueError:
        return None
    fraction = _FRACTION.search(rest)
    if moment is None or moment.tzinfo is None:
        return None
    return moment if fraction is None else moment.replace(microsecond=int(f"{fraction[1]:0<6}"[:6]))


def offset_of(value: object) -> timedelta | None:
    """The offset of an instant; None for UTC, which says nothing about the sender's zone."""
    moment = moment_of(value)
    return (moment.utcoffset() or None) if moment else None


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


def parse_day(value: object, zone: Zone = NO_ZONE) -> DayRange | None:
    """A FHIR date, dateTime or instant as the days it may mean; None if it is none.

    The day of an instant depends on the zone only. A time that cannot be read leaves a day
    before and after possible.
    """
    if isinstance(value, str) and len(value) == len("2026-11-20"):
        try:
            ordinal = date.fromisoformat(value).toordinal()
        except ValueError:
            return None
        return DayRange(ordinal, ordinal)
    match = _DATE.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups()[:3])
    try:
        if day:
            return _at(date(year, month, day), match[4], zone)
        last = date(year, month or 12, monthrange(year, month or 12)[1])
        return DayRange(date(year, month or 1, 1).toordinal(), last.toordinal())
    except ValueError:
        return None


def _at(written: date, time: str | None, zone: Zone) -> DayRange:
    """The day of a date with a time; without an offset it is the date as written."""
    day = written.toordinal()
    if time is None:
        return DayRange(day, day)
    moment = instant(written, time)
    if moment is None:
        return DayRange(max(FIRST, day - 1), min(LAST, day + 1))
    if moment.tzinfo is not None:
        day = zone.day_of(moment).toordinal()
    return DayRange(day, day)


def days_shown(shown_range: str | None) -> DayRange | None:
    """Parses `str(DayRange)` back into a range; None if an end is open."""
    ends = [parse_day(end) for end in (shown_range or "").split(" to ")]
    read_ends = [end for end in ends if end is not None]
    return DayRange(read_ends[0].first, read_ends[-1].last) if len(read_ends) == len(ends) else None


def parse_when(value: object, zone: Zone = NO_ZONE) -> DayRange | None:
    """A date, or a Period from start to end; None if it ends before it starts or is neither."""
    if not isinstance(value, dict):
        return parse_day(value, zone)
    start, end = parse_day(value.get("start"), zone), parse_day(value.get("end"), zone)
    if (start is None and end is None) or _is_backward(start, end):
        return None
    return DayRange(start.first if start else FIRST, end.last if end else LAST)


def _is_backward(start: DayRange | None, end: DayRange | None) -> bool:
    """Whether the end is certainly before the start."""
    return start is not None and end is not None and end.last < start.first


def contradict(values: Iterable[object], zone: Zone = NO_ZONE) -> bool:
    """Whether values that state one time contradict each other, or a Period ends before it starts.

    A difference of one day is allowed, since the values may be in different zones.
    """
    spans: list[DayRange] = []
    for value in values:
        if (span := parse_when(value, zone)) is not None:
            spans.append(span)
        elif _is_readable(value, "start", zone) and _is_readable(value, "end", zone):
            return True
    if not spans:
        return False
    return max(span.first for span in spans) > min(span.last for span in spans) + 1


def _is_readable(value: object, name: str, zone: Zone) -> bool:
    return isinstance(value, dict) and parse_day(value.get(name), zone) is not None


def latest(value: object, zone: Zone = NO_ZONE) -> int | None:
    """The last day of a date or Period, even if it ends before it starts; None if there is none."""
    ends = (value.get("start"), value.get("end")) if isinstance(value, dict) else (value,)
    return max((day.last for end in ends if (day := parse_day(end, zone))), default=None)


def period_open(period: object, day: int, zone: Zone = NO_ZONE) -> bool | None:
    """Whether a Period includes a day; True without a period or with open ends.

    None if a start or end that may decide cannot be read, or if it ends before it starts.
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
        end is None and _is_present(given, name) for name, end in (("start", start), ("end", end))
    )
    return None if not given or any(unread) else True


def _is_present(period: Json, name: str) -> bool:
    return period.get(name) not in (None, "", [], {}) or is_unsaid(period, name)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The zone in which instants of one request are days, and the day asked about.

    `remembered` is what was computed of the resources of that request.
    """

    zone: Zone = NO_ZONE
    today: int = LAST
    remembered: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)


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


def months_between(earlier: date, later: date) -> int:
    """Whole calendar months from one day to a later one, as an age is counted."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months if add_months(earlier, months) <= later else months - 1
