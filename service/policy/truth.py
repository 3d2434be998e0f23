"""Three values, the reasons for the third, and Kleene's connectives."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """What is known of a criterion; unknown always comes with a reason."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a criterion is unknown, from the one nearest to an answer to the farthest."""

    ATTESTATION = "attestation"
    REVIEW = "review"
    WEAK_EVIDENCE = "weak_evidence"
    IMPRECISE = "imprecise"
    UNIT = "unit"
    UNMAPPED = "unmapped"
    CONFLICT = "conflict"
    STALE = "stale"
    INCOMPLETE = "incomplete"
    NOT_SUPPLIED = "not_supplied"
    NOT_HELD = "not_held"
    NOT_FOUND = "not_found"


class Way(StrEnum):
    """What would settle an unknown, from the cheapest to the most expensive."""

    ATTESTATION = "attestation"
    ORDER = "order"
    DATA = "data"
    TEST = "test"
    TIME = "time"
    REVIEW = "review"


REASONS = tuple(Reason)
WAYS = tuple(Way)


def negate(truth: Truth) -> Truth:
    """Kleene's not."""
    if truth is Truth.MET:
        return Truth.NOT_MET
    if truth is Truth.NOT_MET:
        return Truth.MET
    return Truth.UNKNOWN


def at_least(n: int, truths: Iterable[Truth]) -> Truth:
    """Met if n are met, not met if n no longer can be; `all` and `any` are special cases."""
    met = unknown = 0
    for truth in truths:
        met += truth is Truth.MET
        unknown += truth is Truth.UNKNOWN
    if met >= n:
        return Truth.MET
    return Truth.UNKNOWN if met + unknown >= n else Truth.NOT_MET


def choose(test: Truth, if_met: Truth, if_not: Truth) -> Truth:
    """The branch that the test picks; if the test is unknown, the truth on which both agree."""
    if test is Truth.MET:
        return if_met
    if test is Truth.NOT_MET:
        return if_not
    return if_met if if_met is if_not else Truth.UNKNOWN
