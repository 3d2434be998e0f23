"""What would change the answer: the residual formula, the cheapest open sets, what blocks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

from service.policy.criterion import Op
from service.policy.judge import Judged
from service.policy.truth import WAYS, Truth, Way, negate

Formula = str | dict[str, "object"]
Sets = list[frozenset[str]]
MOST_SETS = 5
KEPT_WHILE_COMBINING = 12


@dataclass(frozen=True, slots=True)
class Prices:
    """What it takes to answer each open question."""

    rank: dict[str, int]
    unsupported: frozenset[str]


def is_asked(judged: Judged) -> bool:
    """Whether this node is one question to the outside, not a group of them."""
    return judged.criterion.op in (Op.LEAF, Op.NOT) or judged.stated


def needs(judged: Judged) -> Formula | None:
    """The residual formula with all known parts removed; None when nothing is unknown."""
    if judged.truth is not Truth.UNKNOWN:
        return None
    if is_asked(judged):
        return judged.criterion.id
    return _needs_of_group(judged)


def _needs_of_group(judged: Judged) -> Formula:
    parts = [part for child in judged.children if (part := needs(child)) is not None]
    match judged.criterion.op:
        case Op.CHOOSE:
            names = ("test", "met", "not_met")
            branches = [needs(child) or str(child.truth) for child in judged.children]
            return {"choose": dict(zip(names, branches, strict=True))}
        case Op.AT_LEAST:
            known = sum(child.truth is Truth.MET for child in judged.children)
            return {"at_least": (judged.criterion.n or 0) - known, "of": parts}
    return parts[0] if len(parts) == 1 else {str(judged.criterion.op): parts}


def unsupported(judged: Judged) -> frozenset[str]:
    """Open questions that no statement settles and for which nothing in the record speaks.

    The usual way, as the policy marks it, needs no sign in the record to be proposed.
    """
    if judged.criterion.usual:
        return frozenset()
    if is_asked(judged):
        lacks = _open(judged) and not _has_evidence(judged)
        return frozenset([judged.criterion.id] if lacks and _is_dear(judged) else [])
    return frozenset().union(*map(unsupported, judged.children))


def _is_dear(judged: Judged) -> bool:
    return judged.finding.way not in (Way.ATTESTATION, Way.ORDER)


def _has_evidence(judged: Judged) -> bool:
    return bool(judged.finding.evidence) or any(_has_evidence(one) for one in judged.children)


def ways(judged: Judged) -> dict[str, Way]:
    """What kind of thing settles each open question."""
    return {node.criterion.id: node.finding.way for node in asked(judged) if _open(node)}


def asked(judged: Judged) -> Iterator[Judged]:
    """Every question to the outside in the tree."""
    if is_asked(judged):
        yield judged
        return
    for child in judged.children:
        yield from asked(child)


def _open(judged: Judged) -> bool:
    return judged.truth is Truth.UNKNOWN


def open_sets(judged: Judged) -> list[list[str]]:
    """At most five cheapest sets of questions that, answered well, make the policy met."""
    if judged.truth is not Truth.UNKNOWN:
        return []
    dearest = len(WAYS) - 1
    rank = {id_: dearest - WAYS.index(way) for id_, way in ways(judged).items()}
    prices = Prices(rank, unsupported(judged))
    found = _cheapest(_sets(judged, Truth.MET, prices), prices)
    minimal = [one for one in found if not any(other < one for other in found)]
    place = {node.criterion.id: index for index, node in reversed([*enumerate(asked(judged))])}
    return [sorted(one, key=place.__getitem__) for one in minimal[:MOST_SETS]]


def _sets(judged: Judged, want: Truth, prices: Prices) -> Sets:
    if judged.truth is not Truth.UNKNOWN:
        return [frozenset()] if judged.truth is want else []
    if is_asked(judged):
        return [frozenset([judged.criterion.id])]
    return _cheapest(_sets_of_group(judged, want, prices), prices)


def _sets_of_group(judged: Judged, want: Truth, prices: Prices) -> Sets:
    children = judged.children
    match judged.criterion.op:
        case Op.CHOOSE:
            test, if_met, if_not = children
            return _product(
                [_sets(test, Truth.MET, prices), _sets(if_met, want, prices)], prices
            ) + _product([_sets(test, Truth.NOT_MET, prices), _sets(if_not, want, prices)], prices)
    size = _children_needed(judged, want)
    options = [_sets(child, want, prices) for child in children]
    return [one for some in combinations(options, size) for one in _product(some, prices)]


def _children_needed(judged: Judged, want: Truth) -> int:
    count = len(judged.children)
    n = {Op.ALL: count, Op.ANY: 1}.get(judged.criterion.op, judged.criterion.n or 0)
    return n if want is Truth.MET else count - n + 1


def _product(options: Iterable[Sets], prices: Prices) -> Sets:
    def join(left: Sets, right: Sets) -> Sets:
        if len(left) == 1 or len(right) == 1:
            # One set on a side shifts every cost alike: the order stays.
            return [a | b for a in left for b in right]
        return _cheapest([a | b for a in left for b in right], prices)

    return reduce(join, options, [frozenset()])


def _cheapest(sets: Sets, prices: Prices) -> Sets:
    if not sets[1:]:
        return sets
    return sorted(set(sets), key=lambda one: _cost(one, prices))[:KEPT_WHILE_COMBINING]


def _cost(one: frozenset[str], prices: Prices) -> tuple[list[int], int, list[int], list[str]]:
    """The kinds it takes, dearest first; then what the record speaks for; then how many of each."""
    counts = [0] * len(WAYS)
    for id_ in one:
        counts[prices.rank[id_]] += 1
    kinds = [min(count, 1) for count in counts]
    return kinds, len(one & prices.unsupported), counts, sorted(one)


def blocking(judged: Judged) -> list[str]:
    """The questions whose answer keeps the policy from being met, in reading order."""
    return list(_blocking(judged, Truth.MET))


def _blocking(judged: Judged, want: Truth) -> Iterator[str]:
    if judged.truth is not negate(want):
        return
    if is_asked(judged):
        yield judged.criterion.id
        return
    for child in judged.children:
        yield from _blocking(child, want)
