"""The bounds of a question taken together: the values that pass, and whether they become fewer."""

from service.library.criteria.bounds import Between, inside
from service.pages.difference.change import Kind, stricter
from service.policy.amount import Amount, Span
from service.policy.operators import BOUNDS, Operator

LOWER, UPPER = ("at_least", "more_than"), ("at_most", "less_than")
STRICT = ("more_than", "less_than")


def bounds_of(operator: Operator) -> tuple[str, ...]:
    """The names of its bounds, where one value can be bounded in more than one way."""
    names = type(operator).model_fields
    return tuple(one for one in BOUNDS if one in names) if {*STRICT} & {*names} else ()


def narrowed(old: Operator, new: Operator) -> Kind | None:
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
