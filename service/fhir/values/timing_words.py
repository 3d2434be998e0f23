"""Reads how often something is given from codes and words: 'BID', 'every 2 (two) weeks', 'q14d'."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from service.fhir.elements import codings, names, objects, same_name, text
from service.fhir.values.quantity import AmountWords, WrittenAmount, any_of
from service.json_object import Json
from service.memo import cached_property

DAYS_PER = {"h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 28.0, "a": 364.0}
WEEK = 7.0
AT_ONCE = (2, 3, 4)  # numbers of syringes that may be one dose
LONGEST_READ = 2000
_NUMBER = r"\d{1,3}(?:\.\d+)?"
# Default words between the parts of a frequency, if timings.yaml has no others.
EVERY = frozenset({"every", "each", "q"})
TIMES = frozenset({"time", "times", "x"})
PER = frozenset({"a", "an", "per", "each", "every"})


class Coded(NamedTuple):
    """What a Timing.code says: intervals in days, or a single dose (`once`)."""

    intervals: frozenset[float]
    once: bool


@dataclass(frozen=True)
class TimingWords:
    """The tables by which codes and words are read; intervals are days from dose to dose."""

    systems: frozenset[str] = frozenset()
    codes: Mapping[str, float] = field(default_factory=dict)
    phrases: Mapping[str, float] = field(default_factory=dict)
    once: frozenset[str] = frozenset()
    numbers: Mapping[str, float] = field(default_factory=dict)
    often: Mapping[str, float] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    one_dose: frozenset[str] = frozenset()
    leave_out_days: frozenset[str] = frozenset()
    every: frozenset[str] = EVERY
    times: frozenset[str] = TIMES
    per: frozenset[str] = PER
    starts: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    not_meant: frozenset[str] = frozenset()
    past: frozenset[str] = frozenset()
    route_words: frozenset[str] = frozenset()
    amount_words: AmountWords = field(default_factory=AmountWords)

    @cached_property
    def _every(self) -> re.Pattern[str]:
        number = f"{_NUMBER}|{any_of(self.numbers)}"
        gap = rf"(?P<n>{number})?(?:\s*\((?:{number})\))?(?:\s*(?:to|or|-)\s*(?P<most>{number}))?"
        return re.compile(rf"\b(?:{any_of(self.every)})\s*{gap}\s*(?P<unit>{any_of(self.units)})\b")

    @cached_property
    def _times(self) -> re.Pattern[str]:
        number = f"{_NUMBER}|{any_of(self.numbers)}"
        times = rf"(?:(?P<n>{number})\s*(?:{any_of(self.times)})|(?P<often>{any_of(self.often)}))"
        per = (
            rf"(?:(?:{any_of(self.per)})\b|/)\s*(?P<per>{number})?\s*(?P<unit>{any_of(self.units)})"
        )
        bare = rf"(?:(?<=x)|(?<=s))\s+(?P<bare>{any_of(self.units)})\b(?!\s*\d)"  # '2x wk'
        return re.compile(rf"\b{times}(?:\s*{per}\b|{bare})")

    @cached_property
    def _whole(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w-])(?:{any_of(self.phrases)})(?![\w-])")

    @cached_property
    def _weekday(self) -> re.Pattern[str]:
        every = rf"(?P<every>(?:{any_of(self.every)})\s+)(?P<other>other\s+)?"
        return re.compile(rf"\b(?:{every})?(?P<day>{any_of(self.days)})\b")

    @cached_property
    def _counted(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:\d|{any_of(self.numbers)})\b")

    @cached_property
    def _start(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{any_of(self.starts)})\b")

    @cached_property
    def _one_dose(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{any_of(self.one_dose)})\b")

    @cached_property
    def _on_days(self) -> re.Pattern[str]:
        number = r"\d{1,3}(?!\d)(?=\s*(?:[,;.)&/]|and\b|then\b|of\b|$))"
        between = r"(?:\s*(?:,|;|&|/|and\b|then\b|on\b|days?\b))+\s*"
        return re.compile(rf"\bdays?\s+({number}(?:{between}{number})+)")

    @cached_property
    def _apart(self) -> re.Pattern[str]:
        number = f"{_NUMBER}|{any_of(self.numbers)}"
        return re.compile(
            rf"\b(?P<n>{number})[\s-]*(?P<unit>{any_of(self.units)})[\s-]+intervals?\b"
        )

    @cached_property
    def _more(self) -> re.Pattern[str]:
        return _whole_words(self.more)

    @cached_property
    def _not_meant(self) -> re.Pattern[str]:
        return _whole_words(self.not_meant)

    @cached_property
    def _past(self) -> re.Pattern[str]:
        return _whole_words(self.past)

    @cached_property
    def _route(self) -> re.Pattern[str]:
        return _whole_words(self.route_words)

    def prepare(self) -> None:
        """Compiles what sentences are read with, before workers share it."""
        if self.phrases:
            for sentence in ("2 x 1 mg every day", "every day"):
                self.counts(sentence)
                self.has_first_dose(sentence)
                self.asks_for_more(sentence)
                self.is_aside(sentence)
                self.routes(sentence)

    def by_code(self, concept: object) -> Coded:
        """The intervals that a Timing.code states, or that it is for a single dose."""
        intervals = {
            self.codes[code.upper()]
            for system, code, _ in codings(concept)
            if code and (system is None or system in self.systems) and code.upper() in self.codes
        }
        all_names = [same_name(name) for name in names(concept)]
        for name in all_names:
            if name.upper() in self.codes:
                intervals.add(self.codes[name.upper()])
            else:
                intervals |= self.intervals(name)
        return Coded(
            frozenset(intervals), not intervals and any(name in self.once for name in all_names)
        )

    def intervals(self, words: str) -> frozenset[float]:
        """The intervals that a sentence states; empty if none can be read."""
        sentence = same_name(words[:LONGEST_READ])
        if not self.phrases:
            return frozenset()
        intervals: set[float] = set()
        rest = self._without_rhythm(sentence, intervals)
        # 'at bedtime' may be the time on a weekday that is named too
        return frozenset(self._on_weekdays(rest) | intervals if intervals <= {1.0} else intervals)

    def _without_rhythm(self, sentence: str, intervals: set[float]) -> str:
        """The rest of a sentence; the intervals that it states are added to `intervals`."""
        rest = self._times.sub(lambda match: self._note_interval(match, intervals), sentence)
        rest = self._every.sub(lambda match: self._note_interval(match, intervals), rest)
        rest = self._apart.sub(lambda match: self._note_interval(match, intervals), rest)
        rest = self._on_days.sub(lambda match: self._note_days_between(match, intervals), rest)
        intervals |= {self.phrases[match.group()] for match in self._whole.finditer(rest)}
        return self._whole.sub(" ", rest)

    def amounts(self, words: str) -> list[WrittenAmount]:
        """The amounts that a sentence states."""
        return self.amount_words.of(same_name(words[:LONGEST_READ]))

    def counts(self, words: str) -> set[float]:
        """Numbers of AT_ONCE in a sentence that are no frequency: '300 mg x 2', 'two syringes of 300 mg'."""
        rest = self._without_rhythm(same_name(words[:LONGEST_READ]), set())
        numbers = {self._number(number) for number in self._counted.findall(rest)}
        return {number for number in numbers if number in AT_ONCE}

    def has_first_dose(self, words: str) -> bool:
        """Whether a sentence mentions a single dose beside repeated ones; 'once a week' is none."""
        rest = self._without_rhythm(same_name(words[:LONGEST_READ]), set())
        return bool(self._one_dose.search(self.amount_words.without(rest)))

    def _note_interval(self, match: re.Match[str], intervals: set[float]) -> str:
        parts = match.groupdict()
        unit = DAYS_PER[self.units[parts["unit"] or parts["bare"]]]
        if "often" in parts:
            times = self.often[parts["often"]] if parts["often"] else self._number(parts["n"])
            intervals.add(unit * (self._number(parts["per"]) if parts["per"] else 1.0) / times)
        else:
            ends = (parts["n"], parts.get("most"))
            intervals |= {self._number(end) * unit for end in ends if end} or {unit}
        return " "

    def _note_days_between(self, match: re.Match[str], intervals: set[float]) -> str:
        """The days between doses on numbered days: '1, 8, 15 and 22'."""
        days = [int(number) for number in re.findall(r"\d+", match.group(1))]
        intervals |= {float(b - a) for a, b in pairwise(days) if b > a}
        return " "

    def asks_for_more(self, clause: str) -> bool:
        """Whether words mention doses in addition to the figures, and do not forbid them."""
        sentence = same_name(clause[:LONGEST_READ])
        return bool(self._more.search(sentence)) and not self._not_meant.search(sentence)

    def routes(self, clause: str) -> list[str]:
        """The words that clearly name a route; empty if the clause forbids something."""
        sentence = same_name(clause[:LONGEST_READ])
        words = self._route.findall(sentence)
        return [] if words and self._not_meant.search(sentence) else words

    def is_aside(self, clause: str) -> bool:
        """Whether words are about the past, or about what must not be done."""
        sentence = same_name(clause[:LONGEST_READ])
        return bool(self._past.search(sentence) or self._not_meant.search(sentence))

    def _number(self, written: str) -> float:
        return self.numbers.get(written) or float(written) or 1.0

    def _on_weekdays(self, sentence: str) -> set[float]:
        matches = [*self._weekday.finditer(sentence)]
        if self._start.search(sentence):
            # without 'every' the weekday is the day of the start
            matches = [match for match in matches if match.group("every")]
        days = {self.days[match.group("day")] for match in matches}
        if not days:
            return set()
        weeks = 2 if any(match.group("other") for match in matches) else 1
        return {WEEK * weeks / len(days)}

    def names_one_dose(self, words: str) -> bool:
        """Whether a sentence mentions a single dose; it may state the following ones too."""
        return bool(self._one_dose.search(same_name(words[:LONGEST_READ])))

    def leaves_out_days(self, repeat: Json) -> bool:
        """Whether an extension excludes days, so that the figures do not state the frequency."""
        urls = {text(extension.get("url")) for extension in objects(repeat.get("extension"))}
        return not self.leave_out_days.isdisjoint(urls)


def _whole_words(words: frozenset[str]) -> re.Pattern[str]:
    """A pattern for any of some words or expressions, as whole words."""
    return re.compile(rf"(?<![\w'-])(?:{any_of(words)})(?![\w'-])")
