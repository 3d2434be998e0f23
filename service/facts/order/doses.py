"""The ordered doses: maintenance dose, interval and loading dose, in mg and days, or why not."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from service.facts.fills.daily_dose import amounts, is_as_needed
from service.facts.order.instruction_limits import allows
from service.fhir.elements import first_object, items, objects, text
from service.fhir.values.quantity import Measure, Unit, WrittenAmount, measure, number
from service.fhir.values.timing import SAME, Rhythm, rhythm, said_in_words
from service.fhir.values.timing_words import DAYS_PER, TimingWords
from service.json_object import Json
from service.policy.finding import Remark, remark

RATES = ("rateRatio", "rateRange", "rateQuantity", "rateSimpleQuantity")  # the last one: STU3
WITHIN_A_DAY = frozenset({"min", "minute", "minutes", "s", "sec", "second", "seconds"})
_BY_TIME = re.compile(r"([^/]+)/\s*\(?\s*(\d+(?:\.\d+)?)?[.\s]*([A-Za-z]+)\)?")
InMilligrams = Callable[[Json], float | None]
# Milligrams a day; None if it is the speed of one administration.
Daily = float | None


def fits(
    instruction: Json,
    each: Iterable[tuple[float | None, float | None]],
    read: InMilligrams,
    words: TimingWords,
) -> bool:
    """Whether every rate repeats one of the doses (mg, days), or is the speed of one administration."""
    ordered = [dose / days for dose, days in each if dose and days]
    try:
        daily = [rate for rate in _rates(instruction, read, words) if rate is not None]
    except ValueError:
        return False
    return all(any(abs(rate - other) <= SAME * other for other in ordered) for rate in daily)


def _rates(instruction: Json, read: InMilligrams, words: TimingWords) -> Iterator[Daily]:
    """Each rate; raises ValueError if one cannot be read."""
    for entry in (instruction, *objects(instruction.get("doseAndRate"))):
        for name in RATES:
            for item in items(entry.get(name)):
                given = first_object(item)
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
    by_time = _BY_TIME.fullmatch(unit)
    if by_time is None:
        raise ValueError(unit)
    amount, count, time = by_time.groups()
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


MOST_READINGS = 12
# Doses are compared as rates, in mg a day: so much of a difference is one of the division.
ROUNDING = 1.001
PIECES = ("mL", "devices")


@dataclass(frozen=True, slots=True)
class Doses:
    """One way to read an order; without an interval it is for one dose alone."""

    dose_mg: float | None = None
    interval_days: float | None = None
    loading_mg: float | None = None


@dataclass(frozen=True, slots=True)
class DoseReadings:
    """Every way in which an order's doses can be read, or why there is none."""

    readings: tuple[Doses, ...] = ()
    unclear: Remark | None = None


@dataclass(frozen=True, slots=True)
class OrderedProduct:
    """What is known of the ordered product: mg in one device, and in one mL.

    `may_hold` are the mg of the devices of the drug, one of which it is.
    """

    device_mg: float | None = None
    ml_mg: float | None = None
    may_hold: tuple[float, ...] = ()

    @property
    def in_device(self) -> tuple[float, ...]:
        """The mg that one device may hold."""
        return (self.device_mg,) if self.device_mg is not None else self.may_hold


@dataclass(frozen=True, slots=True)
class Reading:
    """What doses are read with."""

    product: OrderedProduct
    units: Mapping[str, Unit]
    words: TimingWords
    _read_before: dict[str, list[WrittenAmount]] = field(default_factory=dict)

    def amounts(self, sentence: str) -> list[WrittenAmount]:
        """The amounts of a sentence that can be converted to mg."""
        read_amounts = self._read_before.get(sentence)
        if read_amounts is None:
            named = self.words.amounts(sentence)
            read_amounts = [amount for amount in named if _each_mg(amount, self.product)]
            self._read_before[sentence] = read_amounts
        return read_amounts


