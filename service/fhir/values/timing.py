"""How often a Timing says that something is given: each way in which it can be read, in days.

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

SAME = 0.01  # two intervals, or two amounts, so near each other are one
DAYS_OF_WEEK = frozenset({"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
# Events of a day that come several times, however often: with meals, before and after meals.
SEVERAL_A_DAY = frozenset({"C", "AC", "PC"})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Days from dose to dose, one for each way to read it; or so many doses `at_once`, and no more.

    `limit` is for how many days it goes on, where that is said. Nothing at all: it says no rhythm.
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
        # days beside figures: each is a reading, so where they differ it is a question
        named = {float(b - a) for a, b in pairwise(days)}
        if named and _is_once(repeat):
            return NONE
        figures = figures | named
    spoken = _Spoken(said_in_words(instruction), words)
    if coded.once or (_is_once(repeat) and not any(interval > 1 for interval in coded.intervals)):
        # the figures of one dose alone may say in which time it is given
        several = figures if coded.once else ()
        return NONE if several or spoken.is_of_several else Rhythm(at_once=1)
    return NONE if _is_once(repeat) else _repeating(repeat, [*figures, *coded.intervals], spoken)


class _Spoken:
    """What the sentences of an instruction say of the rhythm."""

    def __init__(self, texts: Iterable[str], words: TimingWords) -> None:
        sentences = [*texts]
        self._each = [words.intervals(sentence) for sentence in sentences]
        self._names_one = any(map(words.names_one_dose, sentences))

    @property
    def is_of_several(self) -> bool:
        """Whether they speak of doses on several days and of no single one."""
        named = (interval for intervals in self._each for interval in intervals)
        return any(interval > 1 for interval in named) and not self._names_one

    def against(self, figures: Sequence[float]) -> list[float]:
        """What differs from the figures: all of a sentence that agrees with none, else what is more often.

        Beside what agrees a time of the day tells nothing more, nor how often something else is due.
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
    """A dose that comes again; all within one day is given at once."""
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
    """The intervals of `Timing.repeat`; empty where it says none, None where it cannot be read."""
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
        # so often, with no period: only beside days or times is it known in what
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
        # every day, as the days of the week leave it
        daily = {count / period for count in counts} or {1.0 / period if period < 1 else 1.0}
        if times:
            daily = {*(daily if counts or period < 1 else ()), float(times)}
        return {WEEK / (days * count) for count in daily}
    if days and period % WEEK:
        return set()
    listed = float(max(days, 1) * max(times, 1))
    if not days and period < 1:
        # every so many hours, at times of the day: both say how often a day
        return {period / count for count in counts or {1.0}} | {1.0 / listed}
    intervals = {period / count for count in {listed, *counts}}
    if len(intervals) > 1:
        # the count is not that of the days and times: they may be meant for each week, or each day
        intervals |= {(WEEK if days else 1.0) / listed}
    return intervals


def _listed(repeat: Json) -> tuple[int, int, bool]:
    """How many days of the week and times of the day are named, and whether all can be read."""
    days = {(text(name) or "").lower() for name in items(repeat.get("dayOfWeek"))}
    clock = {(text(name) or "")[:5] for name in items(repeat.get("timeOfDay"))}  # without seconds
    when = {text(name) or "" for name in items(repeat.get("when"))}
    readable = days <= DAYS_OF_WEEK and "" not in clock | when
    if when & SEVERAL_A_DAY:
        # how often that is, only the count says
        return len(days), len(clock), readable and "frequency" in repeat
    return len(days), len(clock) or len(when), readable


def _numbers(repeat: Json, key: str) -> set[float] | None:
    """A count and its upper end where given, each above nothing; None where one cannot be read."""
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
    """For how many days at most it goes on."""
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
    """The days of some events, each once; none at all where one is not known."""
    days = [parse_day(event) for event in events]
    if any(day is None or not day.exact for day in days):
        return []
    return sorted({day.first for day in days if day is not None})


def said_in_words(instruction: Json) -> list[str]:
    """What an instruction says in words, to whomever it says it."""
    texts = (text(instruction.get(key)) for key in ("text", "patientInstruction"))
    return [
        *(sentence for sentence in texts if sentence),
        *names(instruction.get("additionalInstruction")),
    ]


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * max(one, other)


def _each_once(intervals: Iterable[float]) -> list[float]:
    """Intervals, the longest first, those near each other once."""
    kept: list[float] = []
    for interval in sorted(intervals, reverse=True):
        if not any(_alike(interval, other) for other in kept):
            kept.append(interval)
    return kept
