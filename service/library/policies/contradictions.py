"""Criteria that no patient can tell apart or meet: twins, idle branches, demands that exclude each other."""

from collections.abc import Iterator
from typing import NamedTuple

from service.library.policies.implication import exclude, implies, question
from service.policy.criterion import Criterion, Op

Contradiction = tuple[str, str, str]  # the id where it stands, the sentence with {other}, the other id


class Demand(NamedTuple):
    """A criterion that must be met, or must not be, for what stands beside it to matter."""

    criterion: Criterion
    holds: bool


Demands = tuple[Demand, ...]
NEVER = "this can never be met here: {other} asks for the opposite"
NO_VALUE = "no value fits both this and {other}"
SAME_QUESTION = "this asks the same as {other}; strike one, or correct what should differ"
DECIDES_NOTHING = "whenever this is met, {other} is met too, so it decides nothing; strike it, or correct it"
ALWAYS = "this is always met here, since {other} asks for it; what stands beside it decides nothing"
ONE_WAY = "the test is always met here, since {other} asks for it; 'not_met' is never reached"
SAME_WAY = "both branches of 'choose' ask the same ({other}); the test decides nothing"


def demands(criterion: Criterion, *, holds: bool = True) -> Iterator[Demand]:
    """What must hold for a criterion to hold; a statement that overrides leaves it open."""
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
    """Every mistake at or below a criterion, where all that is given before and later holds too."""
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
    """What is given and cannot be together with what a criterion itself demands."""
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


def _members(children: tuple[Criterion, ...], given: Demands, later: Demands) -> Iterator[Contradiction]:
    """Each member beside the others: two that exclude each other are told at the second."""
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
    """Members of an `any` that another member, or what is given, makes needless."""
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
