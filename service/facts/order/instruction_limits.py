"""The most that an instruction allows at once, in a time or in all: less than its own dose contradicts it."""

from collections.abc import Callable, Iterable

from service.fhir.elements import first_object, objects
from service.fhir.values.quantity import number
from service.fhir.values.timing import SAME
from service.fhir.values.timing_words import DAYS_PER, TimingWords
from service.json_object import Json

AT_ONCE = ("maxDosePerAdministration", "maxDosePerLifetime")
IN_A_TIME = "maxDosePerPeriod"
InMilligrams = Callable[[Json], float | None]
# Milligrams and days of one dose; no days where it does not come again.
Dose = tuple[float | None, float | None]


def allows(
    instruction: Json, doses: Iterable[Dose], read: InMilligrams, words: TimingWords
) -> bool:
    """Whether the limits of an instruction allow each of its doses at its interval.

    A limit that cannot be read says nothing.
    """
    with_mg = [(dose, days) for dose, days in doses if dose is not None]
    most = [read(amount) for name in AT_ONCE for amount in objects(instruction.get(name))]
    if any(limit is not None and _is_less(limit, dose) for limit in most for dose, _ in with_mg):
        return False
    for ratio in objects(instruction.get(IN_A_TIME)):
        limit, span = read(first_object(ratio.get("numerator"))), _days(ratio, words)
        if limit is None or span is None:
            continue
        if any(_is_less(limit, dose * _times(days, span)) for dose, days in with_mg):
            return False
    return True


def _is_less(limit: float, needed: float) -> bool:
    return limit < needed * (1 - SAME)


def _times(days: float | None, span: float) -> int:
    """How often a dose is due in so many days."""
    return max(1, int(span * (1 + SAME) / days)) if days else 1


def _days(ratio: Json, words: TimingWords) -> float | None:
    below = first_object(ratio.get("denominator"))
    value, written = number(below.get("value")), below.get("code") or below.get("unit")
    unit = written.strip().lower() if isinstance(written, str) else ""
    per = DAYS_PER.get(words.units.get(unit, unit))
    return value * per if value is not None and value > 0 and per is not None else None
