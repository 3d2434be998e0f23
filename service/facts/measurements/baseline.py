"""Values from before treatment, and how long before the first dose one may have been taken."""

from collections.abc import Sequence
from typing import NamedTuple

from service.facts.case import Case, back
from service.facts.measurements.results import Result
from service.fhir.values.days import DayRange
from service.policy.amount import Span
from service.policy.remark import Remark, remark

NO_VALUE = remark("no_value_before")


class Window(NamedTuple):
    """The days from which on a baseline counts; several where the first dose has no exact day."""

    opens: DayRange | None = None
    miss: Remark = NO_VALUE

    def may_hold(self, day: DayRange | None) -> bool:
        """Whether a value of that day is not surely too old."""
        return self.opens is None or day is None or day.last >= self.opens.first

    def holds(self, day: DayRange | None) -> bool:
        """Whether a value of that day is surely not too old."""
        return self.opens is None or (day is not None and day.first >= self.opens.last)

    def kept(self, series: Sequence[Result]) -> list[Result]:
        """The values that are not surely too old."""
        return [result for result in series if self.may_hold(result.day)]

    def sure(self, series: Sequence[Result]) -> bool:
        """Whether all of the values are surely not too old."""
        return all(self.holds(result.day) for result in series)


def window(case: Case, start: DayRange, within: Span | None) -> Window:
    """What a span before the first dose allows; without one every day does."""
    if within is None:
        return Window()
    # A partial date of the first dose gives a range of days on which the window may open.
    opens = DayRange(back(start.first, within), back(min(start.last, case.today), within))
    return Window(opens, remark("nothing_in_span_before", span=within))


def baseline(series: Sequence[Result], start: DayRange) -> tuple[list[Result], bool]:
    """The results certainly from before treatment, and whether others may be from before too."""
    before = [result for result in series if result.day and result.day.last <= start.first]
    maybe = any(result not in before and may_be_before(result, start) for result in series)
    return before, maybe


def may_be_before(result: Result, start: DayRange) -> bool:
    """Whether a result may be from before treatment."""
    return result.day is None or result.day.first <= start.last
