"""Bounds and spans against each other: which is longer, what lies between, what lies within what."""

from typing import NamedTuple

from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span
from service.policy.operators import Compare

# A calendar month has 28 to 31 days; so many months differ from their mean by at most this.
DAYS_OF_MONTH = 30.436875
SLACK = 3


class Between(NamedTuple):
    """The values that pass a comparison; an end that is None is open without limit."""

    low: Amount | None = None
    low_counts: bool = True
    high: Amount | None = None
    high_counts: bool = True


def between(asked: Compare) -> Between:
    """The values that pass."""
    return Between(
        asked.at_least or asked.more_than,
        asked.at_least is not None,
        asked.at_most or asked.less_than,
        asked.at_most is not None,
    )


def beyond(passing: Between) -> Between | None:
    """The values that do not pass; None where they lie on both sides."""
    low, low_counts, high, high_counts = passing
    if low is not None and high is not None:
        return None
    return Between(high, not high_counts, low, not low_counts)


def apart(one: Between, other: Between) -> bool:
    """Whether surely no value passes both."""
    return _above(one, other) or _above(other, one)


def _above(one: Between, other: Between) -> bool:
    order = _order(one.low, other.high)
    return order == 1 or (order == 0 and not (one.low_counts and other.high_counts))


def inside(one: Between, other: Between) -> bool:
    """Whether surely every value that passes the one passes the other."""
    low, high = _order(one.low, other.low), _order(other.high, one.high)
    low_fits = other.low is None or (
        low is not None and (low, other.low_counts) >= (0, one.low_counts)
    )
    high_fits = other.high is None or (
        high is not None and (high, other.high_counts) >= (0, one.high_counts)
    )
    return low_fits and high_fits


def longer(one: Span | None, other: Span | None) -> bool:
    """Whether the one span is surely longer than the other."""
    return _order(_as_amount(one), _as_amount(other)) == 1


def no_longer(one: Span | None, other: Span | None) -> bool:
    """Whether the one span surely lies within the other; one that is not said has no end."""
    return other is None or _order(_as_amount(one), _as_amount(other)) in (-1, 0)


def _as_amount(span: Span | None) -> Amount | None:
    if span is None:
        return None
    months = Amount(value=span.months, unit="months")
    return months if span.months else Amount(value=span.days, unit="days")


def _order(one: Amount | None, other: Amount | None) -> int | None:
    """1 above, 0 the same, -1 below; None where it cannot be said."""
    if one is None or other is None:
        return None
    for factors in (DAYS_OF, MONTHS_OF, {one.unit: 1}):
        if one.unit in factors and other.unit in factors:
            return _sign(one.value * factors[one.unit] - other.value * factors[other.unit])
    days, others = _days(one), _days(other)
    if days is None or others is None or abs(days - others) <= SLACK:
        return None
    return _sign(days - others)


def _days(amount: Amount) -> float | None:
    if amount.unit in DAYS_OF:
        return amount.value * DAYS_OF[amount.unit]
    months = MONTHS_OF.get(amount.unit)
    return None if months is None else amount.value * months * DAYS_OF_MONTH


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
