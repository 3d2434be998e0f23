"""Ages of 90 years and more, which a recording has as 90, in whatever unit they are written.

45 CFR 164.514(b)(2)(i)(C) pools all ages over 89, and whatever tells one: an age with its day does.
"""

import re
from collections.abc import Mapping

from service.fhir.elements import names
from service.json_object import Json

OLDEST_AGE = 90  # years
_DAYS = 32_871  # of the 90 years that have the fewest leap days
# How long 90 years are in each unit, as UCUM, charts and texts write it.
OLDEST: Mapping[str, int] = {
    **dict.fromkeys(("a", "a_j", "a_g", "a_t", "y", "yo", "yr", "yrs", "year", "years"), 90),
    **dict.fromkeys(("mo", "mo_j", "mo_g", "mo_s", "mos", "mth", "mths", "month", "months"), 1_080),
    **dict.fromkeys(("wk", "wks", "week", "weeks"), _DAYS // 7),
    **dict.fromkeys(("d", "day", "days"), _DAYS),
}
_WORD = re.compile(r"[{(\[]?([a-z_]+)")
_AGE = re.compile(r"\b(?:age|ages|aged)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


AGE_ELEMENTS = frozenset(
    (
        *("onsetAge", "onsetRange", "onsetString", "valueAge"),
        *("abatementAge", "abatementRange", "abatementString"),
    )
)


def is_about_age(holder: Json) -> bool:
    """Whether a result says by its code's words that it is an age."""
    return any(_AGE.search(name) for name in names(holder.get("code")))


def is_result(holder: Json) -> bool:
    """Whether a part has a value and says by a code what the value is."""
    return isinstance(holder.get("code"), dict) and any(name.startswith("value") for name in holder)


def may_be_age(quantity: Json, *, has_known_unit: bool) -> bool:
    """Whether a quantity whose meaning is not known may be an age: by its unit, or without one."""
    return not has_known_unit or _oldest(quantity) is not None


def with_age_pooled(quantity: Json, *, may_be_years: bool) -> Json:
    """A quantity of 90 years or more as just as much; without a unit of time only if it may be years."""
    value, oldest = quantity.get("value"), _oldest(quantity)
    if oldest is None and may_be_years:
        oldest = OLDEST_AGE
    if oldest is None or isinstance(value, bool) or not isinstance(value, int | float):
        return quantity
    return quantity if value < oldest else {**quantity, "value": oldest}


def _oldest(quantity: Json) -> int | None:
    """How long 90 years are in the unit of a quantity; None if it is no unit of time."""
    units = (_unit(quantity.get(name)) for name in ("code", "unit"))
    return next((OLDEST[unit] for unit in units if unit in OLDEST), None)


def _unit(written: object) -> str:
    """The unit in what was written for one: `years old`, `y/o`, `{years}` and `Yr(s)` are years."""
    found = _WORD.match(written.strip().lower()) if isinstance(written, str) else None
    return found[1] if found else ""


def is_over_89(numbers: list[float], unit: str) -> bool:
    """Whether an amount in a text is an age of 90 years or more."""
    oldest = OLDEST.get(unit)
    return oldest is not None and max(numbers, default=0) >= oldest


def may_be_over_89(text: str) -> bool:
    """Whether a text that is an age may be one of 90 years or more: it has so high a number."""
    return any(float(number) >= OLDEST_AGE for number in _NUMBER.findall(text))


def has_number(text: str) -> bool:
    """Whether a text that is an age tells how old."""
    return _NUMBER.search(text) is not None
