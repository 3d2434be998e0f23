"""Finds criteria that ask the same, decide nothing or can never be met, whatever the patient."""

from collections.abc import Hashable, Iterator
from dataclasses import fields
from typing import Any, NamedTuple

from service.library.criteria.bounds import apart, between, beyond, inside, no_longer
from service.memo import per_document
from service.policy.model import Criterion, Op
from service.policy.operators import (
    Compare,
    Excluded,
    Operator,
    Recorded,
    Sessions,
    Specialty,
    Supply,
    Trend,
    TrialOutcome,
)

BOUNDS = {"at_least", "more_than", "at_most", "less_than"}
GROUPS = (Op.ALL, Op.ANY, Op.AT_LEAST)


@per_document
def question(criterion: Criterion) -> Hashable:
    """A key for what a criterion asks, independent of its id, its words and the order of its parts."""
    match criterion:
        case Criterion(op=Op.LEAF, operator=TrialOutcome(of=of)):
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
    """Whether `other` is certainly met whenever `one` is met."""
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
    """Whether certainly no value meets `one` while `other` is met (`holds`), or is not met."""
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
    """Whether `one` asks the same as `other` but stricter; False if this cannot be decided."""
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
    """Whether `one` asks for at least as large a change, in the same unit, or `other` asks for no amount."""
    same = {*one.of} <= {*other.of} and _same(one, other, {"of", "by"})
    if one.by is None or other.by is None:
        return same and (other.by is None)
    return same and one.by.unit == other.by.unit and one.by.value >= other.by.value


def _supplied_more(one: Supply, other: Supply) -> bool:
    """Whether `one` asks for at least as many days, within a time and of classes that are no wider."""
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
    """Whether two operators are equal apart from the fields `but`."""
    names = {operator_field.name for operator_field in fields(one)} - but
    return type(one) is type(other) and all(
        getattr(one, name) == getattr(other, name) for name in names
    )


Contradiction = tuple[str, str, str]  # the criterion's id, the message with {other}, the other's id


class Demand(NamedTuple):
    """A criterion that must be met (`holds`), or must not be met, for the criteria beside it to matter."""

    criterion: Criterion
    holds: bool


Demands = tuple[Demand, ...]
NEVER = "this can never be met here: {other} asks for the opposite"
NO_VALUE = "no value fits both this and {other}"
SAME_QUESTION = "this asks the same as {other}; strike one, or correct what should differ"
DECIDES_NOTHING = (
    "whenever this is met, {other} is met too, so it decides nothing; strike it, or correct it"
)
ALWAYS = "this is always met here, since {other} asks for it; what stands beside it decides nothing"
ONE_WAY = "the test is always met here, since {other} asks for it; 'not_met' is never reached"
SAME_WAY = "both branches of 'choose' ask the same ({other}); the test decides nothing"


def demands(criterion: Criterion, *, holds: bool = True) -> Iterator[Demand]:
    """What must hold for a criterion to hold; nothing if a statement can override the criterion."""
    if criterion.statement == "overrides":
        return
    if criterion.op is (Op.ALL if holds else Op.ANY):
        for child in criterion.children:
            yield from demands(child, holds=holds)
    elif criterion.op is Op.NOT:
        yield from demands(criterion.children[0], holds=not holds)
    else:
        yield Demand(criterion, holds)


def contradictions(
    criterion: Criterion, given: Demands = (), later: Demands = ()
) -> Iterator[Contradiction]:
    """Every contradiction at or below a criterion, if all demands `given` before and `later` hold too."""
    clash = next(_clashes(criterion, given), None)
    if clash is not None:
        yield criterion.id, *clash
        return
    children, beside = criterion.children, (*given, *later)
    match criterion.op:
        case Op.ALL:
            yield from _same_questions(children)
            yield from _members(children, given, later)
        case Op.ANY | Op.AT_LEAST:
            yield from _same_questions(children)
            yield from _needless(criterion, beside)
            for child in children:
                yield from contradictions(child, beside)
        case Op.CHOOSE:
            yield from _choose(criterion, beside)
        case _:
            for child in children:
                yield from contradictions(child)


def _clashes(criterion: Criterion, given: Demands) -> Iterator[tuple[str, str]]:
    """Given demands that cannot hold together with what the criterion itself demands."""
    if criterion.op is Op.ALL:
        return
    for mine in demands(criterion):
        for other in given:
            if why := _clash(mine, other):
                yield why, other.criterion.id


def _clash(one: Demand, other: Demand) -> str | None:
    """Why two demands cannot both hold; None if they can."""
    if one.holds and other.holds:
        return NO_VALUE if exclude(one.criterion, other.criterion, holds=True) else None
    if one.holds is other.holds:
        return None
    held, not_held = (one, other) if one.holds else (other, one)
    if implies(held.criterion, not_held.criterion):
        return NEVER
    return NO_VALUE if exclude(held.criterion, not_held.criterion, holds=False) else None


def _members(
    children: tuple[Criterion, ...], given: Demands, later: Demands
) -> Iterator[Contradiction]:
    """Members of an `all` against each other: if two exclude each other, the second has the mistake."""
    asked = [tuple(demands(child)) for child in children]
    for index, child in enumerate(children):
        before = tuple(demand for part in asked[:index] for demand in part)
        after = tuple(demand for part in asked[index + 1 :] for demand in part)
        yield from contradictions(child, (*given, *before), (*later, *after))


def _same_questions(children: tuple[Criterion, ...]) -> Iterator[Contradiction]:
    seen: dict[object, str] = {}
    for child in children:
        first = seen.setdefault(question(child), child.id)
        if first != child.id:
            yield child.id, SAME_QUESTION, first


def _needless(criterion: Criterion, given: Demands) -> Iterator[Contradiction]:
    """Members of an `any` that decide nothing because of another member or of a given demand."""
    if criterion.op is not Op.ANY:
        return
    for child in criterion.children:
        others = [sibling for sibling in criterion.children if question(sibling) != question(child)]
        wider = next((criterion for criterion in others if implies(child, criterion)), None)
        sure = next(
            (demand for demand in given if demand.holds and implies(demand.criterion, child)), None
        )
        if wider is not None:
            yield child.id, DECIDES_NOTHING, wider.id
        elif sure is not None:
            yield child.id, ALWAYS, sure.criterion.id


def _choose(criterion: Criterion, given: Demands) -> Iterator[Contradiction]:
    test, met, not_met = criterion.children
    sure = next(
        (demand for demand in given if demand.holds and implies(demand.criterion, test)), None
    )
    if sure is not None:
        yield test.id, ONE_WAY, sure.criterion.id
        return
    if question(met) == question(not_met):
        yield not_met.id, SAME_WAY, met.id
    yield from contradictions(test, given)
    yield from contradictions(met, (*given, *demands(test)))
    yield from contradictions(not_met, (*given, *demands(test, holds=False)))