def read_doses(order: Json, reading: Reading) -> DoseReadings:
    """The doses of an order; text alone is never read as a dose."""
    instructions = objects(order.get("dosageInstruction"))
    if not instructions:
        return DoseReadings(unclear=remark("no_dose_stated"))
    if any(is_as_needed(instruction) for instruction in instructions):
        return DoseReadings(unclear=remark("as_needed"))
    timed = [(instruction, rhythm(instruction, reading.words)) for instruction in instructions]
    recurring = [pair for pair in timed if pair[1].intervals]
    if (
        len(recurring) > 1
        and len(lasting := [pair for pair in recurring if not pair[1].is_short]) == 1
    ):
        # exactly one instruction lasts: the short ones are single first doses
        recurring = lasting
    single = [pair for pair in timed if pair not in recurring and _doses_of(pair[1])]
    if len(recurring) > 1 or len(recurring) + len(single) != len(instructions):
        return DoseReadings(unclear=remark("no_figures"))
    return _in_milligrams(recurring, single, reading)


def _doses_of(rhythm_: Rhythm) -> int:
    """How many doses are given at once, and no more; one where it ends before the next is due."""
    return rhythm_.at_once or int(rhythm_.is_short)


def _in_milligrams(
    recurring: Sequence[tuple[Json, Rhythm]],
    single: Sequence[tuple[Json, Rhythm]],
    reading: Reading,
) -> DoseReadings:
    if len(single) > 1:
        return DoseReadings(unclear=remark("several_single_doses"))
    maintenance = [_amounts(instruction, reading) for instruction, _ in recurring]
    loading = [
        [each * _doses_of(often) for each in _amounts(instruction, reading)]
        for instruction, often in single
    ]
    if not all(maintenance) or not all(loading):
        return DoseReadings(unclear=remark("dose_without_unit"))
    often = recurring[0][1].intervals if recurring else (None,)
    every = maintenance[0] if maintenance else (None,)
    first = loading[0] if loading else (None,)
    ways = tuple(Doses(*figures) for figures in product(every, often, first))
    if len(ways) > MOST_READINGS:
        return DoseReadings(unclear=remark("too_many_readings"))

    given = [instruction for instruction, _ in (*recurring, *single)]
    if not all(_fits(instruction, ways, reading) for instruction in given):
        return DoseReadings(unclear=remark("another_rate"))
    again = [(way.dose_mg, way.interval_days) for way in ways]
    once = [(way.loading_mg, None) for way in ways]
    if not all(
        allows(instruction, again if each else once, _milligrams(reading), reading.words)
        for each, several in ((True, recurring), (False, single))
        for instruction, _ in several
    ):
        return DoseReadings(unclear=remark("allows_less"))
    return DoseReadings(ways)


def _milligrams(reading: Reading) -> Callable[[object], float | None]:
    return lambda quantity: in_milligrams(quantity, reading.product, reading.units)


def _fits(instruction: Json, ways: Sequence[Doses], reading: Reading) -> bool:
    """Whether every rate of an instruction, in figures and in words, is one of the doses at its interval."""
    each = [(way.dose_mg, way.interval_days) for way in ways]
    in_figures = fits(instruction, each, _milligrams(reading), reading.words)
    return in_figures and _fit_in_words(instruction, ways, reading)


def _amounts(instruction: Json, reading: Reading) -> tuple[float, ...]:
    """The possible doses in mg, from the figures and from the words of the sig if they differ."""

    def read(quantity: object) -> Measure | None:
        in_mg = in_milligrams(quantity, reading.product, reading.units)
        return None if in_mg is None else Measure(in_mg, in_mg)

    def is_count(quantity: object) -> Measure | None:
        counts = (measure(quantity, reading.units[word], reading.units) for word in PIECES)
        return next((each for each in counts if each is not None), None)

    in_figures = amounts(instruction, read, is_count)
    return (*in_figures, *_spoken(instruction, in_figures, reading)) if in_figures else ()


