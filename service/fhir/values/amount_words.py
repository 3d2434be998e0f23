"""Reads amounts from a sentence: '300 mg', 'two 300 mg pens', '2 mL', '1 injection a week'."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

_NUMBER = r"\d{1,4}(?:\.\d+)?"
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
        number = f"{_NUMBER}|{any_of(self.numbers)}"
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
