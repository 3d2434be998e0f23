"""The rate of an instruction: the speed of one administration, or so much in days, which must fit the dose.

FHIR R4 `Dosage.doseAndRate.rate[x]`: an amount by time. Within a day it says how quickly one dose is
given; by days or weeks it says dose and interval once more.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from service.fhir.elements import first_object, items, objects, text
from service.fhir.values.quantity import number
from service.fhir.values.timing import SAME
from service.fhir.values.timing_words import DAYS_PER, TimingWords
from service.json_object import Json

RATES = ("rateRatio", "rateRange", "rateQuantity", "rateSimpleQuantity")  # the last one: STU3
WITHIN_A_DAY = frozenset({"min", "minute", "minutes", "s", "sec", "second", "seconds"})
_BY_TIME = re.compile(r"([^/]+)/\s*\(?\s*(\d+(?:\.\d+)?)?[.\s]*([A-Za-z]+)\)?")
InMilligrams = Callable[[Json], float | None]
# Milligrams a day; nothing where it is the speed of one administration.
Daily = float | None


def fits(
    instruction: Json,
    each: Iterable[tuple[float | None, float | None]],
    read: InMilligrams,
    words: TimingWords,
) -> bool:
    """Whether every rate is one of the doses (mg, days) once more, or says how quickly one is given."""
    said = [dose / days for dose, days in each if dose and days]
    try:
        daily = [one for one in _rates(instruction, read, words) if one is not None]
    except ValueError:
        return False
    return all(any(abs(one - other) <= SAME * other for other in said) for one in daily)


def _rates(instruction: Json, read: InMilligrams, words: TimingWords) -> Iterator[Daily]:
    """Each rate; an error where one cannot be read."""
    for entry in (instruction, *objects(instruction.get("doseAndRate"))):
        for name in RATES:
            for one in items(entry.get(name)):
                given = first_object(one)
                if name == "rateRatio":
                    yield _daily(
                        first_object(given.get("numerator")),
                        first_object(given.get("denominator")),
                        read,
                        words,
                    )
                elif name == "rateRange":
                    yield from (
                        _of_unit(first_object(given.get(end)), read, words)
                        for end in ("low", "high")
                    )
                else:
                    yield _of_unit(given, read, words)


def _of_unit(quantity: Json, read: InMilligrams, words: TimingWords) -> Daily:
    """A quantity whose unit is an amount by time: 'mg/wk', 'mL/h', 'mg/(14.d)'."""
    unit = text(quantity.get("code")) or text(quantity.get("unit")) or ""
    found = _BY_TIME.fullmatch(unit)
    if found is None:
        raise ValueError(unit)
    amount, count, time = found.groups()
    above = {"value": quantity.get("value"), "unit": amount.strip()}
    return _daily(above, {"value": float(count or 1), "unit": time}, read, words)


def _daily(above: Json, below: Json, read: InMilligrams, words: TimingWords) -> Daily:
    unit = (text(below.get("code")) or text(below.get("unit")) or "").lower()
    value = number(below.get("value"))
    if value is None or value <= 0 or "comparator" in {*above, *below}:
        raise ValueError(unit)
    if unit in WITHIN_A_DAY:
        return None
    per = DAYS_PER.get(words.units.get(unit, unit))
    if per is None:
        raise ValueError(unit)
    if per * value < 1:
        return None
    amount = read(above)
    if amount is None:
        raise ValueError(unit)
    return amount / (per * value)
