"""Episodes on a background therapy: the day before each began must lie in covered days of it."""

from collections.abc import Sequence
from dataclasses import replace

from service.facts.case import Case
from service.facts.episodes.episode import Episode
from service.facts.supply.background import on_background
from service.fhir.values.days import FIRST, DayRange
from service.policy.operators import Background
from service.policy.truth import Reason, Truth


def _day_before(day: DayRange) -> DayRange:
    """What is first handed over on the day of a visit was not taken before it."""
    return DayRange(max(day.first - 1, FIRST), max(day.last - 1, FIRST))


def on_therapy(case: Case, during: Sequence[Background], one: Episode) -> Episode | None:
    """The episode; doubtful where its therapy is, None where it is known that there was none."""
    found = on_background(case, during, _day_before(min(one.starts)))
    if found.truth is Truth.MET:
        return one
    if found.truth is Truth.NOT_MET:
        return None
    doubt = (found.reason or Reason.NOT_FOUND, found.way)
    shown = one.shown._replace(value=f"{one.shown.value}; {found.miss}")
    # What lies before it is the nearer doubt: a visit that may be none needs no therapy.
    return replace(one, low=0, doubt=doubt if one.low else one.doubt, shown=shown)
