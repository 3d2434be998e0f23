"""Amounts with their units, as quantities and as words, converted where two units are of one kind."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from service.fhir.elements import is_said_absent, text
from service.memo import cached_property, per_value

INFINITY = math.inf
LONGEST = 80  # characters of a unit's name that are compared
_WRITTEN = re.compile(
    r"\s*(?P<sign>[<>]=?|≤|≥)?\s*(?P<value>[+-]?(?:\d+(?:\.\d*)?|\.\d+))"
    r"(?P<unit>\s.*|[^\d.,].*)?",
    re.ASCII,
)
_SIGNS = {"≤": "<=", "≥": ">="}
# Variants of units' spellings and the plain spelling.
_SPELLED = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"[\s{}]", ""),
        ("[\u00b5\u03bc]|mc(?=l$)|micro(?=lit)", "u"),
        (r"\(s\)$", "s"),
        (r"lit(er|re)s?$", "l"),
        (r"²", "2"),
        (r"³", "3"),
        (r"⁶", "6"),
        (r"⁹", "9"),
        ("\u00d7", "x"),
        (r"(cu\.?|cubic|c)(mm|millimet(er|re)s?)$|mm\^3$|mmc$", "mm3"),
        (r"per(?!cent)", "/"),
        (r"^x?10(\*\*|[*^ex(])?(\d+)\)?/", r"10*\2/"),
    )
)
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_NUMBER = re.compile(r"^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unit:
    """A plain word of the unit table: its UCUM codes and other names with their factors."""

    word: str
    codes: Mapping[str, float]
    texts: Mapping[str, float]
    plain: bool = False

    def factor(self, written: str) -> float | None:
        """The factor from this code or name to the unit; None if it does not belong to the unit."""
        if written in self.codes:
            return self.codes[written]
        bare = _ANNOTATION.sub("", written)
        if bare in self.codes:
            return self.codes[bare]
        return self.texts.get(plain_unit(written))


@per_value(most=1024)
def plain_unit(name: str) -> str:
    """The plain form of a unit's name: `Cells / uL` and `cells per microliter` become equal."""
    spelled = name.lower()[:LONGEST]
    for pattern, plain in _SPELLED:
        spelled = pattern.sub(plain, spelled)
    return spelled


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
        if self.low > -INFINITY and self.high < INFINITY:
            return f"{self.low:g} to {self.high:g} {unit}".strip()
        if self.low == -INFINITY:
            return f"{'<' if self.high_open else '≤'} {self.high:g} {unit}".strip()
        return f"{'>' if self.low_open else '≥'} {self.low:g} {unit}".strip()


