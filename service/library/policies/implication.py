"""Which criterion, once met, surely makes another one met: by their shape, whatever the patient."""

from collections.abc import Hashable
from typing import Any

from service.library.criteria.bounds import apart, between, beyond, inside, no_longer
from service.policy.criterion import Criterion, Op
from service.policy.operators import (
    Compare,
    Excluded,
    Operator,
    Outcome,
    Recorded,
    Sessions,
    Specialty,
    Supply,
    Trend,
)

BOUNDS = {"at_least", "more_than", "at_most", "less_than"}
GROUPS = (Op.ALL, Op.ANY, Op.AT_LEAST)


def question(criterion: Criterion) -> Hashable:
    """What a criterion asks, whatever its id, its words and the order of its parts."""
    match criterion:
        case Criterion(op=Op.LEAF, operator=Outcome(of=of)):
            return ("outcome", of)
        case Criterion(op=Op.LEAF):
            return criterion.operator
        case Criterion(op=op) if op in GROUPS:
            return (op, criterion.n, frozenset(map(question, criterion.children)))
        case Criterion(op=Op.NOT | Op.CHOOSE):
            return (criterion.op, tuple(map(question, criterion.children)))
        case _:
            return criterion.id


def implies(one: Criterion, other: Criterion) -> bool:
    """Whether the other is surely met wherever the one is."""
    if question(one) == question(other):
        return True
    if one.op is Op.LEAF and other.op is Op.LEAF:
        return _asks_more(one.operator, other.operator)
    if one.op is Op.NOT and other.op is Op.NOT:
        return implies(other.children[0], one.children[0])
    return (
        (one.op is Op.ANY and all(implies(part, other) for part in one.children))
        or (other.op is Op.ALL and all(implies(one, part) for part in other.children))
        or (one.op is Op.ALL and any(implies(part, other) for part in one.children))
        or (other.op is Op.ANY and any(implies(one, part) for part in other.children))
    )


def exclude(one: Criterion, other: Criterion, *, holds: bool) -> bool:
    """Whether surely no value meets the one while the other is met, or is not met."""
    mine, its = one.operator, other.operator
    if not isinstance(mine, Compare) or not isinstance(its, Compare) or mine.pick == "any":
        return False
    passing = between(its) if holds else beyond(between(its))
    return (
        passing is not None
        and _same(mine, its, {*BOUNDS, "within"})
        and apart(between(mine), passing)
    )


def _asks_more(one: Operator | None, other: Operator | None) -> bool:
    """Whether one question is the other with more demanded or less allowed; else nothing is said."""
    more = False
    match one, other:
        case Compare(), Compare():
            loose = BOUNDS if one.pick == "baseline_if_treated" else {*BOUNDS, "within"}
            narrower = one.is_ is None and inside(between(one), between(other))
            more = narrower and _same(one, other, loose) and _no_longer(one, other, "within")
        case Recorded(), Recorded():
            fewer = {*one.fact} <= {*other.fact} and _same(one, other, {"fact", "within"})
            more = fewer and _no_longer(one, other, "within")
        case Supply(), Supply():
            more = _supplied_more(one, other)
        case Sessions(), Sessions():
            fewer = {*one.of} <= {*other.of} and _no_longer(other, one, "first_to_last")
            spans = {"of", "first_to_last", "ended_within"}
            more = fewer and _same(one, other, spans) and _no_longer(one, other, "ended_within")
        case Trend(), Trend():
            more = _moved_more(one, other)
        case Specialty(), Specialty():
            more = {*one.any_of} <= {*other.any_of} and _same(one, other, {"any_of"})
        case Excluded(), Excluded():
            more = {*one.every} >= {*other.every} and _same(one, other, {"every"})
    return more


def _moved_more(one: Trend, other: Trend) -> bool:
    """At least as far, in the same unit or by some margin where the other asks for none."""
    same = {*one.of} <= {*other.of} and _same(one, other, {"of", "by"})
    if one.by is None or other.by is None:
        return same and (other.by is None)
    return same and one.by.unit == other.by.unit and one.by.value >= other.by.value


def _supplied_more(one: Supply, other: Supply) -> bool:
    """More days of the same test within no longer a time, of no more classes."""
    longer_ones = {"days", "longest"}
    loose = {"of", *longer_ones, "ended_within", "now", "ever"}
    together = getattr(one, "together", False)
    return (
        ({*one.of} == {*other.of} if together else {*one.of} <= {*other.of})
        and _same(one, other, loose)
        and (one.now == other.now or other.ever)
        and (one.ever == other.ever or one.now)
        and all(_as_long(one, other, name) for name in longer_ones)
        and _no_longer(one, other, "ended_within")
    )


def _as_long(one: Supply, other: Supply, name: str) -> bool:
    mine, its = getattr(one, name), getattr(other, name)
    return (mine is None) is (its is None) and (mine is None or no_longer(its, mine))


def _no_longer(one: Any, other: Any, name: str) -> bool:
    return no_longer(getattr(one, name), getattr(other, name))


def _same(one: Operator, other: Operator, but: set[str]) -> bool:
    """Whether two operators are the same but for some words."""
    return type(one) is type(other) and one.model_dump(exclude=but) == other.model_dump(exclude=but)
