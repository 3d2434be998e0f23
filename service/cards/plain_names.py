"""What a card says in few words: products by their plain name, days without what goes without saying."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from service.cards.wording import Wording
from service.memo import per_document, per_value
from service.policy.finding import Evidence, Remark, Value, remark

MONTHS = 12
LONGEST_NAME = 160  # longer names are not read as products
# A product as RxNorm writes it: an amount, ingredients with strengths, a dose form, a brand.
_BRAND = re.compile(r" \[[^\]]*\]$")
_PART = re.compile(
    r"(?:(?P<amount>[\d.]+) (?P<counted>ACTUAT|ML|HR) )?(?P<name>\D.*?) "
    r"(?P<strength>\d[\d.]*) (?P<unit>MG(?:/(?:ML|MG|ACTUAT))?)(?: (?P<form>\D.*))?"
)
# The kind of concept that SNOMED CT adds to its full names.
_TAG = re.compile(
    r" \((?:disorder|finding|procedure|situation|regime/therapy|product|substance)\)$"
)
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
# Remarks on one product: on a card its name and what is in doubt are enough.
_PRODUCTS = {"handed_over", "listed", "listed_at_dose", "course"}
FOR_SKIN = "Topical"


@dataclass(frozen=True, slots=True)
class InShort:
    """Words for a card of one day; days of its year are written without the year."""

    wording: Wording
    day: date

    def text(self, content: str | Remark | None) -> str:
        """A remark or a text of the chart in few words; not escaped."""
        shortened = _shortened(content, salts(self.wording))
        return self.days(self.wording.text(cast("Any", shortened)))

    def evidence(self, proof: Evidence) -> str:
        """The value of an entry with its day; not escaped."""
        value = self.text(proof.value)
        if not proof.date:
            return value
        first, _, last = proof.date.partition(" to ")
        shown = proof.date
        if last == "?":
            shown = self.wording.text(remark("since", day=first))
        elif first == "?":
            shown = self.wording.text(remark("until", day=last))
        return f"{value}, {self.days(shown)}"

    def days(self, text: str) -> str:
        """The text with its days in short."""
        return _DAY.sub(self._day, text) if "-" in text else text

    def _day(self, found: re.Match[str]) -> str:
        year, month, day = map(int, found.groups())
        if not 1 <= month <= MONTHS:
            return found[0]
        named = f"{_months(self.wording)[month - 1]} {day}"
        return named if year == self.day.year else f"{named}, {year}"


def _product(kind: str, given: Mapping[str, Value], name: Value) -> Remark:
    match kind:
        case "handed_over":
            return remark("product", name=name, doubt=given.get("doubt"))
        case "course":
            return remark(
                "course_in_short",
                name=name,
                days=given.get("days"),
                unexplained=given.get("unexplained"),
                others=given.get("others"),
            )
        case _:
            return remark("listed", name=name)


def _shortened(content: Value, salt_words: frozenset[str]) -> Value:
    match content:
        case Remark(kind=kind) if kind in _PRODUCTS:
            given = dict(content.values)
            return _product(kind, given, _shortened(given.get("name"), salt_words))
        case Remark():
            values = ((name, _shortened(value, salt_words)) for name, value in content.values)
            return Remark(content.kind, tuple(values), content.longest)
        case tuple():
            return tuple(_shortened(item, salt_words) for item in content)
        case str():
            return plain_name(content, salt_words)
        case _:
            return content


@per_document
def salts(wording: Wording) -> frozenset[str]:
    """Words behind an ingredient that a card leaves out."""
    return frozenset(wording.say("coverage", "salts").split())


@per_document
def _months(wording: Wording) -> list[str]:
    return str(wording.say("coverage", "months")).split()


@per_value
def plain_name(name: str, salt_words: frozenset[str]) -> str:
    """A product by its ingredients and strength; any other name without SNOMED's kind of concept."""
    if len(name) > LONGEST_NAME:
        return name
    found = [_PART.fullmatch(part) for part in _BRAND.sub("", name).split(" / ")]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found) or len({part["unit"] for part in parts}) > 1:
        return _TAG.sub("", name)
    called = "/".join(dict.fromkeys(_ingredient(part["name"], salt_words) for part in parts))
    first, form = parts[0], parts[-1]["form"] or ""
    amount = float(first["amount"]) if first["counted"] == "ML" else None
    strengths, unit = _strengths(
        [float(part["strength"]) for part in parts], first["unit"], amount, form
    )
    on_skin = f" {form.split()[-1].lower()}" if form.startswith(FOR_SKIN) else ""
    return f"{called}{on_skin} {'/'.join(f'{strength:g}' for strength in strengths)}{unit}"


def _ingredient(name: str, salt_words: Collection[str]) -> str:
    first, *rest = name.split()
    return " ".join([first, *(word for word in rest if word.lower() not in salt_words)])


def _strengths(
    strengths: list[float], unit: str, amount: float | None, form: str
) -> tuple[list[float], str]:
    """The strengths as they are prescribed, with their unit; µg per actuation go without one."""
    match unit:
        case "MG/ACTUAT":
            return [round(strength * 1000, 3) for strength in strengths], ""
        case "MG/MG":
            return [round(strength * 100, 4) for strength in strengths], " %"
        case "MG/ML" if amount is not None:
            return [round(strength * amount, 2) for strength in strengths], " mg"
        case "MG/ML" if form.startswith(FOR_SKIN):
            return [round(strength / 10, 4) for strength in strengths], " %"
        case _:
            return strengths, f" {unit.lower().replace('ml', 'mL')}"
