"""A policy version: its indications, and its criteria as a tree, each with its wording and its source."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple

from service.policy.amount import Span
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


# Met only if all shown children are met; those of `one_class` are the children of one class.
WHOLES = (Op.ALL, Op.ONE_CLASS)
StatementRole = Literal["decides", "decides_before", "overrides", "outcome", "part"]


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """A sentence that explains without counting, shown when its criterion is met."""

    when: "Criterion"
    says: str


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Criterion:
    """One node of the tree; `repeated` are the questions that occur more than once below it.

    A statement counts under the criterion's id, else under the ids in `stated_as`. Equal operators are
    the same object. `on_card` is its question on a card, or what a card calls it if it asks none.
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
    on_card: str | None = None
    usual: bool = False
    readings: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    repeated: frozenset[Operator] = frozenset()
    single: bool = field(init=False)

    def __post_init__(self) -> None:
        # `single`: whether the criterion is one question to the outside.
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
    """Questions that occur more than once: Kleene's rules alone may give unknown where the truth is known."""
    counted = Counter(leaf.operator for child in children for leaf in leaves(child))
    return frozenset(op for op, n in counted.items() if op is not None and n > 1)


def group(op: Op, children: tuple[Criterion, ...], *, id_: str, says: str, cite: str) -> Criterion:
    """A group node over criteria that exist already."""
    return Criterion(id_, says, cite, op, children, repeated=repeated(children))


QUESTIONNAIRES = "https://dupilumab-cds.github.io/fhir/Questionnaire/"


class ReviewState(StrEnum):
    """How far the review of a version is; `evaluation` is one that two people have not reviewed."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    ACTIVE = "active"
    EVALUATION = "evaluation"


# Those that may judge orders; the others are judged by in shadow and by commands only.
MAY_JUDGE = frozenset({ReviewState.ACTIVE, ReviewState.EVALUATION})


class Months(NamedTuple):
    """How many months an approval lasts, the first one and each later one."""

    initial: int
    renewal: int


@dataclass(frozen=True, slots=True)
class Indication:
    """One disease that the policy names; `not_encoded` says why its criteria are not here yet."""

    id: str
    title: str
    conditions: tuple[str, ...]
    initial: Criterion | None = None
    renewal: Criterion | None = None
    not_encoded: str | None = None
    approval_months: Months | None = None


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of a payer's policy for one drug, in force from `effective` until `until`."""

    id: str
    payer: str
    title: str
    drug: str
    effective: date
    until: date | None
    url: str | None
    document: str
    approval_months: Months
    indications: Mapping[str, Indication]
    common_initial: tuple[Criterion, ...]
    common_renewal: tuple[Criterion, ...]
    approved_before: str
    statements_valid: Span
    window_statements_valid: Span | None = None
    renewal_after: Span | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    not_encoded: tuple[tuple[str, str], ...] = ()
    state: ReviewState = ReviewState.EVALUATION

    def common(self, path: str) -> tuple[Criterion, ...]:
        """The criteria of a path (`initial` or `renewal`) that are for every indication."""
        return self.common_initial if path == "initial" else self.common_renewal

    def trees(self) -> Iterator[Criterion]:
        """The outermost criteria of both paths: those for every indication, then those of each."""
        yield from (*self.common_initial, *self.common_renewal)
        for one in self.indications.values():
            yield from (tree for tree in (one.initial, one.renewal) if tree is not None)

    def criteria(self) -> Iterator[Criterion]:
        """Every criterion of both paths; those of `one_class` come once for each class."""
        for tree in self.trees():
            yield from walk(tree)

    def questionnaire(self, indication: str, path: str) -> str:
        """The canonical of the questionnaire for one indication and path."""
        name = f"{self.id}-{indication}-{path}".replace("/", "-")
        return f"{QUESTIONNAIRES}{name}|{self.effective.isoformat()}"

    def months(self, indication: str, phase: Literal["initial", "renewal"]) -> int:
        """How many months an approval for an indication lasts."""
        own = self.indications[indication].approval_months or self.approval_months
        return own.initial if phase == "initial" else own.renewal

    def in_force(self, day: date) -> bool:
        """Whether this version decides on that day (both ends included)."""
        return self.effective <= day and (self.until is None or day <= self.until)