def _spoken(instruction: Json, in_figures: Sequence[float], reading: Reading) -> list[float]:
    """The doses in mg that the words of an instruction name and its figures do not.

    From a sentence that agrees with no figure all doses, else only the higher ones.
    A sentence that agrees and names a first dose adds nothing: the higher dose is the first one.
    """
    other: list[float] = []
    for sentence in said_in_words(instruction):
        named = [amount for amount in reading.amounts(sentence) if amount.days is None]
        each = [doses_in_mg(amount, reading.product) for amount in named]
        if all(_is_one_of(may_be, in_figures) for may_be in each):
            continue
        counts = reading.words.counts(sentence)
        each = [_may_mean(amount, counts, reading.product) for amount in named]
        fit = [_is_one_of(may_be, in_figures) for may_be in each]
        if any(fit) and reading.words.has_first_dose(sentence):
            continue
        for may_be, fits_ in zip(each, fit, strict=True):
            if not fits_ and (not any(fit) or min(may_be) > max(in_figures)):
                other += sorted(may_be)
    return [*dict.fromkeys(other)]


def _is_one_of(may_be: Iterable[float], doses: Iterable[float]) -> bool:
    return any(abs(mg - dose) < 1 for mg in may_be for dose in doses)


def _each_mg(amount: WrittenAmount, product: OrderedProduct) -> tuple[float, ...]:
    """The mg that one of its unit may be; empty if that is not known."""
    if amount.unit == "mg":
        return (1.0,)
    if amount.unit == "mL":
        return (product.ml_mg,) if product.ml_mg is not None else ()
    return product.in_device


def doses_in_mg(amount: WrittenAmount, product: OrderedProduct) -> set[float]:
    """The mg that an amount may be; empty if that is not known."""
    return {amount.value * each for each in _each_mg(amount, product)}


def _may_mean(
    amount: WrittenAmount, counts: Collection[float], product: OrderedProduct
) -> set[float]:
    """The doses in mg that an amount may mean; so many mg may be those of one of several devices."""
    in_mg = doses_in_mg(amount, product)
    return in_mg | {value * n for value in in_mg for n in counts if amount.unit == "mg"}


def _fit_in_words(instruction: Json, ways: Sequence[Doses], reading: Reading) -> bool:
    """Whether every '1 pen a week' of the words is one of the doses at its interval."""
    ordered = [way.dose_mg / way.interval_days for way in ways if way.dose_mg and way.interval_days]
    rates = _rates_in_words(instruction, reading)
    return not ordered or all(
        any(abs(rate - other) <= SAME * other for rate in may_be for other in ordered)
        for may_be in rates
    )


def _rates_in_words(instruction: Json, reading: Reading) -> Iterator[set[float]]:
    """What each rate that is said in words may be, in mg a day."""
    for sentence in said_in_words(instruction):
        for amount in reading.amounts(sentence):
            if amount.days:
                yield {mg / amount.days for mg in doses_in_mg(amount, reading.product)}


def in_milligrams(
    quantity: object, product: OrderedProduct, units: Mapping[str, Unit]
) -> float | None:
    """A dose or an amount to dispense in mg; volumes and devices by the ordered product."""
    per_unit = {"mg": 1.0, "mL": product.ml_mg, "devices": product.device_mg}
    for word, factor in per_unit.items():
        amount = measure(quantity, units[word], units)
        if amount is not None:
            exact = amount.exact and factor is not None and amount.low > 0
            return round(amount.low * factor, 6) if exact and factor else None
    return None


def coded_product(attributes: Mapping[str, object]) -> OrderedProduct:
    """The product as far as its code states mg and mL."""
    held, volume = number(attributes.get("dose_mg")), number(attributes.get("volume_ml"))
    return OrderedProduct(held, held / volume if held and volume else None)
