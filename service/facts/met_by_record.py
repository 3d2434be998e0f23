"""Whether the record surely meets a criterion; a question that no entry could meet is not asked."""

from itertools import chain
from typing import NamedTuple

from service.facts.case import Case
from service.facts.fact import Fact
from service.facts.knowledge import Knowledge
from service.memo import per_document
from service.policy.judge import holds, judge
from service.policy.judged_criterion import nodes
from service.policy.model import Criterion, Op, leaves
from service.policy.operators import Compare, Recorded, Stopped, Supply, Trend
from service.policy.truth import Reason, Truth

# Kinds of facts that may be met without an entry of their value sets.
BY_ITSELF = ("age", "sites", "grade")


class NeededEntry(NamedTuple):
    """An entry in one of these value sets, or an order for one of these diseases."""

    value_sets: frozenset[str] = frozenset()
    indications: frozenset[str] = frozenset()


def surely_met(case: Case, criterion: Criterion) -> bool:
    """Whether a criterion without statements is met; a question that the record cannot meet is not asked.

    The others are asked as `holds` asks them, so that the same entries are reported as set aside.
    """
    match criterion.op:
        case Op.LEAF:
            return may_be_met(case, criterion) and holds(criterion, case.ask)
        case Op.ALL:
            return all(surely_met(case, child) for child in criterion.children)
        case Op.ANY if not criterion.repeated:
            return any(surely_met(case, child) for child in criterion.children)
        case _:
            return holds(criterion, case.ask)


def may_be_met(case: Case, leaf: Criterion) -> bool:
    """Whether record and order hold what the question of a leaf needs to be met; if not, it is not met."""
    needed = needed_entry(case.knowledge, leaf)
    if needed is None or not case.record.value_sets.isdisjoint(needed.value_sets):
        return True
    return case.order.reason_given and not needed.indications.isdisjoint(case.order.indications)


def look_at_entries(case: Case, criterion: Criterion) -> None:
    """Reads the entries that a criterion is about though nothing is asked.

    So the record can report those of them that it sets aside (`Record.set_aside`).
    """
    for fact in _facts_of(case.knowledge, criterion):
        for hit in case.hits(fact.sources, fact.value_sets):
            hit.standing  # noqa: B018 - is computed at its first reading


@per_document
def _facts_of(knowledge: Knowledge, criterion: Criterion) -> tuple[Fact, ...]:
    """The facts that the leaves of a criterion name."""
    names: list[str] = []
    for leaf in leaves(criterion):
        match leaf.operator:
            case Recorded() as operator:
                names += operator.fact
            case Trend() as operator:
                names += operator.of
            case Compare() as operator:
                names.append(operator.fact)
    return tuple(knowledge.facts[name] for name in dict.fromkeys(names))


@per_document
def needed_entry(knowledge: Knowledge, leaf: Criterion) -> NeededEntry | None:
    """What must be there for the question of a leaf to be met; None if it may be met without any entry."""
    match leaf.operator:
        case (Supply(otherwise=None) | Stopped()) as operator:
            return NeededEntry(frozenset(operator.of))
        case Recorded(perhaps=False) as operator:
            names = operator.fact
        case Trend() as operator:
            names = operator.of
        case Compare(otherwise=None) as operator:
            names = (operator.fact,)
        case _:
            return None
    facts = [knowledge.facts[name] for name in names]
    if any(fact.kind in BY_ITSELF for fact in facts):
        return None
    shared = (share.of for fact in facts for share in fact.shares)
    return NeededEntry(
        frozenset(chain(*(fact.value_sets for fact in facts), *shared)),
        frozenset(chain(*(fact.indications for fact in facts))),
    )


def is_shown(case: Case, criterion: Criterion) -> bool:
    """Whether a criterion is met, or open only because lists or names in words are its evidence."""
    if surely_met(case, criterion):
        return True
    if not asks_lists(criterion):
        return False
    judged = judge(criterion, case.ask)
    open_ = judged.truth is Truth.UNKNOWN and judged.finding.reason is Reason.REVIEW
    return open_ and any(node.finding.evidence for node in nodes(judged))


@per_document
def asks_lists(criterion: Criterion) -> bool:
    """Whether a supply test in it leaves evidence from lists alone to the reviewer."""
    supplies = (leaf.operator for leaf in leaves(criterion) if isinstance(leaf.operator, Supply))
    return any(supply.elsewhere == "review" for supply in supplies)
