"""Compares bounds and spans with each other, and finds those so long or so wide that they decide nothing."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from service.facts.supply.supply_tests import YEAR
from service.library.shapes import FactShape, TrialDefaultsShape
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span
from service.policy.operators import Compare, CoveredDays, CurrentFor, Operator, Sessions, Supply

# Mean length of a calendar month; any number of months differs from it by at most SLACK days.
DAYS_OF_MONTH = 30.436875
SLACK = 3


class Between(NamedTuple):
    """The values that pass a comparison; an end that is None is open without limit."""

    low: Amount | None = None
    low_counts: bool = True
    high: Amount | None = None
    high_counts: bool = True


def between(asked: Compare) -> Between:
    """The values that pass a comparison."""
    return Between(
        asked.at_least or asked.more_than,
        asked.at_least is not None,
        asked.at_most or asked.less_than,
        asked.at_most is not None,
    )


def beyond(passing: Between) -> Between | None:
    """The values that do not pass; None if they lie on both sides of those that do."""
    low, low_counts, high, high_counts = passing
    if low is not None and high is not None:
        return None
    return Between(high, not high_counts, low, not low_counts)


def apart(one: Between, other: Between) -> bool:
    """Whether certainly no value passes both."""
    return _above(one, other) or _above(other, one)


def _above(one: Between, other: Between) -> bool:
    order = _order(one.low, other.high)
    return order == 1 or (order == 0 and not (one.low_counts and other.high_counts))


def inside(one: Between, other: Between) -> bool:
    """Whether certainly every value that passes `one` passes `other`."""
    low, high = _order(one.low, other.low), _order(other.high, one.high)
    low_fits = other.low is None or (
        low is not None and (low, other.low_counts) >= (0, one.low_counts)
    )
    high_fits = other.high is None or (
        high is not None and (high, other.high_counts) >= (0, one.high_counts)
    )
    return low_fits and high_fits


def longer(one: Span | None, other: Span | None) -> bool:
    """Whether `one` is certainly longer than `other`."""
    return _order(_as_amount(one), _as_amount(other)) == 1


def no_longer(one: Span | None, other: Span | None) -> bool:
    """Whether `one` is certainly no longer than `other`; a span of None has no end."""
    return other is None or _order(_as_amount(one), _as_amount(other)) in (-1, 0)


def _as_amount(span: Span | None) -> Amount | None:
    if span is None:
        return None
    months = Amount(value=span.months, unit="months")
    return months if span.months else Amount(value=span.days, unit="days")


def _order(one: Amount | None, other: Amount | None) -> int | None:
    """1 if `one` is greater, 0 if equal, -1 if less; None if that is unclear."""
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


Wrong = Iterator[tuple[tuple[str, ...], str]]


def wrong_windows(
    asked: Operator | None, facts: Mapping[str, FactShape], trial: TrialDefaultsShape
) -> Wrong:
    """Parts of an operator that can never be met or are always met, with their keys."""
    match asked:
        case Supply():
            yield from _supply(asked, trial)
        case Sessions() if longer(asked.ended_within, YEAR):
            yield ("sessions", "ended_within"), _looks_too_far_back(asked.ended_within, YEAR)
        case Compare() if asked.fact in facts and facts[asked.fact].kind == "quantity":
            yield from _bounds(asked, facts[asked.fact])
        case _:
            return


def wrong_defaults(trial: TrialDefaultsShape) -> Iterator[tuple[tuple[str, str], str]]:
    """Trial defaults whose length or gap is longer than the time looked back over."""
    if longer(trial.for_, trial.look_back):
        yield ("trial", "for"), _looks_too_far_back(trial.for_, trial.look_back)
    if longer(trial.gap, trial.look_back):
        yield ("trial", "gap"), _looks_too_far_back(trial.gap, trial.look_back)


def _supply(asked: Supply, trial: TrialDefaultsShape) -> Wrong:
    back = asked.look_back or YEAR
    noted_at_head = longer(trial.for_, trial.look_back) and asked.days == trial.for_
    if asked.days is not None and longer(asked.days, back) and not noted_at_head:
        yield ("supply", "days"), _looks_too_far_back(asked.days, back)
    if longer(asked.ended_within, back):
        yield ("supply", "ended_within"), _looks_too_far_back(asked.ended_within, back)
    match asked.covered, asked.current_for:
        case CoveredDays(at_least=wanted, in_last=last), _ if longer(wanted, last):
            message = f"{wanted} do not fit into the last {last}"
            yield ("supply", "covered", "at_least"), message
        case _, CurrentFor(gap=gap, at_least=least, more_than=more) if longer(gap, least or more):
            yield ("supply", "current_for", "gap"), _gap_too_long(gap, least or more)
        case _:
            if asked.longest is not None and longer(asked.gap, asked.longest):
                yield ("supply", "gap"), _gap_too_long(asked.gap, asked.longest)


def _looks_too_far_back(span: Span | None, back: Span) -> str:
    return f"{span} are longer than the {back} that are looked back over"


def _gap_too_long(gap: Span | None, run: Span | None) -> str:
    return f"a gap of {gap} is longer than the {run} that are asked for"


def _bounds(asked: Compare, fact: FactShape) -> Wrong:
    low, high = sorted(fact.range or (float("-inf"), float("inf")))
    for key, always, never in (
        ("at_least", low, None),
        ("more_than", None, high),
        ("at_most", high, None),
        ("less_than", None, low),
    ):
        bound = getattr(asked, key)
        if bound is None or bound.unit != fact.unit:
            continue
        ends = f"'{fact.fact}', which goes from {low:g} to {high:g} {fact.unit}"
        if bound.value == always:
            yield (key,), f"{bound} lets every value pass of {ends}"
        elif bound.value == never:
            yield (key,), f"{bound} lets no value pass of {ends}"
