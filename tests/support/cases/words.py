"""Short words to FHIR: codes from `words.yaml`, quantities, and days counted from the as-of day."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from support.cases.documents import CaseError, read
from support.paths import ROOT

TABLE = read(Path(__file__).with_name("words.yaml"))
# Words for what only the example library knows stand beside its cases.
EXAMPLE = read(ROOT / "examples/library/words.yaml")
SYSTEMS: dict[str, str] = TABLE["systems"] | EXAMPLE["systems"]
PAYERS: dict[str, str] = TABLE["payers"] | EXAMPLE["payers"]
CODES: dict[str, str] = {
    word: code
    for table in (TABLE, EXAMPLE)
    for held in table["words"].values()
    for word, code in held.items()
}
_DAY = re.compile(r"^\d{4}(-\d{2}){0,2}$")
_AGO = re.compile(r"^(\d+) (day|month|year)s? (ago|ahead)$")
_SPAN = re.compile(r"^(\d+(?:\.\d+)?) (day|week|month|year)s?$")
_VALUE = re.compile(r"^(<=|>=|<|>)?\s*(-?\d+(?:\.\d+)?)\s*(\S.*)?$")
_AGE = re.compile(r"^(\d+) (month|year)s?( less a day)?$")
UCUM = "http://unitsofmeasure.org"


def coding(word: str) -> dict[str, str]:
    """The coding of a word of the table."""
    if word not in CODES:
        raise CaseError(f"'{word}' is not in words.yaml")
    system, code = CODES[word].split("|")
    return {"system": SYSTEMS[system], "code": code, "display": word}


def concept(word: str, *, coded: bool = True) -> dict[str, Any]:
    """A CodeableConcept; uncoded it carries the words alone."""
    return {"coding": [coding(word)]} if coded else {"text": word}


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise CaseError(f"no day {months} months before {day}")


def day(written: Any, as_of: date) -> str:
    """A FHIR date from `2026-09-01`, `2026-09`, `2026`, `today`, `91 days ago`, `1 day ahead`."""
    said = str(written)
    if said == "today":
        return as_of.isoformat()
    if found := _AGO.match(said):
        count, unit, way = int(found[1]), found[2], found[3]
        count = count if way == "ago" else -count
        if unit == "day":
            return (as_of - timedelta(days=count)).isoformat()
        return months_before(as_of, count * (12 if unit == "year" else 1)).isoformat()
    if not _DAY.match(said):
        raise CaseError(f"'{said}' is no day")
    return said


def born(age: str, as_of: date) -> str:
    """The birth date of somebody who has just reached an age, or reaches it tomorrow."""
    found = _AGE.match(age)
    if not found:
        raise CaseError(f"'{age}' is no age like '6 years' or '6 years less a day'")
    months = int(found[1]) * (12 if found[2] == "year" else 1)
    birthday = as_of + timedelta(days=1) if found[3] else as_of
    return months_before(birthday, months).isoformat()


def quantity(written: Any) -> dict[str, Any]:
    """A Quantity from `10 %`, `<10 %`, `12` (no unit at all) or `3 syringes`."""
    found = _VALUE.match(str(written))
    if not found:
        raise CaseError(f"'{written}' is no amount")
    value = float(found[2])
    sent: dict[str, Any] = {"value": int(value) if value.is_integer() else value}
    if found[1]:
        sent["comparator"] = found[1]
    if found[3]:
        sent["unit"] = found[3]
        if found[3] in TABLE["units"]:
            sent |= {"system": UCUM, "code": TABLE["units"][found[3]]}
    return sent


def span(written: str) -> tuple[float, str]:
    """Number and UCUM unit of `14 days`, `2 weeks`, `1 month`."""
    found = _SPAN.match(written)
    if not found:
        raise CaseError(f"'{written}' is no span like '14 days'")
    value = float(found[1])
    units = {"day": "d", "week": "wk", "month": "mo", "year": "a"}
    return (int(value) if value.is_integer() else value), units[found[2]]
