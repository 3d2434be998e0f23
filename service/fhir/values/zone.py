"""The time zone that decides the day of an instant: the client's, the server's, or the sender's."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

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
