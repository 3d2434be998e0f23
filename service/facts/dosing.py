"""The ordered doses: maintenance dose, interval and loading dose, in mg and days, or why not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from service.facts.dose_said import amounts, is_as_needed
from service.facts.rates import fits
from service.fhir.elements import Json, objects
from service.fhir.quantity import Measure, Unit, measure, number
from service.fhir.timing import Rhythm, rhythm, said_in_words
from service.fhir.timing_words import TimingWords

MOST_READINGS = 12
# A dose in the words of a sig; '300 mg/2 mL' is a strength.
_MG = re.compile(r"(?<![\d.,/])(\d{1,4}(?:\.\d+)?)\s*mg\b(?!\s*(?:/|per\b))", re.IGNORECASE)
_TIMES = re.compile(r"\b(?:(?P<n>[2-4])|(?P<word>two|three|four))\b", re.IGNORECASE)
_WORDS = {"two": 2.0, "three": 3.0, "four": 4.0}
PIECES = ("mL", "devices")


@dataclass(frozen=True, slots=True)
class Doses:
    """One way to read an order; without an interval it is for one dose alone."""

    dose_mg: float | None = None
    interval_days: float | None = None
    loading_mg: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Every way in which an order's doses can be read, or why there is none."""

    readings: tuple[Doses, ...] = ()
    unclear: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What is known of the ordered product: mg in one device, and in one mL."""

    device_mg: float | None = None
    ml_mg: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What doses are read with."""

    product: Product
    units: Mapping[str, Unit]
    words: TimingWords


def doses(order: Json, reading: Reading) -> Said:
    """The doses of an order; text alone is never read as a dose."""
    instructions = objects(order.get("dosageInstruction"))
    if not instructions:
        return Said(unclear="the order states no dose")
    if any(is_as_needed(one) for one in instructions):
        return Said(unclear="the order is for use as needed")
    found = [(one, rhythm(one, reading.words)) for one in instructions]
    recurring = [one for one in found if one[1].intervals]
    if (
        len(recurring) > 1
        and len(lasting := [one for one in recurring if not one[1].is_short]) == 1
    ):
        # one dose within its bounds, and then the others: a first dose
        recurring = lasting
    single = [one for one in found if one not in recurring and _doses_of(one[1])]
    if len(recurring) > 1 or len(recurring) + len(single) != len(instructions):
        return Said(unclear="dose and interval are not stated in figures")
    return _in_milligrams(recurring, single, reading)


def _doses_of(one: Rhythm) -> int:
    """How many doses are given at once, and no more; one where it ends before the next is due."""
    return one.at_once or int(one.is_short)


def _in_milligrams(
    recurring: Sequence[tuple[Json, Rhythm]],
    single: Sequence[tuple[Json, Rhythm]],
    reading: Reading,
) -> Said:
    if len(single) > 1:
        return Said(unclear="the order states several single doses")
    maintenance = [_amounts(one, reading) for one, _ in recurring]
    loading = [
        [each * _doses_of(often) for each in _amounts(one, reading)] for one, often in single
    ]
    if not all(maintenance) or not all(loading):
        return Said(unclear="the dose is not stated in mg, mL, pens or syringes")
    often = recurring[0][1].intervals if recurring else (None,)
    every = maintenance[0] if maintenance else (None,)
    first = loading[0] if loading else (None,)
    found = tuple(Doses(*one) for one in product(every, often, first))
    if len(found) > MOST_READINGS:
        return Said(unclear="dose and interval can be read in too many ways")

    def read_amount(one: object) -> float | None:
        return in_milligrams(one, reading.product, reading.units)

    each = [(one.dose_mg, one.interval_days) for one in found]
    if not all(fits(one, each, read_amount, reading.words) for one, _ in (*recurring, *single)):
        return Said(unclear="the rate of the order is another than its dose and interval")
    return Said(found)


def _amounts(instruction: Json, reading: Reading) -> tuple[float, ...]:
    """The dose in mg, each way it is said in figures; beside them what the sig says, where it differs."""

    def read(one: object) -> Measure | None:
        found = in_milligrams(one, reading.product, reading.units)
        return None if found is None else Measure(found, found)

    def is_count(one: object) -> Measure | None:
        counts = (measure(one, reading.units[word], reading.units) for word in PIECES)
        return next((each for each in counts if each is not None), None)

    found = amounts(instruction, read, is_count)
    return (*found, *_spoken(instruction, found)) if found else ()


def _spoken(instruction: Json, found: Sequence[float]) -> list[float]:
    """The doses in mg that the sig names, where none of them is one that stands in figures."""
    sig = " ".join(said_in_words(instruction))
    named = [float(one) for one in _MG.findall(sig)]
    times = {
        1.0,
        *(float(m["n"]) if m["n"] else _WORDS[m["word"].lower()] for m in _TIMES.finditer(sig)),
    }
    fits = any(abs(one * n - each) < 1 for one in named for n in times for each in found)
    return [] if fits else [one for one in dict.fromkeys(named) if one > 0]


def in_milligrams(quantity: object, product: Product, units: Mapping[str, Unit]) -> float | None:
    """A dose or an amount to dispense in mg; volumes and devices by the ordered product."""
    per_unit = {"mg": 1.0, "mL": product.ml_mg, "devices": product.device_mg}
    for word, factor in per_unit.items():
        found = measure(quantity, units[word], units)
        if found is not None:
            exact = found.exact and factor is not None and found.low > 0
            return round(found.low * factor, 6) if exact and factor else None
    return None


def coded_product(attributes: Mapping[str, object]) -> Product:
    """What the code of the product tells."""
    held, volume = number(attributes.get("dose_mg")), number(attributes.get("volume_ml"))
    return Product(held, held / volume if held and volume else None)
