"""Reads how often a FHIR Timing says that something is given, in days, for each possible reading.

FHIR R4 `Timing`: `dayOfWeek` leaves out the other days, `timeOfDay` and `when` name the times of a
day, a `code` is a whole statement of its own. Where two of these differ, each is one reading.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.fhir.elements import first_object, items, names, text
from service.fhir.values.days import parse_day
from service.fhir.values.quantity import number
from service.fhir.values.timing_words import DAYS_PER, WEEK, TimingWords
from service.json_object import Json

SAME = 0.01  # relative difference up to which two intervals or amounts count as equal
DAYS_OF_WEEK = frozenset({"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
# Timing.repeat.when codes that occur several times a day: with, before and after meals.
SEVERAL_A_DAY = frozenset({"C", "AC", "PC"})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Days from dose to dose, one for each possible reading; or a single time with doses `at_once`.

    `limit` is for how many days it goes on, if stated. All empty: the timing could not be read.
    """

    intervals: tuple[float, ...] = ()
    at_once: int = 0
    limit: float | None = None

    @property
    def is_short(self) -> bool:
        """Whether it ends before a second dose is due."""
        return self.limit is not None and bool(self.intervals) and self.limit <= min(self.intervals)


NONE = Rhythm()


def rhythm(instruction: Json, words: TimingWords) -> Rhythm:
    """How often the dose of an instruction is given."""
    timing = first_object(instruction.get("timing"))
    repeat = first_object(timing.get("repeat"))
    coded = words.by_code(timing.get("code"))
    figures = _by_figures(repeat)
    if figures is None or words.leaves_out_days(repeat):
        return NONE
    if events := items(timing.get("event")):
        days = _days(events)
        if (not days or 1 < len(days) < len(events)) and not (figures and len(events) == 1):
            return NONE
        if len(days) == 1 and not figures and not coded.intervals:
            return Rhythm(at_once=len(events))
        # event days beside figures are readings of their own; if they differ it is a question
        named = {float(b - a) for a, b in pairwise(days)}
        if named and _is_once(repeat):
            return NONE
        figures = figures | named
    spoken = _Spoken(said_in_words(instruction), words)
    if coded.once or (_is_once(repeat) and not any(interval > 1 for interval in coded.intervals)):
        # figures for a single dose may state the time within which it is given
        several = figures if coded.once else ()
        return NONE if several or spoken.is_of_several else Rhythm(at_once=1)
    return NONE if _is_once(repeat) else _repeating(repeat, [*figures, *coded.intervals], spoken)


class _Spoken:
    """The intervals that the sentences of an instruction state."""

    def __init__(self, texts: Iterable[str], words: TimingWords) -> None:
        sentences = [*texts]
        self._each = [words.intervals(sentence) for sentence in sentences]
        self._names_one = any(map(words.names_one_dose, sentences))

    @property
    def is_of_several(self) -> bool:
        """Whether the sentences state doses on several days and no single dose."""
        named = (interval for intervals in self._each for interval in intervals)
        return any(interval > 1 for interval in named) and not self._names_one

    def against(self, figures: Sequence[float]) -> list[float]:
        """Intervals that differ from the figures: of sentences that agree with none, else shorter ones.

        If a sentence agrees with a figure, its intervals of a day or less and longer ones are ignored.
        """
        different: list[float] = []
        for named in self._each:
            if any(_alike(interval, other) for interval in named for other in figures):
                different += (
                    interval for interval in named if 1 < interval < min(figures) * (1 - SAME)
                )
            else:
                different += named
        return different


def _is_once(repeat: Json) -> bool:
    return number(repeat.get("count")) == 1 and number(repeat.get("countMax")) in (None, 1)


def _repeating(repeat: Json, intervals: Iterable[float], spoken: _Spoken) -> Rhythm:
    """The rhythm of a repeated dose; several doses within one day count as given at once."""
    readings = _each_once(intervals)
    if not readings:
        return NONE
    readings = _each_once([*readings, *spoken.against(readings)])
    limit = _limit(repeat)
    doses = number(repeat.get("countMax")) or number(repeat.get("count"))
    if doses is None and limit is not None and limit <= 1:
        doses = limit / readings[0]
    if len(readings) == 1 and doses is not None and doses >= 1 and (doses - 1) * readings[0] < 1:
        return Rhythm(at_once=round(doses))
    return Rhythm(tuple(readings), limit=limit)


