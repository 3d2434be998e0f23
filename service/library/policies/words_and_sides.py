"""Finds a bound whose words name its other side: `less_than: 10 % BSA` beside "at least 10 %"."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import NamedTuple

from service.library.policies.words_and_bounds import NUMBER, TEXTS, UNIT, WrittenNumber, same_span
from service.library.policies.words_and_bounds import value_of as number_of
from service.memo import per_document
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span
from service.policy.model import Criterion
from service.policy.operators import BOUNDS, Operator

# What words before and behind a number ask, as the key of a bound.
_BEFORE = {
    "at_least": r"at least|from|minimum of|≥|>=",
    "more_than": r"more than|greater than|higher than|longer than|older than|above|over|>",
    "at_most": r"at most|up to|maximum of|≤|<=",
    "less_than": r"less than|fewer than|lower than|shorter than|younger than|below|under|<",
}
_BEHIND = {
    "at_least": r"more|higher|above|greater|over|older|longer",
    "at_most": r"less|fewer|lower|below|under|younger|shorter",
}
_DENIED = {
    "at_least": "less_than",
    "more_than": "at_most",
    "at_most": "more_than",
    "less_than": "at_least",
}


def _either(words: dict[str, str]) -> str:
    return "|".join(f"(?P<{key}>{ways})" for key, ways in words.items())


_SAID_BEFORE = re.compile(
    rf"(?P<denied>\b(?:not|no)\s)?(?<!\w)(?:{_either(_BEFORE)})\s*(?P<one>{NUMBER})(?:[\s-]?{UNIT})?"
)
_SAID_BEHIND = re.compile(
    rf"(?P<one>{NUMBER})(?:[\s-]?{UNIT}|(?:\s?[^\s.,;()]+){{0,3}}?)\s(?:or|and)\s(?:{_either(_BEHIND)})\b"
)


class _Bound(NamedTuple):
    """A bound of an operator: its key, its number, and its length if it is one of time."""

    key: str
    written: str
    value: float
    span: Span | None


class _SaidBound(NamedTuple):
    """A bound as words say it."""

    key: str
    number: WrittenNumber


def bounds_of_other_side(criterion: Criterion) -> Iterator[tuple[str, str]]:
    """Bounds of a criterion whose words name another side of them: the key of the text and a message."""
    bounds = _bounds(criterion.operator) if criterion.operator else ()
    texts = [(key, text) for key in TEXTS if (text := getattr(criterion, key))] if bounds else []
    for key, text in texts:
        for bound in bounds:
            said = [one for one in _said(text) if _is_of(one.number, bound)]
            if said and all(one.key != bound.key for one in said):
                yield key, _message(said[0], bound)


def _message(said: _SaidBound, bound: _Bound) -> str:
    asked = f"asked is '{bound.key}: {bound.written}'"
    return f"'{said.number.written}' is said here, and {asked}; did you mean '{said.key}'?"


def _is_of(number: WrittenNumber, bound: _Bound) -> bool:
    """Whether words are about a bound: they have its number."""
    if number.kind == "span":
        return bound.span is not None and same_span(number, bound.span.days, bound.span.months)
    return number.value in (bound.value, round(bound.value * 100, 6) if bound.value < 1 else None)


def _said(text: str) -> Iterator[_SaidBound]:
    lower = text.replace("\xa0", " ").replace("\u202f", " ").lower()
    for pattern, keys in ((_SAID_BEFORE, _BEFORE), (_SAID_BEHIND, _BEHIND)):
        for match in pattern.finditer(lower):
            groups = match.groupdict()
            key = next(key for key in keys if groups[key])
            yield _SaidBound(_DENIED[key] if groups.get("denied") else key, _number(match))


def _number(match: re.Match[str]) -> WrittenNumber:
    unit = match["unit"]
    value, written = number_of(match["one"]), match[0].strip()
    return WrittenNumber("span" if unit else "bare", value, written, f"{unit}s" if unit else "")


@per_document
def _bounds(operator: Operator) -> tuple[_Bound, ...]:
    """Every bound of an operator and of its parts."""
    return tuple(_all_bounds(operator))


def _all_bounds(part: Operator) -> Iterator[_Bound]:
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, Operator):
            yield from _all_bounds(value)
        elif field.name in BOUNDS and isinstance(value, Amount | Span | int):
            yield _bound(field.name, value)


def _bound(key: str, value: Amount | Span | int) -> _Bound:
    if isinstance(value, Span):
        return _Bound(key, str(value), value.months or value.days, value)
    if isinstance(value, int):
        return _Bound(key, str(value), value, None)
    if value.unit in DAYS_OF:
        return _Bound(
            key, str(value), value.value, Span(days=int(value.value * DAYS_OF[value.unit]))
        )
    if value.unit in MONTHS_OF:
        months = Span(months=int(value.value * MONTHS_OF[value.unit]))
        return _Bound(key, str(value), value.value, months)
    return _Bound(key, str(value), value.value, None)
