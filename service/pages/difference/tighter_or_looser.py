"""One difference between two versions, and whether it is tighter or looser."""

from dataclasses import fields
from enum import StrEnum
from typing import NamedTuple

from service.library.criteria.bounds import Between, inside
from service.policy.amount import Amount, Span
from service.policy.operators import BOUNDS, Operator


class Kind(StrEnum):
    """Whether a difference makes it harder (tighter) or easier (looser) for an order to be met."""

    TIGHTER = "tighter"
    LOOSER = "looser"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    REWORDED = "reworded"


TITLES = {
    Kind.TIGHTER: "Tighter",
    Kind.LOOSER: "Looser",
    Kind.CHANGED: "Changed (which way cannot be said)",
    Kind.NEW: "New",
    Kind.GONE: "Gone",
    Kind.REWORDED: "Reworded",
}


class Change(NamedTuple):
    """One difference: where it is, what it is, and the criterion's own words (`says`)."""

    kind: Kind
    where: str
    what: str
    says: str = ""


OPPOSITE = {Kind.TIGHTER: Kind.LOOSER, Kind.LOOSER: Kind.TIGHTER}


def direction_for_whole(kind: Kind, above: int) -> Kind:
    """The direction for the whole policy: reversed below a NOT (-1), not decidable below a test (0)."""
    if kind not in OPPOSITE:
        return kind
    if above == 0:
        return Kind.CHANGED
    return kind if above > 0 else OPPOSITE[kind]


def stricter(more: bool | None) -> Kind:  # noqa: FBT001 - the three answers of a comparison
    """Tighter if True, looser if False; None cannot be decided, so it is only changed."""
    return Kind.CHANGED if more is None else Kind.TIGHTER if more else Kind.LOOSER


LOWER, UPPER = ("at_least", "more_than"), ("at_most", "less_than")


STRICT = ("more_than", "less_than")


def bounds_of(operator: Operator) -> tuple[str, ...]:
    """The names of an operator's bounds; empty for operators that know no strict bounds."""
    names = {operator_field.name for operator_field in fields(operator)}
    return tuple(name for name in BOUNDS if name in names) if {*STRICT} & names else ()


def bounds_direction(old: Operator, new: Operator) -> Kind | None:
    """Tighter if fewer values pass the new bounds, looser if more; None if the same values pass."""
    before, after = _between(old), _between(new)
    if before is None or after is None:
        return Kind.CHANGED
    fewer, more = inside(after, before), inside(before, after)
    if fewer and more:
        return None
    return stricter(fewer if fewer is not more else None)


def _between(asked: Operator) -> Between | None:
    """The values that pass; None if the bounds are in several units."""
    given = {name: _amount(value) for name in BOUNDS if (value := getattr(asked, name, None))}
    if len({bound.unit for bound in given.values()}) > 1:
        return None
    low = max(
        (n for n in LOWER if n in given), key=lambda n: (given[n].value, n in STRICT), default=None
    )
    high = min(
        (n for n in UPPER if n in given),
        key=lambda n: (given[n].value, n not in STRICT),
        default=None,
    )
    return Between(
        given[low] if low else None,
        low not in STRICT,
        given[high] if high else None,
        high not in STRICT,
    )


def _amount(bound: Amount | Span) -> Amount:
    if not isinstance(bound, Span):
        return bound
    months = Amount(value=bound.months, unit="months")
    return months if bound.months else Amount(value=bound.days, unit="days")
