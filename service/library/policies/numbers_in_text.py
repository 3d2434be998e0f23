"""Finds numbers in the words of a criterion: spans of time, percentages, bounds and counts."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from service.policy.amount import DAYS_OF, MONTHS_OF

NUMERALS = "one two three four five six seven eight nine ten eleven twelve"
WORDS = {word: number for number, word in enumerate(NUMERALS.split(" "), 1)}
_FIGURE = r"(?:\d{1,3}(?:[ ,]\d{3})+|\d+(?:\.\d+)?)(?![\d.]*\d)"
_NUMBER = rf"(?<![\w.^*/-])(?:{_FIGURE}|\b(?:{'|'.join(WORDS)})\b)"
_SECOND = rf"(?:{_FIGURE}|\b(?:{'|'.join(WORDS)})\b)"
_RANGE = rf"(?P<one>{_NUMBER})(?:\s*(?:to|and|or|-|\u2013)\s*(?P<other>{_SECOND}))?"
_UNIT = r"(?P<unit>day|week|month|year)s?\b(?!['\u2019]?s? ?supply)"
_SPAN = re.compile(rf"(?<!every ){_RANGE}[\s-]?{_UNIT}")
_OF_LAST = re.compile(
    rf"(?P<one>{_NUMBER}) of (?:the )?(?:last |past |previous )?{_SECOND}[\s-]?{_UNIT}"
)
_PERCENT = re.compile(rf"{_RANGE}\s?(?:%|per ?cent\b)")
_AT_LEAST, _MORE_THAN = r"at least|from|≥|>=|not less than", r"more than|above|over|>"
_AT_MOST, _LESS_THAN = r"at most|up to|≤|<=|not more than", r"less than|fewer than|below|under|<"
# A number counts as bare only if no time, share, other unit or power of ten follows.
_NO_UNIT_BEHIND = (
    r"(?!\s*(?:to|-|\u2013)\s*\d)(?![\s-]?(?:day|week|month|year|hour)s?\b)(?!\s?(?:%|per ?cent\b))"
    r"(?!\s*[x\u00d7*^]\s*10)(?!\s?10[*^])(?!\s?(?:mg|mcg|ug|µg|kg|g|mL|L|lb|lbs)\b)"
)
_BEFORE = re.compile(
    rf"(?:\b|(?<=\s)|^)(?P<how>{_MORE_THAN}|{_LESS_THAN}|{_AT_LEAST}|{_AT_MOST})\s*(?P<one>{_NUMBER}){_NO_UNIT_BEHIND}"
)
_BEHIND = re.compile(
    rf"(?P<one>{_NUMBER}){_NO_UNIT_BEHIND}(?:\s\w+)?\s(?:or|and) "
    r"(?:more|higher|above|greater|over|less|lower|below|fewer|under)\b"
)
_OF_SEVERAL = re.compile(rf"(?P<one>{_NUMBER})(?: or more)? of (?!the last|the past|the previous)")
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


def numbers_in_text(text: str) -> Iterator[WrittenNumber]:
    """Every number of a text that can be compared with a bound or a span."""
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
    for match in re.finditer(rf"(?P<one>{_NUMBER})\s?(?:{ways})(?![\w])", text):
        yield _number("bare", match["one"], match[0])


def _ends(match: re.Match[str], kind: Kind, unit: str) -> Iterator[WrittenNumber]:
    ends = [number for number in (match["one"], match.groupdict().get("other")) if number]
    for index, number in enumerate(ends):
        beside = _value(ends[1 - index]) if len(ends) > 1 else None
        yield _number(kind, number, f"{number} {unit}", unit=unit, upper=index == 1, beside=beside)


def _number(kind: Kind, number: str, written: str, **more: object) -> WrittenNumber:
    return WrittenNumber(kind, _value(number), written, figure=number not in WORDS, **more)  # type: ignore[arg-type]  # the keys of Said


def _value(number: str) -> float:
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
