"""A value against the bounds of an operator, exact or an interval."""

from service.fhir.values.quantity import Measure
from service.policy.amount import Amount
from service.policy.finding import Remark, remark
from service.policy.operators import Better, Compare
from service.policy.truth import Truth


def below_bounds(shown: str | Remark, asked: Compare) -> Remark:
    """A value that does not pass, with the bounds that it would have to pass."""
    return remark(
        "needs",
        shown=shown,
        at_least=asked.at_least,
        more_than=asked.more_than,
        at_most=asked.at_most,
        less_than=asked.less_than,
    )


def passes_bounds(asked: Compare, value: Measure) -> Truth:
    """Whether a value, exact or an interval, passes every bound of the operator."""
    truths = []
    if asked.at_least:
        truths.append(_at_least(value, asked.at_least.value, strict=False))
    if asked.more_than:
        truths.append(_at_least(value, asked.more_than.value, strict=True))
    if asked.at_most:
        truths.append(_flip(_at_least(value, asked.at_most.value, strict=True)))
    if asked.less_than:
        truths.append(_flip(_at_least(value, asked.less_than.value, strict=False)))
    if Truth.NOT_MET in truths:
        return Truth.NOT_MET
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.MET


def _at_least(value: Measure, bound: float, *, strict: bool) -> Truth:
    """Above the bound; on it counts too unless `strict`."""
    reached = value.low > bound or (value.low == bound and (not strict or value.low_open))
    if reached:
        return Truth.MET
    missed = value.high < bound or (value.high == bound and (strict or value.high_open))
    return Truth.NOT_MET if missed else Truth.UNKNOWN


def _flip(truth: Truth) -> Truth:
    return {Truth.MET: Truth.NOT_MET, Truth.NOT_MET: Truth.MET}.get(truth, truth)


# Units are converted by factors: a difference after the ninth place is a rounding error.
PLACES = 9
PERCENT = 100


def moved_enough(by: Amount, better: Better, old: Measure, new: Measure) -> Truth:
    """Whether a value moved to the better side by at least `by`; an interval must agree at both ends.

    A share of zero or of a negative value is undefined: then the answer is unknown.
    """
    if by.relative and old.low <= 0:
        return Truth.UNKNOWN
    sign = 1 if better == "lower" else -1
    # What the old value must still be above (or below) to have moved far enough.
    share_left = 1 - sign * by.value / PERCENT if by.relative else 1.0
    needed = 0.0 if by.relative else by.value
    ends = (old.low, old.high) if sign > 0 else (old.high, old.low)
    others = (new.high, new.low) if sign > 0 else (new.low, new.high)
    least, most = (
        round(sign * (_share(old_end, share_left) - new_end) - needed, PLACES)
        for old_end, new_end in zip(ends, others, strict=True)
    )
    if least >= 0:
        return Truth.MET
    return Truth.NOT_MET if most < 0 or (most == 0 and _open(better, old, new)) else Truth.UNKNOWN


def _share(value: float, share_left: float) -> float:
    return value * share_left if share_left else 0.0


def _open(better: Better, old: Measure, new: Measure) -> bool:
    """Whether the largest possible move is an open end, which no value reaches."""
    return old.high_open or new.low_open if better == "lower" else old.low_open or new.high_open