def _by_figures(repeat: Json) -> set[float] | None:
    """The intervals of `Timing.repeat`; empty if it states none, None if it cannot be read."""
    days, times, readable = _listed(repeat)
    if not readable:
        return None
    if not any(key in repeat for key in ("period", "periodMax", "frequency", "frequencyMax")):
        return (
            {(WEEK if days else 1.0) / (max(days, 1) * max(times, 1))} if days or times else set()
        )
    counts = _numbers(repeat, "frequency")
    periods = _periods(repeat)
    if counts is None or periods is None:
        return None
    if not periods:
        # a frequency without period has a meaning only beside days or times
        if not (days or times):
            return None
        listed = max(days, 1) * max(times, 1)
        span = WEEK if days else 1.0
        return {span / count for count in {listed, *(counts or {listed})}}
    intervals = {
        interval for period in periods for interval in _in_period(period, counts, days, times)
    }
    return intervals or None


def _in_period(period: float, counts: set[float], days: int, times: int) -> set[float]:
    """The intervals of one period with its count, on these days of the week and times of the day."""
    if not (days or times):
        return {period / count for count in counts or {1.0}}
    if days and period <= 1:
        # a daily frequency, restricted to the days of the week
        daily = {count / period for count in counts} or {1.0 / period if period < 1 else 1.0}
        if times:
            daily = {*(daily if counts or period < 1 else ()), float(times)}
        return {WEEK / (days * count) for count in daily}
    if days and period % WEEK:
        return set()
    listed = float(max(days, 1) * max(times, 1))
    if not days and period < 1:
        # a period in hours and times of the day: both state how often a day
        return {period / count for count in counts or {1.0}} | {1.0 / listed}
    intervals = {period / count for count in {listed, *counts}}
    if len(intervals) > 1:
        # frequency and number of days or times differ: these may be meant per week or per day
        intervals |= {(WEEK if days else 1.0) / listed}
    return intervals


def _listed(repeat: Json) -> tuple[int, int, bool]:
    """How many days of the week and times of the day are named, and whether all can be read."""
    days = {(text(name) or "").lower() for name in items(repeat.get("dayOfWeek"))}
    clock = {(text(name) or "")[:5] for name in items(repeat.get("timeOfDay"))}  # without seconds
    when = {text(name) or "" for name in items(repeat.get("when"))}
    readable = days <= DAYS_OF_WEEK and "" not in clock | when
    if when & SEVERAL_A_DAY:
        # only the frequency says how often that is
        return len(days), len(clock), readable and "frequency" in repeat
    return len(days), len(clock) or len(when), readable


def _numbers(repeat: Json, key: str) -> set[float] | None:
    """A number and its Max variant, if given; None if one cannot be read or is not above 0."""
    values = {number(repeat[name]) for name in (key, f"{key}Max") if name in repeat}
    if any(value is None or value <= 0 for value in values):
        return None
    return {value for value in values if value is not None}


def _periods(repeat: Json) -> set[float] | None:
    values = _numbers(repeat, "period")
    if not values:
        return values
    unit = text(repeat.get("periodUnit")) or text(repeat.get("periodUnits"))  # DSTU2 has an s
    per = DAYS_PER.get((unit or "").lower())
    return {value * per for value in values} if per else None


def _limit(repeat: Json) -> float | None:
    """For how many days at most it goes on; None if not stated."""
    for key in ("boundsDuration", "boundsRange"):
        bounds = first_object(repeat.get(key))
        bounds = first_object(bounds.get("high")) or bounds
        value, unit = (
            number(bounds.get("value")),
            text(bounds.get("code")) or text(bounds.get("unit")),
        )
        if value is not None and unit in DAYS_PER:
            return value * DAYS_PER[unit]
    period = first_object(repeat.get("boundsPeriod"))
    start, end = parse_day(period.get("start")), parse_day(period.get("end"))
    if start is None or end is None or end.last < start.first:
        return None
    return float(max(end.last - start.first, 1))


def _days(events: Iterable[object]) -> list[int]:
    """The days of some events, sorted, each once; empty if one is not an exact day."""
    days = [parse_day(event) for event in events]
    if any(day is None or not day.exact for day in days):
        return []
    return sorted({day.first for day in days if day is not None})


def said_in_words(instruction: Json) -> list[str]:
    """All texts of a dosage instruction, for staff and patient."""
    texts = (text(instruction.get(key)) for key in ("text", "patientInstruction"))
    return [
        *(sentence for sentence in texts if sentence),
        *names(instruction.get("additionalInstruction")),
    ]


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(one, other)


def _each_once(intervals: Iterable[float]) -> list[float]:
    """Intervals, the longest first; nearly equal ones only once."""
    kept: list[float] = []
    for interval in sorted(intervals, reverse=True):
        if not any(_alike(interval, other) for other in kept):
            kept.append(interval)
    return kept
