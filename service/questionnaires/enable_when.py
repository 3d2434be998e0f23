"""When a question no longer matters because an earlier answer settled its branch of the policy.

Whether supply is shown is not known to a questionnaire: only an answer that settles a branch by itself
hides other questions.
"""

from collections.abc import Iterable
from typing import NamedTuple

from service.policy.model import Criterion, Op
from service.policy.operators import Statement, TrialOutcome

DECIDING = ("decides", "decides_before", "overrides")


class Condition(NamedTuple):
    """A question is shown unless the question `id` was answered with `unless`."""

    id: str
    unless: bool


def is_question(criterion: Criterion) -> bool:
    """Whether a statement under the criterion's own id answers it."""
    if criterion.statement in (*DECIDING, "outcome"):
        return True
    return isinstance(criterion.operator, Statement | TrialOutcome)


def conditions_of_alternative(before: Iterable[Criterion]) -> tuple[Condition, ...]:
    """The conditions of one way of several: none of the ways before it was stated to be met."""
    return tuple(Condition(id_, unless=True) for way in before for id_ in _settled_by_yes(way))


def conditions_of_part(before: Iterable[Criterion]) -> tuple[Condition, ...]:
    """The conditions of a part of one way: none of the parts before it was stated to fail."""
    return tuple(Condition(id_, unless=False) for part in before for id_ in _settled_by_no(part))


def _settled_by_yes(criterion: Criterion) -> list[str]:
    """The questions of which one yes is enough for the criterion, whatever the record shows."""
    if is_question(criterion):
        operator = criterion.operator
        for_review = isinstance(operator, Statement) and operator.for_review
        by_itself = criterion.statement in DECIDING or isinstance(operator, Statement)
        return [criterion.id] if by_itself and not for_review else []
    one_is_enough = criterion.op is Op.ANY or (criterion.op is Op.AT_LEAST and criterion.n == 1)
    if one_is_enough or (criterion.op is Op.ALL and len(criterion.children) == 1):
        return [id_ for child in criterion.children for id_ in _settled_by_yes(child)]
    return []


def _settled_by_no(criterion: Criterion) -> list[str]:
    """The questions of which one no is enough for the criterion to fail."""
    if is_question(criterion):
        operator = criterion.operator
        about_before = isinstance(operator, Statement) and operator.before
        # once the drug was given, a no about the time before it settles nothing
        return [] if about_before or criterion.statement == "decides_before" else [criterion.id]
    if criterion.op is Op.ALL or (criterion.op is Op.ANY and len(criterion.children) == 1):
        return [id_ for child in criterion.children for id_ in _settled_by_no(child)]
    return []
