"""Windows of time that end on a day."""

from datetime import date

from service.fhir.values.days import FIRST, add_months
from service.policy.amount import Span


def back(day: int, span: Span) -> int:
    """The first day of a window of that length that ends on a day; months are calendar months."""
    if span.months:
        return add_months(date.fromordinal(day), -span.months).toordinal()
    return max(day - span.days, FIRST)
