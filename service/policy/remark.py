"""What a clinician is told beside a criterion, as a value: `cards/misses.yaml` has the words."""

from dataclasses import dataclass
from datetime import date
from typing import Union

from service.policy.amount import Amount, Span

Value = Union[str, float, bool, date, Amount, Span, "Remark", tuple["Value", ...], None]


@dataclass(frozen=True, slots=True)
class Remark:
    """A miss, a note or what a record shows: which text says it, and the values in that text.

    At most `longest` characters of it are shown; None means all of them.
    """

    kind: str
    values: tuple[tuple[str, Value], ...] = ()
    longest: int | None = None


def remark(kind: str, /, **values: Value) -> Remark:
    """A remark of this kind; numbers, dates and amounts stay values until a card is written."""
    return Remark(kind, tuple(values.items()))
