"""The day on which a question is asked."""

from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Literal


@dataclass(frozen=True, slots=True)
class AsOf:
    """`day`: that day for every order; `order`: the order's own day, and `day` where it has none.

    Where the day is today's, `now` is the moment, which is another day elsewhere.
    """

    kind: Literal["day", "order"]
    day: date
    now: datetime | None = None

    def told_in(self, zone: tzinfo | None) -> "AsOf":
        """The same question where today is told in that zone."""
        if self.now is None or zone is None:
            return self
        return replace(self, day=self.now.astimezone(zone).date())
