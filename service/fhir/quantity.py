"""Quantities converted to the unit a fact asks for, or refused; a comparator is an interval."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from service.fhir.elements import same_name, text

INFINITY = math.inf
_NUMBER = re.compile(r"^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unit:
    """A plain word of the unit table: its UCUM codes and other names with their factors."""

    word: str
    codes: Mapping[str, float]
    texts: Mapping[str, float]
    plain: bool = False

    def factor(self, written: str) -> float | None:
        """What to multiply by, when this code or name is one of this unit."""
        if written in self.codes:
            return self.codes[written]
        return self.texts.get(same_name(written))


class Measure(NamedTuple):
    """A measured value as an interval: an exact number has equal ends."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    @property
    def exact(self) -> bool:
        """Whether the value is one number."""
        return self.low == self.high

    def show(self, unit: str) -> str:
        """The value in words, with its unit."""
        if self.exact:
            return f"{self.low:g} {unit}".strip()
        if self.low == -INFINITY:
            return f"{'<' if self.high_open else '≤'} {self.high:g} {unit}".strip()
        return f"{'>' if self.low_open else '≥'} {self.low:g} {unit}".strip()


def number(value: object) -> float | None:
    """A finite number, also one that was sent as a string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _NUMBER.match(value):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def measure(quantity: object, unit: Unit, table: Mapping[str, Unit]) -> Measure | None:
    """A FHIR Quantity or bare number in `unit`; None when number or unit cannot be trusted."""
    if not isinstance(quantity, dict):
        return _bare(quantity, unit)
    value = number(quantity.get("value"))
    factor = _factor(text(quantity.get("code")), text(quantity.get("unit")), unit, table)
    if value is None or factor is None:
        return None
    if not math.isfinite(value * factor):
        return None
    return _compared(text(quantity.get("comparator")), value * factor)


def _bare(value: object, unit: Unit) -> Measure | None:
    """A number without a Quantity around it: only for scores, or with its unit written behind."""
    if isinstance(value, str):
        head, _, tail = value.strip().partition(" ")
        if value.strip().endswith("%"):
            head, tail = value.strip()[:-1].strip(), "%"
        found, factor = number(head), _factor(None, tail.strip() or None, unit, {})
    else:
        found, factor = number(value), 1.0 if unit.plain else None
    return None if found is None or factor is None else Measure(found * factor, found * factor)


def _factor(
    code: str | None, name: str | None, unit: Unit, table: Mapping[str, Unit]
) -> float | None:
    if code is None and name is None:
        return 1.0 if unit.plain else None
    by_code = unit.factor(code) if code else None
    by_name = unit.factor(name) if name else None
    if code and by_code is None:
        return None
    if name and by_name is None and (not code or _belongs_elsewhere(name, table)):
        return None
    if by_code is not None and by_name is not None and by_code != by_name:
        return None
    return by_code if by_code is not None else by_name


def _belongs_elsewhere(name: str, table: Mapping[str, Unit]) -> bool:
    return any(other.factor(name) is not None for other in table.values())


def _compared(comparator: str | None, value: float) -> Measure | None:
    match comparator:
        case None:
            return Measure(value, value)
        case "<":
            return Measure(-INFINITY, value, high_open=True)
        case "<=":
            return Measure(-INFINITY, value)
        case ">":
            return Measure(value, INFINITY, low_open=True)
        case ">=":
            return Measure(value, INFINITY)
        case _:
            return None
