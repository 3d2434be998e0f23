"""The dose of an instruction, each way in which it is said, and the daily dose of a hand-over.

Only what can be computed surely counts: grams, odd units and two figures that differ leave it open.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from service.facts.case import PatientCase
from service.facts.knowledge import DoseTable
from service.fhir.elements import codes, first_object, names, objects, read
from service.fhir.hit import Hit
from service.fhir.values.quantity import Measure, Unit, measure, number
from service.fhir.values.timing import SAME, rhythm
from service.json_object import Json

AS_NEEDED = ("asNeededBoolean", "asNeededCodeableConcept", "asNeeded", "asNeededFor")
DOSES = ("doseQuantity", "doseRange")
ORDERED = "ordered"
Read = Callable[[object], Measure | None]


def is_as_needed(instruction: Json) -> bool:
    """Whether the instruction says to take the drug as needed."""
    return any(instruction.get(key) not in (None, False, "false", [], {}) for key in AS_NEEDED)


def amounts(instruction: Json, read: Read, is_count: Read = lambda _: None) -> tuple[float, ...]:
    """The amounts that the dose may be, highest first; empty if one of them cannot be read.

    An amount in pieces or mL (`is_count`) and a calculated one repeat the same dose: they are skipped
    if they cannot be read.
    """
    figures: list[float] = []
    for entry in _dose_entries(instruction):
        amount = _stated_amount(entry, read)
        if amount:
            figures += amount
        elif not (_is_aside(entry) or is_count(first_object(entry.get("doseQuantity")))):
            return ()
    return _each_once(figures)


def _dose_entries(instruction: Json) -> list[Json]:
    """Each entry that states a dose; in older FHIR the instruction itself."""
    entries = objects(instruction.get("doseAndRate"))
    with_dose = [entry for entry in entries if any(key in entry for key in DOSES)]
    return with_dose or [instruction]


def _is_aside(entry: Json) -> bool:
    """Whether an entry states a kind of dose other than the ordered one, such as a calculated dose."""
    kind = {word.lower() for word in (*codes(entry.get("type")), *names(entry.get("type")))}
    return bool(kind) and ORDERED not in kind


def _stated_amount(entry: Json, read: Read) -> tuple[float, ...]:
    """One exact amount, or both ends of a range; empty if it cannot be read."""
    if all(key in entry for key in DOSES):
        return ()
    ranged = first_object(entry.get("doseRange"))
    ends = [ranged.get("low"), ranged.get("high")] if ranged else [entry.get("doseQuantity")]
    figures = [read(end) if isinstance(end, dict) else None for end in ends]
    exact = [
        figure.low for figure in figures if figure is not None and figure.exact and figure.low > 0
    ]
    return tuple(exact) if len(exact) == len(ends) else ()


def _each_once(figures: Iterable[float]) -> tuple[float, ...]:
    distinct: list[float] = []
    for figure in sorted(figures, reverse=True):
        if not any(other - figure <= SAME * other for other in distinct):
            distinct.append(figure)
    return tuple(distinct)


def daily_dose(
    case: PatientCase, hit: Hit, table: DoseTable, product: Mapping[str, object], days: int | None
) -> Measure | None:
    """Micrograms a day, as an interval where quantity and sig differ; None if not surely known."""
    each = number(product.get("ug_per_actuation"))
    if each is None:
        return None
    held = number(product.get("actuations"))
    twice = product.get("form") in table.two_strips
    by_quantity = _by_quantity(case, hit, table, held, days)
    if twice and held and days:
        by_quantity = (rate for rate in by_quantity if not _perhaps_strips(table, held, days, rate))
    rates = [*by_quantity, *_by_sig(case, hit)]
    if not rates or 0.0 in rates:
        return None
    return Measure(min(rates) * each, max(rates) * each)


def _perhaps_strips(table: DoseTable, held: float, days: int, rate: float) -> bool:
    """Whether each of an inhaler's two strips may have been counted, which doubles its doses."""
    return round(rate * days) == 2 * held and rate / 2 >= table.fewest


def _by_quantity(
    case: PatientCase, hit: Hit, table: DoseTable, held: float | None, days: int | None
) -> Iterator[float]:
    """Actuations a day from the amount handed over, where it can be read."""
    sent = [
        value
        for steps in hit.source.quantity
        for holder in (hit.element, hit.resource)
        for value in read(steps, holder)
    ]
    if sent and days:
        actuations = _actuations(case.knowledge.units, table, sent[0], held, days)
        if actuations:
            yield actuations / days


def _actuations(
    units: Mapping[str, Unit], table: DoseTable, sent: object, held: float | None, days: int
) -> float | None:
    counted = measure(sent, units["actuations"], units)
    if counted is not None:
        return _amount(counted)
    whole, pieces = (measure(sent, units[word], units) for word in ("inhalers", "pieces"))
    if held is None or (whole is None and pieces is None):
        return None
    if whole is not None:
        return _amount(whole) * held
    # Pharmacies count an inhaler as one piece, or each of its doses as one.
    read_as = {_amount(pieces) * piece_size for piece_size in (1, held)} if pieces else set()
    likely = [count for count in read_as if table.fewest <= count / days <= table.most]
    return likely[0] if len(likely) == 1 else None


def _amount(amount: Measure) -> float:
    """The amount, at least 0; 0 if it is not exact."""
    return max(amount.low, 0.0) if amount.exact else 0.0


def _by_sig(case: PatientCase, hit: Hit) -> Iterator[float]:
    """Actuations a day for each reading of the one instruction; 0 if as needed or if there are several."""
    units = case.knowledge.units
    instructions = [
        instruction
        for steps in hit.source.dosage
        for instruction in objects(read(steps, hit.resource))
    ]
    if not instructions:
        return
    if len(instructions) > 1 or any(is_as_needed(instruction) for instruction in instructions):
        yield 0.0
        return
    often = rhythm(instructions[0], case.knowledge.timings).intervals
    for each in amounts(
        instructions[0], lambda quantity: measure(quantity, units["actuations"], units)
    ):
        yield from (each / every for every in often)
