"""What differs in one place, in words, and which way it goes."""

from enum import StrEnum
from typing import NamedTuple

from service.library.criteria.bounds import Between, inside
from service.policy.amount import Amount, Span
from service.policy.operators import BOUNDS, Operator


class Kind(StrEnum):
    """Which way a difference goes for the patient's order."""

    TIGHTER = "tighter"
    LOOSER = "looser"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    REWORDED = "reworded"


class Change(NamedTuple):
    """One difference: where it stands, in the criterion's own words, and what it is."""

    kind: Kind
    where: str
    what: str
    says: str = ""


OPPOSITE = {Kind.TIGHTER: Kind.LOOSER, Kind.LOOSER: Kind.TIGHTER}


def direction_for_whole(kind: Kind, above: int) -> Kind:
    """The way it goes for the whole: turned below a NOT (-1), not to be said below a test (0)."""
    if kind not in OPPOSITE:
        return kind
    if above == 0:
        return Kind.CHANGED
    return kind if above > 0 else OPPOSITE[kind]


def stricter(more: bool | None) -> Kind:  # noqa: FBT001 - the three answers of a comparison
    """Tighter, looser, or not to be said."""
    return Kind.CHANGED if more is None else Kind.TIGHTER if more else Kind.LOOSER


LOWER, UPPER = ("at_least", "more_than"), ("at_most", "less_than")


STRICT = ("more_than", "less_than")


def bounds_of(operator: Operator) -> tuple[str, ...]:
    """The names of its bounds, where one value can be bounded in more than one way."""
    names = type(operator).model_fields
    return tuple(name for name in BOUNDS if name in names) if {*STRICT} & {*names} else ()


def bounds_direction(old: Operator, new: Operator) -> Kind | None:
    """Fewer values pass: tighter; more: looser; None where the same pass."""
    before, after = _between(old), _between(new)
    if before is None or after is None:
        return Kind.CHANGED
    fewer, more = inside(after, before), inside(before, after)
    if fewer and more:
        return None
    return stricter(fewer if fewer is not more else None)


def _between(asked: Operator) -> Between | None:
    """The values that pass; None where its bounds are of several units."""
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
