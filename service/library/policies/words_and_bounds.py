"""Compares the numbers in the words of a criterion with its bounds, so that a card says what is asked."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

from service.library.policies.numbers_in_text import (
    WrittenNumber,
    numbers_in_text,
    of_several,
    other_end,
    same_span,
    with_unit,
)
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span
from service.policy.criterion import Criterion, Op, leaves
from service.policy.operators import Episodes, Operator

TEXTS = ("says", "asks", "short")


@dataclass
class AskedNumbers:
    """The numbers that a criterion asks for, by kind and by how they are written."""

    spans: dict[str, Span] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    amounts: dict[str, float] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)
    floors: set[float] = field(default_factory=set)
    ceilings: set[float] = field(default_factory=set)


UnaskedNumbers = Iterator[tuple[WrittenNumber, Iterable[str]]]


def unasked_numbers(criterion: Criterion) -> Iterator[tuple[str, str]]:
    """Numbers in the words of a criterion that its bounds do not have: the key of the text and a message."""
    texts = [(key, text) for key in TEXTS if (text := getattr(criterion, key))]
    asked = _asked(criterion)
    for key, text in texts:
        for number, asked_texts in _unasked_in(text, criterion, asked):
            yield key, _message(number, asked_texts)


def _message(number: WrittenNumber, asked_texts: Iterable[str]) -> str:
    written = list(dict.fromkeys(asked_texts))
    meant = f"; did you mean '{written[0]}'?" if len(written) == 1 else ""
    return f"'{number.written}' is said here, and asked is {', '.join(written)}{meant}"


def _unasked_in(text: str, criterion: Criterion, asked: AskedNumbers) -> UnaskedNumbers:
    """Numbers of a text that are not asked, with the asked ones; only for kinds of numbers that are asked."""
    numbers = list(numbers_in_text(text))
    for number in numbers:
        if number.kind == "span" and asked.spans and not _is_span(number, asked.spans.values()):
            yield number, asked.spans
    yield from _unasked(
        [number for number in numbers if number.kind == "share"], asked.shares, asked
    )
    bare = [number for number in numbers if number.kind == "bare"]
    if criterion.op is Op.AT_LEAST:
        needed = {f"{criterion.n} of {len(criterion.children)}": float(criterion.n or 0)}
        yield from _unasked(list(of_several(text)), needed, asked)
    elif asked.counts and not asked.amounts and criterion.op is Op.LEAF:
        yield from _unasked(bare, asked.counts, asked)
    elif asked.amounts and not asked.counts:
        units = {written.partition(" ")[2] for written in asked.amounts}
        figures = [number for number in bare if number.figure and number.value != 1]
        figures += (number for unit in sorted(units) for number in with_unit(text, unit))
        yield from _unasked(figures, asked.amounts, asked)


def _unasked(
    numbers: list[WrittenNumber], wanted: Mapping[str, float], asked: AskedNumbers
) -> UnaskedNumbers:
    """The first number in the text that is not asked, if an asked number is missing from the text."""
    values = set(wanted.values())
    strange = [number for number in numbers if not _is_one(number, values, asked)]
    asked_values = {
        value
        for number in numbers
        if number not in strange
        for value in (number.value, *_next(number))
    }
    if strange and values - asked_values:
        yield strange[0], wanted


def _is_span(number: WrittenNumber, spans: Collection[Span]) -> bool:
    """Whether a number is one of the spans; of a range, one matching end is enough if there is one span."""
    ends = (number, other_end(number)) if len(spans) == 1 else (number,)
    return any(same_span(end, span.days, span.months) for end in ends for span in spans)


def _is_one(number: WrittenNumber, values: set[float], asked: AskedNumbers) -> bool:
    """Whether a number is one of the values; "more than 1" is "at least 2", "fewer than 3" "at most 2"."""
    inclusive = {"more": asked.floors, "less": asked.ceilings}.get(number.how, set())
    return number.value in values or not inclusive.isdisjoint(_next(number))


def _next(number: WrittenNumber) -> tuple[float, ...]:
    step = {"more": 1, "less": -1}.get(number.how)
    return () if step is None else (number.value + step,)


def _asked(criterion: Criterion) -> AskedNumbers:
    """Every number that a criterion or one below it asks for."""
    asked = AskedNumbers()
    for leaf in leaves(criterion):
        if leaf.operator is not None:
            _gather(leaf.operator, asked)
    return asked


def _gather(operator: Operator, asked: AskedNumbers) -> None:
    if isinstance(operator, Episodes):
        asked.counts[str(operator.at_least)] = operator.at_least
        asked.floors.add(operator.at_least)
    for name, value in _values(operator):
        if isinstance(value, Span):
            asked.spans[str(value)] = value
        elif isinstance(value, Amount):
            _amount(name, value, asked)


def _amount(name: str, amount: Amount, asked: AskedNumbers) -> None:
    value, unit = amount.value, amount.unit
    if unit in DAYS_OF:
        asked.spans[str(amount)] = Span(days=int(value * DAYS_OF[unit]))
    elif unit in MONTHS_OF:
        asked.spans[str(amount)] = Span(months=int(value * MONTHS_OF[unit]))
    elif unit.startswith("%"):
        asked.shares[str(amount)] = value
    else:
        asked.amounts[str(amount)] = value
        if value < 1:
            asked.shares[str(amount)] = round(value * 100, 6)
    if name == "at_least":
        asked.floors.add(value)
    if name == "at_most":
        asked.ceilings.add(value)


def _values(part: Operator) -> Iterator[tuple[str, object]]:
    """Every value in an operator, with the name of its field."""
    for name in (part_field.name for part_field in fields(part)):
        value = getattr(part, name)
        for member in value if isinstance(value, tuple) else (value,):
            if isinstance(member, Operator):
                yield from _values(member)
            else:
                yield name, member
