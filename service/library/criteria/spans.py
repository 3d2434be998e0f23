"""Checks spans of time: whole numbers, above zero, no longer than a life, days where days are counted."""

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from service.library.documents.yaml import Address
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span

_WRITTEN = re.compile(r"([0-9]+) +([a-z]+)")
DAYS_ONLY = {
    "at_least",
    "more_than",
    "in_last",
    "gap",
    "longest",
    "run",
    "days",
    "first_to_last",
    "for",
    "unknown_supply",
    "longest_break",
    "at_least_observed",
    "supplied_within",
    "after",
}
MONTHS_ONLY = {"child_below"}
MAY_BE_ZERO = {"gap"}
MOST_MONTHS = 1800
MOST_DAYS = 54_787


def wrong_spans(
    raw: object, shape: BaseModel, address: Address = ()
) -> Iterator[tuple[Address, str]]:
    """Every wrong span of a valid shape, with its address below `at`."""
    for name, field in type(shape).model_fields.items():
        key = field.alias or name
        value = getattr(shape, name)
        written = raw.get(key) if isinstance(raw, Mapping) else None
        calendar = key in getattr(shape, "calendar", ())
        if isinstance(value, Span) and (message := _wrong_span(key, written, calendar=calendar)):
            yield (*address, key), message
        elif isinstance(value, BaseModel) and isinstance(written, Mapping):
            yield from wrong_spans(written, value, (*address, key))


def _wrong_span(key: str, written: object, *, calendar: bool) -> str | None:
    match = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None or match[2] not in (*DAYS_OF, *MONTHS_OF):
        return f"{key}: a span is a whole number of days, weeks, months or years, like '28 days'"
    count, unit = int(match[1]), match[2]
    if count == 0 and key not in MAY_BE_ZERO:
        return f"{key}: a span is longer than nothing"
    if unit in MONTHS_OF and key in DAYS_ONLY and not calendar:
        return f"{key}: days are counted here; write it in days or weeks"
    if unit in DAYS_OF and key in MONTHS_ONLY:
        return f"{key}: write it in months or years"
    if too_long(count, unit):
        return f"{key}: longer than a life"
    return None


def too_long(count: float, unit: str) -> bool:
    """Whether a span is longer than any patient lives."""
    if unit in DAYS_OF:
        return count * DAYS_OF[unit] > MOST_DAYS
    return count * MONTHS_OF[unit] > MOST_MONTHS


def wrong_age(age: Amount) -> str | None:
    """Why an age cannot be reached by counting calendar days or months; None if it can."""
    if age.value != int(age.value) or age.value <= 0:
        return "an age is a whole number of days, weeks, months or years"
    return "no patient becomes so old" if too_long(age.value, age.unit) else None
