"""Compares the numbers in the words of a criterion with its bounds, so that a card says what is asked."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

from service.memo import per_document, per_value
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span
from service.policy.model import Criterion, Op, leaves
from service.policy.operators import Episodes, Operator

NUMERALS = "one two three four five six seven eight nine ten eleven twelve"
WORDS = {word: number for number, word in enumerate(NUMERALS.split(" "), 1)}
_FIGURE = r"(?:\d{1,3}(?:[ ,]\d{3})+|\d+(?:\.\d+)?)(?![\d.]*\d)"
NUMBER = rf"(?<![\w.^*/-])(?:{_FIGURE}|\b(?:{'|'.join(WORDS)})\b)"
_SECOND = rf"(?:{_FIGURE}|\b(?:{'|'.join(WORDS)})\b)"
_RANGE = rf"(?P<one>{NUMBER})(?:\s*(?:to|and|or|-|\u2013)\s*(?P<other>{_SECOND}))?"
UNIT = r"(?P<unit>day|week|month|year)s?\b(?!['\u2019]?s? ?supply)"
_SPAN = re.compile(rf"(?<!every ){_RANGE}[\s-]?{UNIT}")
_OF_LAST = re.compile(
    rf"(?P<one>{NUMBER}) of (?:the )?(?:last |past |previous )?{_SECOND}[\s-]?{UNIT}"
)
_ANY_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_PERCENT = re.compile(rf"{_RANGE}\s?(?:%|per ?cent\b)")


_AT_LEAST, _MORE_THAN = r"at least|from|≥|>=|not less than", r"more than|above|over|>"


_AT_MOST, _LESS_THAN = r"at most|up to|≤|<=|not more than", r"less than|fewer than|below|under|<"


# A number counts as bare only if no time, share, other unit or power of ten follows.
_NO_UNIT_BEHIND = (
    r"(?!\s*(?:to|-|\u2013)\s*\d)(?![\s-]?(?:day|week|month|year|hour)s?\b)(?!\s?(?:%|per ?cent\b))"
    r"(?!\s*[x\u00d7*^]\s*10)(?!\s?10[*^])(?!\s?(?:mg|mcg|ug|µg|kg|g|mL|L|lb|lbs)\b)"
)
_BEFORE = re.compile(
    rf"(?:\b|(?<=\s)|^)(?P<how>{_MORE_THAN}|{_LESS_THAN}|{_AT_LEAST}|{_AT_MOST})\s*(?P<one>{NUMBER}){_NO_UNIT_BEHIND}"
)
_BEHIND = re.compile(
    rf"(?P<one>{NUMBER}){_NO_UNIT_BEHIND}(?:\s\w+)?\s(?:or|and) "
    r"(?:more|higher|above|greater|over|less|lower|below|fewer|under)\b"
)
_OF_SEVERAL = re.compile(rf"(?P<one>{NUMBER})(?: or more)? of (?!the last|the past|the previous)")
COUNTED = ("cells", "eos")
Kind = Literal["span", "share", "bare"]
Strictness = Literal["as it is", "more", "less"]


class WrittenNumber(NamedTuple):
    """A number in a text; `unit` is the unit of a span, `figure` is False for numbers in words ("two")."""

    kind: Kind
    value: float
    written: str
    unit: str = ""
    how: Strictness = "as it is"
    figure: bool = True
    upper: bool = False  # the second number of a range: up to 17 years are less than 18
    beside: float | None = None  # the other end of a range


@per_value
def numbers_in_text(text: str) -> tuple[WrittenNumber, ...]:
    """Every number of a text that can be compared with a bound or a span."""
    return tuple(_numbers_in_text(text))


def _numbers_in_text(text: str) -> Iterator[WrittenNumber]:
    lower = text.replace("\xa0", " ").replace("\u202f", " ")
    lower = lower[:1].lower() + lower[1:]
    for match in (*_SPAN.finditer(lower), *_OF_LAST.finditer(lower)):
        yield from _ends(match, "span", f"{match['unit']}s")
    for match in _PERCENT.finditer(lower):
        yield from _ends(match, "share", "%")
    for match in _BEFORE.finditer(lower):
        how = match["how"]
        strict: Strictness = "more" if re.fullmatch(_MORE_THAN, how) else "as it is"
        if re.fullmatch(_LESS_THAN, how):
            strict = "less"
        yield _number("bare", match["one"], match[0].strip(), how=strict)
    for match in _BEHIND.finditer(lower):
        yield _number("bare", match["one"], match[0])


def of_several(text: str) -> Iterator[WrittenNumber]:
    """Numbers like the `two` of "two of the four", which say how many parts of a group are needed."""
    for match in _OF_SEVERAL.finditer(text[:1].lower() + text[1:]):
        yield _number("bare", match["one"], match["one"])


def with_unit(text: str, unit: str) -> Iterator[WrittenNumber]:
    """The numbers before a unit, or before its first word or sign: `150 cells`, `8 g/dL`, `150/uL`."""
    head, slash, rest = unit.partition("/")
    unit_names = [unit, *([f"/{rest}"] if slash else []), *([head] if head in COUNTED else [])]
    ways = "|".join(map(re.escape, unit_names))
    for match in re.finditer(rf"(?P<one>{NUMBER})\s?(?:{ways})(?![\w])", text):
        yield _number("bare", match["one"], match[0])


def _ends(match: re.Match[str], kind: Kind, unit: str) -> Iterator[WrittenNumber]:
    ends = [number for number in (match["one"], match.groupdict().get("other")) if number]
    for index, number in enumerate(ends):
        beside = value_of(ends[1 - index]) if len(ends) > 1 else None
        yield _number(kind, number, f"{number} {unit}", unit=unit, upper=index == 1, beside=beside)


def _number(kind: Kind, number: str, written: str, **more: object) -> WrittenNumber:
    return WrittenNumber(kind, value_of(number), written, figure=number not in WORDS, **more)  # type: ignore[arg-type]  # the keys of Said


def value_of(number: str) -> float:
    """The value of a number in figures or in words."""
    return float(WORDS.get(number) or re.sub(r"[ ,]", "", number))


def same_span(number: WrittenNumber, days: int, months: int) -> bool:
    """Whether a span in words is the given span; a month has 30 or 31 days, or four weeks."""
    values = (number.value, number.value + 1) if number.upper else (number.value,)
    return any(_as_long(value, number.unit, days, months) for value in values)


def other_end(number: WrittenNumber) -> WrittenNumber:
    """The other end of the range to which a number belongs; the number itself if there is no range."""
    value = number.value if number.beside is None else number.beside
    return number._replace(value=value, upper=not number.upper)


def _as_long(value: float, unit: str, days: int, months: int) -> bool:
    if unit in DAYS_OF:
        counted = value * DAYS_OF[unit]
        return _fits(counted, months) if months else counted == days
    counted = value * MONTHS_OF[unit]
    return counted == months if months else _fits(days, counted)


def _fits(days: float, months: float) -> bool:
    return (28 if months == 1 else 30 * months) <= days <= 31 * months


TEXTS = ("says", "asks", "short", "on_card")


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
    if not any(_ANY_NUMBER.search(text) for _, text in texts):
        return
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
    numbers = numbers_in_text(text)
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
    for name, value in _spans_and_amounts(operator):
        if isinstance(value, Span):
            asked.spans[str(value)] = value
        else:
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


@per_document
def _spans_and_amounts(operator: Operator) -> tuple[tuple[str, Span | Amount], ...]:
    """Every span and amount in an operator, with the name of its field."""
    return tuple(_values(operator))


def _values(part: Operator) -> Iterator[tuple[str, Span | Amount]]:
    for name in (part_field.name for part_field in fields(part)):
        value = getattr(part, name)
        for member in value if isinstance(value, tuple) else (value,):
            if isinstance(member, Operator):
                yield from _values(member)
            elif isinstance(member, (Span, Amount)):
                yield name, member
