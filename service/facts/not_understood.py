"""Entries that say something that is not understood here: no evidence, and no silence either."""

from collections.abc import Iterable

from service.facts.case import when
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.sources.doubts import (
    ABOUT,
    ABSENT,
    DATES,
    LATER,
    MEANINGLESS,
    MODIFIER,
    NAMED,
    RULES,
    STATUS,
)
from service.fhir.values.days import ANY_DAY, DayRange, latest
from service.policy.remark import Remark, remark

WORDS = {
    MODIFIER: remark("not_used_extension"),
    RULES: remark("not_used_rules"),
    ABOUT: remark("not_used_about_other"),
    LATER: remark("not_used_later"),
    ABSENT: remark("not_used_absent"),
    DATES: remark("not_used_dates"),
    NAMED: remark("not_used_named"),
    STATUS: remark("not_used_status"),
}
NOT_USED = remark("not_used")
# Doubts with which an entry may still be such a result, and the newest one.
OPEN = MEANINGLESS | {STATUS, DATES, NAMED}


def not_understood(hits: Iterable[Hit]) -> list[Hit]:
    """The entries that do not count because their meaning is not understood."""
    return [hit for hit in hits if hit.doubt is not None]


def why(hit: Hit) -> Remark:
    """Why an entry does not count."""
    return WORDS.get(hit.doubt or "", NOT_USED)


def may_be_newer(hits: Iterable[Hit], days: Iterable[DayRange | None]) -> bool:
    """Whether such an entry may be newer than all that is understood."""
    open_hits = [hit for hit in hits if hit.doubt in OPEN]
    if not open_hits:
        return False
    since = max((day.first for day in days if day), default=ANY_DAY.first)
    return any(_last_day(hit) >= since for hit in open_hits)


def _last_day(hit: Hit) -> int:
    """The last day that it may be of; where its dates contradict each other, the last of them."""
    if hit.doubt != DATES:
        return (when(hit) or ANY_DAY).last
    written = (value for steps in hit.source.dates for value in read(steps, hit.resource))
    days = (latest(value, hit.calendar.zone) for value in written)
    return max((day for day in days if day is not None), default=ANY_DAY.last)
