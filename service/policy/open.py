"""What would change the answer: the residual formula, the cheapest open sets, what blocks."""

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import combinations
from typing import NamedTuple

from service.policy.criterion import Op
from service.policy.judge import Judged
from service.policy.truth import WAYS, Truth, Way, negate

Formula = str | dict[str, "object"]
Sets = list[frozenset[str]]
MOST_SETS = 5
KEPT_WHILE_COMBINING = 12


class Price(NamedTuple):
    """What it takes to answer one open question: a bit for the kind, a digit to count it by."""

    kind: int
    digit: int
    unsupported: int


Prices = dict[str, Price]
PRICES = {way: (1 << index, 1 << (index * 10)) for index, way in enumerate(WAYS)}


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


def asked(judged: Judged) -> list[Judged]:
    """Every question to the outside in the tree, in reading order."""
    found: list[Judged] = []
    _collect(judged, found)
    return found


def _collect(judged: Judged, found: list[Judged]) -> None:
    if is_asked(judged):
        found.append(judged)
        return
    for child in judged.children:
        _collect(child, found)


def _has_evidence(judged: Judged) -> bool:
    return bool(judged.finding.evidence) or any(_has_evidence(one) for one in judged.children)


def open_sets(judged: Judged) -> list[list[Judged]]:
    """At most five cheapest sets of questions that, answered well, make the policy met."""
    if judged.truth is not Truth.UNKNOWN:
        return []
    nodes = [node for node in asked(judged) if node.truth is Truth.UNKNOWN]
    by_id = {node.criterion.id: node for node in nodes}
    prices = {id_: _price(node) for id_, node in by_id.items()} | _usual_prices(judged)
    found = _cheapest(_sets(judged, Truth.MET, prices), prices)
    minimal = [one for one in found if not any(other < one for other in found)]
    return [[node for id_, node in by_id.items() if id_ in one] for one in minimal[:MOST_SETS]]


def _price(judged: Judged) -> Price:
    """Dear is what no statement settles; dearer yet where nothing in the record speaks for it."""
    way = judged.finding.way
    dear = way not in (Way.ATTESTATION, Way.ORDER)
    return Price(*PRICES[way], unsupported=int(dear and not _has_evidence(judged)))


def _usual_prices(judged: Judged) -> Prices:
    """The usual way, as the policy marks it, needs no sign in the record to be proposed."""
    if judged.criterion.usual:
        nodes = (node for node in asked(judged) if node.truth is Truth.UNKNOWN)
        return {node.criterion.id: _price(node)._replace(unsupported=0) for node in nodes}
    return {id_: p for child in judged.children for id_, p in _usual_prices(child).items()}


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
    unique = list(dict.fromkeys(sets))
    return sorted(unique, key=lambda one: _cost(one, prices))[:KEPT_WHILE_COMBINING]


def _cost(one: frozenset[str], prices: Prices) -> tuple[int, int, int]:
    """The kinds it takes, dearest first; then what the record speaks for; then how many of each."""
    kinds = unsupported = counts = 0
    for id_ in one:
        price = prices[id_]
        kinds |= price.kind
        unsupported += price.unsupported
        counts += price.digit
    return kinds, unsupported, counts


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
