"""A value against the bounds of an operator, exact or an interval."""

from service.fhir.values.quantity import Measure
from service.policy.operators import Compare
from service.policy.truth import Truth


def needed(asked: Compare) -> str:
    """The bounds in words."""
    words = {
        "at least": asked.at_least,
        "more than": asked.more_than,
        "at most": asked.at_most,
        "less than": asked.less_than,
    }
    return " and ".join(f"{word} {amount}" for word, amount in words.items() if amount)


def decide(asked: Compare, value: Measure) -> Truth:
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
