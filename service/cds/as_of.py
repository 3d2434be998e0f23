"""The day as of which orders are judged."""

from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Literal


@dataclass(frozen=True, slots=True)
class AsOf:
    """`day`: this day for every order; `order`: each order's own day, or `day` if it has none.

    If the day is today, `now` is the current time, to find the day in another time zone.
    """

    kind: Literal["day", "order"]
    day: date
    now: datetime | None = None

    def told_in(self, zone: tzinfo | None) -> "AsOf":
        """The same with today's date in another time zone."""
        if self.now is None or zone is None:
            return self
        return replace(self, day=self.now.astimezone(zone).date())