def number(value: object) -> float | None:
    """A finite number, also if sent as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _NUMBER.match(value):
        return None
    try:
        finite = float(value)
    except (ValueError, OverflowError):
        return None
    return finite if math.isfinite(finite) else None


def measure(quantity: object, unit: Unit, table: Mapping[str, Unit]) -> Measure | None:
    """A FHIR Quantity or plain number in `unit`; None if number or unit cannot be read."""
    if not isinstance(quantity, dict):
        return _bare(quantity, unit)
    value = None if is_said_absent(quantity, "value") else number(quantity.get("value"))
    factor = _factor(text(quantity.get("code")), text(quantity.get("unit")), unit, table)
    if value is None or factor is None:
        return None
    if not math.isfinite(value * factor):
        return None
    return _compared(text(quantity.get("comparator")), value * factor)


def measured_range(
    sent: Mapping[str, object], unit: Unit, table: Mapping[str, Unit]
) -> Measure | None:
    """A FHIR Range in `unit`; None if an end cannot be read or low is above high."""
    ends = [sent.get(name) for name in ("low", "high")]
    read = [None if end is None else measure(end, unit, table) for end in ends]
    measures = [reading for reading in read if reading is not None]
    if len(measures) < sum(end is not None for end in ends) or not all(
        reading.exact for reading in measures
    ):
        return None
    low, high = (reading.low if reading is not None else None for reading in read)
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        return None
    return Measure(-INFINITY if low is None else low, INFINITY if high is None else high)


def _bare(value: object, unit: Unit) -> Measure | None:
    """A plain number: allowed for units that need no name (scores), or with the unit written behind it."""
    sign = None
    if isinstance(value, str):
        written = _WRITTEN.fullmatch(value.strip())
        if written is None:
            return None
        sign = _SIGNS.get(written["sign"], written["sign"])
        figure, factor = number(written["value"]), _factor(None, text(written["unit"]), unit, {})
    else:
        figure, factor = number(value), 1.0 if unit.plain else None
    if figure is None or factor is None:
        return None
    return _compared(sign, figure * factor)


def _factor(
    code: str | None, name: str | None, unit: Unit, table: Mapping[str, Unit]
) -> float | None:
    if code is None and name is None:
        return 1.0 if unit.plain else None
    by_code = unit.factor(code) if code else None
    by_name = unit.factor(name) if name else None
    if code and by_code is None:
        return None
    if name and by_name is None and (not code or _is_of_other_unit(name, table)):
        return None
    if by_code is not None and by_name is not None and by_code != by_name:
        return None
    return by_code if by_code is not None else by_name


def _is_of_other_unit(name: str, table: Mapping[str, Unit]) -> bool:
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


_NUMBER_IN_WORDS = r"\d{1,4}(?:\.\d+)?"
_STRENGTH = r"\d+(?:\.\d+)?\s*mg(?:\s*/\s*[\d.]*\s*ml)?"
MOST_BEFORE = 5  # words between a number and the device that it counts
_LEFT_OUT = " :=(-"


class WrittenAmount(NamedTuple):
    """An amount in one unit (mg, mL, devices); `days` is the period if it is a rate."""

    value: float
    unit: str
    days: float | None = None


@dataclass(frozen=True)
class AmountWords:
    """The words by which amounts are read: units, numbers, and words before and behind them."""

    units: Mapping[str, frozenset[str]] = field(default_factory=lambda: {"mg": frozenset({"mg"})})
    numbers: Mapping[str, float] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    per: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    not_given: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()

    @cached_property
    def _amount(self) -> re.Pattern[str]:
        number = f"{_NUMBER_IN_WORDS}|{any_of(self.numbers)}"
        many = rf"(?P<n>{number})(?:\s*(?:-|to|or)\s*(?P<most>{number}))?(?:\s*\((?:{number})\))?"
        between = rf"(?:(?:(?:{any_of(self.before)})(?!\w)|{_STRENGTH})[\s,]*){{0,{MOST_BEFORE}}}"
        unit = "|".join(
            rf"(?P<{name}>{between if name == 'devices' else ''}(?:{any_of(words)})(?:\(s\)|\b))"
            for name, words in self.units.items()
        )
        every = rf"(?:(?:{any_of(self.per)})\b|/)\s*(?P<many>{number})?\s*(?P<time>{any_of(self.times)})\b"
        return re.compile(rf"(?<![\w.,/#-])(?:{many})[\s-]*(?:{unit})(?:\s*{every})?")

    @cached_property
    def _share(self) -> re.Pattern[str]:
        """Matches behind an amount that is only a content, such as mg per mL."""
        return re.compile(rf"\s*(?:/|per\b|(?:{any_of(self.behind)})\b)")

    @cached_property
    def _times_behind(self) -> re.Pattern[str]:
        """Matches a multiplier behind an amount ('x 2'), but not 'x 2 weeks' or 'x 2 doses'."""
        number = rf"\d(?![\d.])|{any_of(self.numbers)}"
        counted = any_of((*self.times, *self.units.get("devices", ()), "refill", "refills"))
        return re.compile(rf"\s*(?:x|\u00d7|times)\s*(?P<n>{number})\b(?!\s*(?:{counted})\b)")

    @cached_property
    def _times_before(self) -> re.Pattern[str]:
        number = rf"(?<![\d.])\d|\b(?:{any_of(self.numbers)})"
        return re.compile(rf"(?P<n>{number})\s*(?:x|\u00d7|times)\s*$")

    @cached_property
    def _not_given(self) -> re.Pattern[str]:
        return re.compile(rf"(?:(?<!\w)(?:{any_of(self.not_given)}))$")

    def of(self, sentence: str) -> list[WrittenAmount]:
        """The amounts in a sentence, which is in the form of `same_name`."""
        return [amount for amount, _ in self._amounts_with_places(sentence)]

    def without(self, sentence: str) -> str:
        """The sentence without its amounts."""
        for start, end in sorted(
            {span for _, span in self._amounts_with_places(sentence)}, reverse=True
        ):
            sentence = f"{sentence[:start]} {sentence[end:]}"
        return sentence

    def _amounts_with_places(
        self, sentence: str
    ) -> Iterator[tuple[WrittenAmount, tuple[int, int]]]:
        end_of_ignored = -1
        for match in self._amount.finditer(sentence):
            before = sentence[: match.start()].rstrip(_LEFT_OUT)
            if len(before) <= end_of_ignored or self._not_given.search(before):
                end_of_ignored = match.end()  # an amount right behind repeats the same
                continue
            days = self._days(match)
            if days is None and self._share.match(sentence, match.end()):
                continue
            unit = next(name for name in self.units if match[name])
            many = self._many(sentence, match) if unit != "devices" else 1.0
            ends = [self._number(each) * many for each in (match["n"], match["most"]) if each]
            yield from (
                (WrittenAmount(each, unit, days), match.span()) for each in ends if each > 0
            )

    def _many(self, sentence: str, match: re.Match[str]) -> float:
        """How many times an amount is given at once: 2 in '300 mg x 2' and '2 x 300 mg'."""
        times = self._times_behind.match(sentence, match.end()) or self._times_before.search(
            sentence[: match.start()]
        )
        return self._number(times["n"]) if times else 1.0

    def _days(self, match: re.Match[str]) -> float | None:
        if match["time"] is None:
            return None
        many = self._number(match["many"]) if match["many"] else 1.0
        return many * self.times[match["time"]] or None

    def _number(self, written: str) -> float:
        return self.numbers.get(written) or float(written)


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of some words, the longest first; it never matches if there are none."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"
