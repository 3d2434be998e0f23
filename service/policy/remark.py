"""A remark for clinicians as a value; its words are in `cards/misses.yaml`."""

from dataclasses import dataclass
from datetime import date
from typing import Union

from service.policy.amount import Amount, Span

Value = Union[str, float, bool, date, Amount, Span, "Remark", tuple["Value", ...], None]


@dataclass(frozen=True, slots=True)
class Remark:
    """A miss, a note or a value of the record: the name of its text, and the values in it.

    At most `longest` characters are shown; None means all.
    """

    kind: str
    values: tuple[tuple[str, Value], ...] = ()
    longest: int | None = None


def remark(kind: str, /, **values: Value) -> Remark:
    """A remark of this kind; numbers, dates and amounts are put into words by the card."""
    return Remark(kind, tuple(values.items()))
