"""Operators as documents write them: their words, and a shape for each class of `policy/operators.py`.

A shape is made from the fields of the class. The key of a field is its name without an underscore at the
end; amounts and spans are written as text.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import reduce
from operator import or_
from types import GenericAlias, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Generic,
    Literal,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import Field, create_model

from service.library.shapes.written import AmountText, SaysTemplate, Shape, SpanText
from service.policy.amount import Amount, Span
from service.policy.operators import (
    BOUNDS,
    ApprovedBefore,
    AtMostOneOf,
    Background,
    Compare,
    CoveredDays,
    CurrentFor,
    DoseTrend,
    Episodes,
    Excluded,
    ExposedFor,
    Fewer,
    NetworkPharmacy,
    Operator,
    Recorded,
    Regimen,
    Sessions,
    Specialty,
    Stopped,
    Supply,
    Trend,
    one_of,
)

Q = TypeVar("Q", bound=Operator)

# Operators whose fields are the keys of a map below the word.
NESTED: Mapping[str, type[Operator]] = {
    "supply": Supply,
    "sessions": Sessions,
    "excluded": Excluded,
    "trend": Trend,
    "dose_trend": DoseTrend,
    "episodes": Episodes,
    "fewer": Fewer,
    "regimen": Regimen,
    "specialty": Specialty,
    "exposed_for": ExposedFor,
    "stopped": Stopped,
    "at_most_one_of": AtMostOneOf,
}
# Operators that are written as `word: true`.
FLAGS: Mapping[str, type[Operator]] = {
    "approved_before": ApprovedBefore,
    "network_pharmacy": NetworkPharmacy,
}
# The keys of `fact` and `recorded` are written beside the word.
COMPARE_KEYS = (
    "fact",
    "is",
    *BOUNDS,
    "pick",
    "within",
    "baseline_within",
    "before_first",
    "during",
    "contradicted",
    "accepts",
    "scale",
    "otherwise",
)
RECORDED_KEYS = ("pick", "within", "baseline_within", "accepts", "open_set", "perhaps")

# The kinds of value sets that hold drugs.
CLASSES = ("therapy_class", "drug")
# Keys that name value sets, and of which kinds.
SETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "supply": {"of": CLASSES, "disease": ("condition",), "other_diseases": ("condition",)},
    "sessions": {"of": CLASSES},
    "dose_trend": {"of": CLASSES},
    "excluded": {"every": CLASSES, "any": CLASSES},
    "exposed_for": {"of": CLASSES},
    "stopped": {"of": CLASSES},
    "at_most_one_of": {"of": CLASSES},
    "specialty": {"any_of": ("specialty",)},
}
# Lists that may be written as one text.
LISTS: Mapping[str, tuple[str, ...]] = {
    "supply": ("of", "ingredients", "disease", "other_diseases"),
    "sessions": ("of",),
    "trend": ("of",),
    "dose_trend": ("of",),
    "excluded": ("every", "any", "for"),
    "exposed_for": ("of",),
    "stopped": ("of", "for", "ingredients"),
    "at_most_one_of": ("of",),
    "episodes": ("of",),
    "fewer": ("of",),
    "specialty": ("any_of",),
}

# Fields whose key has another name.
KEYS = {"reasons": "for"}
# Fields with a limit that their type does not say.
LIMITED: Mapping[tuple[type[Operator], str], Any] = {
    (Episodes, "at_least"): Annotated[int, Field(strict=True, ge=1)],
}
# Spans that may be counted in calendar months, though other operators count days under that key.
CALENDAR: Mapping[type[Operator], frozenset[str]] = {
    Episodes: frozenset({"in_last"}),
    Fewer: frozenset({"in_last"}),
    ExposedFor: frozenset({"at_least"}),
}
# Keys that writers confuse with another one.
MEANT: Mapping[type[Operator], Mapping[str, str]] = dict.fromkeys(
    (Trend, DoseTrend), dict.fromkeys((*BOUNDS, "margin"), "by")
)


class OperatorShape(Shape, Generic[Q]):
    """An operator as it is written; `calendar` and `meant` are its entries of the tables above."""

    makes: ClassVar[type[Any]]
    calendar: ClassVar[frozenset[str]]
    meant: ClassVar[Mapping[str, str]]

    def operator(self) -> Q:
        """The operator that is written."""
        operator: Q = self.makes(**{name: _plain(value) for name, value in self})
        return operator


def _plain(value: object) -> object:
    """The value of a field, with operators in place of their shapes."""
    if isinstance(value, OperatorShape):
        return one_of(value.operator())  # two criteria may ask for the same background
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def shape_of(operator: type[Q]) -> type[OperatorShape[Q]]:
    """The shape in which documents write an operator."""
    return _SHAPES[operator]


def _make_shape(operator: type[Operator]) -> type[OperatorShape[Any]]:
    hints = get_type_hints(operator)
    written: dict[str, Any] = {
        field.name: (
            LIMITED.get((operator, field.name)) or _written(hints[field.name]),
            Field(... if field.default is MISSING else field.default, alias=_key(field.name)),
        )
        for field in fields(operator)
    }
    shape = create_model(f"{operator.__name__}Shape", __base__=OperatorShape, **written)
    shape.makes = operator
    shape.calendar = CALENDAR.get(operator, frozenset())
    shape.meant = MEANT.get(operator, {})
    return shape


def _key(field: str) -> str:
    return KEYS.get(field, field.rstrip("_"))


def _written(hint: Any) -> Any:
    """The type of a field as documents write it."""
    if hint in _WRITTEN:
        return _WRITTEN[hint]
    if hint in _SHAPES:
        return _SHAPES[hint]
    parts = tuple(map(_written, get_args(hint)))
    if get_origin(hint) is UnionType:
        return reduce(or_, parts)
    return GenericAlias(tuple, parts) if get_origin(hint) is tuple else hint


_WRITTEN: dict[Any, Any] = {Amount: AmountText, Span: SpanText}
_SHAPES: dict[type[Operator], type[OperatorShape[Any]]] = {}
_INSIDE_OTHERS = (Background, CoveredDays, CurrentFor)
for _operator in (*_INSIDE_OTHERS, Compare, Recorded, *NESTED.values(), *FLAGS.values()):
    _SHAPES[_operator] = _make_shape(_operator)


class TrialShape(Shape):
    """`trial: …`; what it leaves out comes from the policy's `trial` defaults."""

    of: str
    for_: SpanText | None = Field(default=None, alias="for")
    ended_within: SpanText | None = None
    accepts: str | None = None
    counted_by: Literal["supply", "sessions"] = "supply"
    unbroken: Literal[True] | None = None
    always: Literal["review"] | None = None
    otherwise: Literal["review"] | None = None
    outcome_says: SaysTemplate | None = None
    outcome_asks: SaysTemplate | None = None
    on_card: str | None = None
