"""A policy as a tree of criteria, each with its id, its wording and its line in the source."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from service.policy.operators import Operator, one_of


class Op(StrEnum):
    """How a criterion depends on its children; a leaf asks the facts instead."""

    LEAF = "leaf"
    ALL = "all"
    ANY = "any"
    NOT = "not"
    AT_LEAST = "at_least"
    CHOOSE = "choose"
    ONE_CLASS = "one_class"


# As the members of `Truth`: had sooner by names of their own.
LEAF, ALL, ANY, NOT, AT_LEAST, CHOOSE, ONE_CLASS = Op

# What is met only with all that is shown below it; of `one_class` that is the witness.
WHOLES = (Op.ALL, Op.ONE_CLASS)


StatementRole = Literal["decides", "decides_before", "overrides", "outcome", "part"]


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """A sentence that explains without counting, shown when its criterion is met."""

    when: "Criterion"
    says: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Criterion:
    """One node of the tree; `repeated` names the questions asked more than once below it.

    A statement counts under its own id, else under those of `stated_as`. The same question is the
    same object wherever it stands.
    """

    id: str
    says: str
    cite: str
    op: Op
    children: tuple["Criterion", ...] = ()
    n: int | None = None
    operator: Operator | None = None
    statement: StatementRole | None = None
    stated_as: tuple[str, ...] = ()
    asks: str | None = None
    short: str | None = None
    usual: bool = False
    readings: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    repeated: frozenset[Operator] = frozenset()
    single: bool = field(init=False)

    def __post_init__(self) -> None:
        # Whether it is one question by itself.
        # speed: read some hundred times per request; a field takes 0.03 µs, a property 0.15
        object.__setattr__(self, "single", self.op in (Op.LEAF, Op.NOT))
        if self.operator is not None:
            object.__setattr__(self, "operator", one_of(self.operator))


def leaves(criterion: Criterion) -> Iterator[Criterion]:
    """Every leaf below, in reading order."""
    if criterion.op is Op.LEAF:
        yield criterion
    for child in criterion.children:
        yield from leaves(child)


def walk(criterion: Criterion) -> Iterator[Criterion]:
    """Every criterion below and this one, in reading order."""
    yield criterion
    for child in criterion.children:
        yield from walk(child)


def repeated(children: tuple[Criterion, ...]) -> frozenset[Operator]:
    """The questions that stand more than once below; Kleene alone may lose certainty there."""
    counted = Counter(leaf.operator for child in children for leaf in leaves(child))
    return frozenset(op for op, n in counted.items() if op is not None and n > 1)


def group(op: Op, children: tuple[Criterion, ...], *, id_: str, says: str, cite: str) -> Criterion:
    """A group node over criteria that exist already."""
    return Criterion(id_, says, cite, op, children, repeated=repeated(children))
