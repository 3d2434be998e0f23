"""Short words of cases to FHIR: codes, quantities, and days counted from the as-of day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from service.cases.strict_yaml import read_case_file
from service.errors import CaseError
from service.fhir.values.days import add_months
from service.json_object import Json

_DAY = re.compile(r"^\d{4}(-\d{2}){0,2}$")
_AGO = re.compile(r"^(\d+) (day|month|year)s? (ago|ahead)$")
_SPAN = re.compile(r"^(\d+(?:\.\d+)?) (day|week|month|year)s?$")
_VALUE = re.compile(r"^(<=|>=|<|>)?\s*(-?\d+(?:\.\d+)?)\s*(\S.*)?$")
_AGE = re.compile(r"^(\d+) (month|year)s?( less a day)?$")
_ADDRESS = re.compile(r"^(https?://|urn:)\S+$")
UCUM = "http://unitsofmeasure.org"
WORDS = Path("examples/cases/words.yaml")  # below a content folder


@dataclass(frozen=True)
class CaseWords:
    """The words that cases may use: codes by word, payers, units, and the patient that a case starts from.

    `codes` holds `system|code` by word, `held` the value set that a word stands under.
    """

    systems: Mapping[str, str]
    codes: Mapping[str, str]
    held: Mapping[str, str]
    payers: Mapping[str, str]
    units: Mapping[str, str]
    usual: Json
    usual_order: Json
    usual_approval: Json

    def coding(self, word: str) -> Json:
        """The coding of a word, or of `system|code` written out; a CaseError names an unknown word."""
        if word in self.codes:
            system, code = self.codes[word].split("|")
            return {"system": self.systems[system], "code": code, "display": word}
        system, _, code = word.rpartition("|")
        address = self._address(system)
        if address is None:
            raise CaseError(f"'{word}' is not in words.yaml")
        return {"system": address, "code": code}

    def _address(self, system: str) -> str | None:
        """The address of a code system, by its short name or written out; None if it is neither."""
        return self.systems.get(system, system if _ADDRESS.match(system) else None)

    def concept(self, word: str, *, coded: bool = True) -> Json:
        """A CodeableConcept; uncoded it carries the words alone."""
        return {"coding": [self.coding(word)]} if coded else {"text": word}

    def is_code(self, word: str) -> bool:
        """Whether a word stands for a code, rather than for itself."""
        return word in self.codes or self._address(word.rpartition("|")[0]) is not None

    def quantity(self, written: Any) -> Json:
        """A Quantity from `10 %`, `<10 %`, `12` (no unit at all) or `3 syringes`."""
        parts = _VALUE.match(str(written))
        if not parts:
            raise CaseError(f"'{written}' is no amount")
        value = float(parts[2])
        sent: Json = {"value": int(value) if value.is_integer() else value}
        if parts[1]:
            sent["comparator"] = parts[1]
        if parts[3]:
            sent["unit"] = parts[3]
            if parts[3] in self.units:
                sent |= {"system": UCUM, "code": self.units[parts[3]]}
        return sent

    def organization(self, word: str) -> Json:
        """A payer by name, or by the identifier that the words give it."""
        known = self.payers.get(word)
        if known is None:
            return {"display": word}
        system, value = known.split("|")
        return {"identifier": {"system": system, "value": value}}

    def indication(self, reason: str) -> str:
        """The disease of an order's reason, by the value set `<disease>.condition` of its word."""
        return self.held.get(reason, "").removesuffix(".condition")


@dataclass(frozen=True)
class CaseContext:
    """The day that a case is judged on, and the words that it may use."""

    as_of: date
    words: CaseWords


def read_words(*files: Path) -> CaseWords:
    """The words of several files together; a later file may add words, and change what is usual."""
    tables = [read_case_file(file) or {} for file in files]
    held = {
        word: name
        for table in tables
        for name, words in (table.get("words") or {}).items()
        for word in words
    }

    def merged(key: str, table: str | None = None) -> Json:
        parts = [(one.get(table) or {}) if table else one for one in tables]
        return {word: value for part in parts for word, value in (part.get(key) or {}).items()}

    codes = {
        word: code
        for table in tables
        for words in (table.get("words") or {}).values()
        for word, code in words.items()
    }
    return CaseWords(
        systems=merged("systems"),
        codes=codes,
        held=held,
        payers=merged("payers"),
        units=merged("units"),
        usual=merged("given", "usual"),
        usual_order=merged("order", "usual"),
        usual_approval=merged("approval", "usual"),
    )


def _months_before(day: date, months: int) -> date:
    earlier = add_months(day, -months)
    if earlier in (date.min, date.max):
        raise CaseError(f"there is no day {months} months before {day}")
    return earlier


def day(written: Any, as_of: date) -> str:
    """A FHIR date from `2026-09-01`, `2026-09`, `2026`, `today`, `91 days ago`, `1 day ahead`."""
    said = str(written)
    if said == "today":
        return as_of.isoformat()
    if parts := _AGO.match(said):
        count, unit, way = int(parts[1]), parts[2], parts[3]
        count = count if way == "ago" else -count
        if unit == "day":
            return (as_of - timedelta(days=count)).isoformat()
        return _months_before(as_of, count * (12 if unit == "year" else 1)).isoformat()
    if not _DAY.match(said):
        raise CaseError(f"'{said}' is no day")
    return said


def born(age: str, as_of: date) -> str:
    """The birth date of somebody who has just reached an age, or reaches it tomorrow."""
    parts = _AGE.match(age)
    if not parts:
        raise CaseError(f"'{age}' is no age like '6 years' or '6 years less a day'")
    months = int(parts[1]) * (12 if parts[2] == "year" else 1)
    birthday = as_of + timedelta(days=1) if parts[3] else as_of
    return _months_before(birthday, months).isoformat()


def span(written: str) -> tuple[float, str]:
    """Number and UCUM unit of `14 days`, `2 weeks`, `1 month`."""
    parts = _SPAN.match(written)
    if not parts:
        raise CaseError(f"'{written}' is no span like '14 days'")
    value = float(parts[1])
    units = {"day": "d", "week": "wk", "month": "mo", "year": "a"}
    return (int(value) if value.is_integer() else value), units[parts[2]]
