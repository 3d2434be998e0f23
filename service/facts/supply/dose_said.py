"""The dose of an instruction, as often as it is said: each amount that differs is one reading.

FHIR R4 `Dosage.doseAndRate` repeats: a dose as ordered, as calculated, as the amount to give.
"""

from collections.abc import Callable, Iterable

from service.fhir.elements import codes, first_object, names, objects
from service.fhir.values.quantity import Measure
from service.fhir.values.timing import SAME
from service.json_object import Json

AS_NEEDED = ("asNeededBoolean", "asNeededCodeableConcept", "asNeeded", "asNeededFor")
DOSES = ("doseQuantity", "doseRange")
ORDERED = "ordered"
Read = Callable[[object], Measure | None]


def is_as_needed(instruction: Json) -> bool:
    """Whether it is left to the patient when to take it."""
    return any(instruction.get(key) not in (None, False, "false", [], {}) for key in AS_NEEDED)


def amounts(instruction: Json, read: Read, is_count: Read = lambda _: None) -> tuple[float, ...]:
    """Each amount that the dose may be, the highest first; none where one cannot be read.

    An amount to give in pieces or mL (`is_count`), or one that was calculated, is the same dose once more
    and may be left aside where it cannot be read.
    """
    found: list[float] = []
    for one in _said(instruction):
        amount = _amount(one, read)
        if amount:
            found += amount
        elif not (_is_aside(one) or is_count(first_object(one.get("doseQuantity")))):
            return ()
    return _each_once(found)


def _said(instruction: Json) -> list[Json]:
    """Each entry that states a dose; in older FHIR the instruction itself."""
    entries = objects(instruction.get("doseAndRate"))
    found = [one for one in entries if any(key in one for key in DOSES)]
    return found or [instruction]


def _is_aside(entry: Json) -> bool:
    """Whether an entry says what kind of dose it is, and not that it is the ordered one."""
    kind = {one.lower() for one in (*codes(entry.get("type")), *names(entry.get("type")))}
    return bool(kind) and ORDERED not in kind


def _amount(entry: Json, read: Read) -> tuple[float, ...]:
    """One exact amount, or both ends of a range; nothing where it cannot be read."""
    if all(key in entry for key in DOSES):
        return ()
    ranged = first_object(entry.get("doseRange"))
    ends = [ranged.get("low"), ranged.get("high")] if ranged else [entry.get("doseQuantity")]
    found = [read(one) if isinstance(one, dict) else None for one in ends]
    exact = [one.low for one in found if one is not None and one.exact and one.low > 0]
    return tuple(exact) if len(exact) == len(ends) else ()


def _each_once(found: Iterable[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for one in sorted(found, reverse=True):
        if not any(other - one <= SAME * other for other in kept):
            kept.append(one)
    return tuple(kept)
