"""What the record must hold for a criterion to be met, so that most criteria need not be judged."""

from collections.abc import Iterable
from typing import NamedTuple

from service.facts.case import Case
from service.facts.knowledge import Knowledge
from service.facts.model import Fact
from service.memo import per_document
from service.policy.criterion import Criterion, Op
from service.policy.judge import holds
from service.policy.operators import Compare, Operator, Recorded, Stopped, Supply, Trend

# Kinds of facts that may be met without an entry of their value sets.
BY_ITSELF = ("age", "sites", "grade")


class NeededEntry(NamedTuple):
    """An entry in one of these value sets, or an order for one of these diseases."""

    value_sets: frozenset[str] = frozenset()
    indications: frozenset[str] = frozenset()


def surely_met(case: Case, criterion: Criterion) -> bool:
    """Whether a criterion without statements is met; it is judged only if the record may meet it."""
    return may_be_met(case, criterion) and holds(criterion, case.ask)


def may_be_met(case: Case, criterion: Criterion) -> bool:
    """Whether the record holds something of everything that a criterion needs; if not, it is not met.

    What it then leaves open is left open by missing data alone, never for a review.
    """
    return all(_is_left(case, trace) for trace in traces_of(case.knowledge, criterion))


def _is_left(case: Case, trace: NeededEntry) -> bool:
    if not case.record.value_sets.isdisjoint(trace.value_sets):
        return True
    return case.order.reason_given and not trace.indications.isdisjoint(case.order.indications)


@per_document
def traces_of(knowledge: Knowledge, criterion: Criterion) -> tuple[NeededEntry, ...]:
    """The traces of which each must be there for a criterion to be met; empty if nothing is needed."""
    if criterion.op is Op.LEAF:
        return _of_operator(knowledge, criterion.operator)
    if criterion.op is Op.NOT or criterion.op is Op.CHOOSE or not criterion.children:
        return ()
    each = [traces_of(knowledge, child) for child in criterion.children]
    if criterion.op is Op.ALL:
        return tuple(dict.fromkeys(trace for traces in each for trace in traces))
    # One of the children must be met, whichever it is.
    return (_any_of(traces[0] for traces in each),) if all(each) else ()


def _of_operator(knowledge: Knowledge, operator: Operator | None) -> tuple[NeededEntry, ...]:
    match operator:
        case Supply(otherwise=None) | Stopped():
            return (NeededEntry(frozenset(operator.of)),)
        case Recorded():
            names = operator.fact
        case Trend():
            names = operator.of
        case Compare(otherwise=None):
            names = (operator.fact,)
        case _:
            return ()
    facts = [knowledge.facts[name] for name in names]
    if any(fact.kind in BY_ITSELF for fact in facts):
        return ()
    return (_any_of(map(_of_fact, facts)),)


def _of_fact(fact: Fact) -> NeededEntry:
    shared = (name for share in fact.shares for name in share.of)
    return NeededEntry(frozenset((*fact.value_sets, *shared)), frozenset(fact.indications))


def _any_of(traces: Iterable[NeededEntry]) -> NeededEntry:
    every = list(traces)
    return NeededEntry(
        frozenset().union(*(trace.value_sets for trace in every)),
        frozenset().union(*(trace.indications for trace in every)),
    )
