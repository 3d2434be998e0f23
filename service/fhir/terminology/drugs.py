"""Drug products by what is in them: as FDA's directory describes one, as a line of a value set does."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from service.memo import cached_property


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One code or name in one value set; a `question` names the thing but proves nothing."""

    value_set: str
    code: str
    display: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    question: bool = False
    by_name: bool = False

    def as_question(self, why: str | None = None) -> "Entry":
        """The same as a question."""
        return replace(self if why is None else self.with_attributes(why=why), question=True)

    def with_attributes(self, **more: Any) -> "Entry":
        """The same with more that is known of it."""
        return replace(self, attributes={**self.attributes, **more})


Entries = tuple[Entry, ...]
Aliases = Mapping[tuple[str, str], tuple[str, str]]


# A form of FDA of which the list names no substances; they are those of its established name.
KIT = "KIT"
# Two figures of one strength, rounded differently.
ROUNDING = 0.025


class Substance(NamedTuple):
    """A substance under another name of ours, with FDA's figures beside ours where they differ."""

    ours: str
    strengths: Mapping[float, float]
    weighs: float


class DoseForm(NamedTuple):
    """A dose form of ours and what FDA may write for it, by one route."""

    form: str
    route: str
    fda: frozenset[str]


@dataclass(frozen=True)
class DrugWords:
    """The words of FDA's directory in those of our value sets (`drug_words.yaml`)."""

    why: str
    why_sample: str
    routes: Mapping[str, str]
    together: Mapping[str, str]
    inhaled: frozenset[str]
    forms: tuple[DoseForm, ...]
    salts: frozenset[str]
    substances: Mapping[str, Substance]
    milligrams: Mapping[str, float]
    millilitres: Mapping[str, float]
    dilutions: tuple[str, ...]
    said: Mapping[str, frozenset[str]]
    no_name: frozenset[str]
    doubtful_classes: frozenset[str]
    doubtful_in_texts: frozenset[str]
    doubtful_ends: tuple[str, ...]
    unnamed: tuple[str, ...]
    unnamed_of: frozenset[str]
    no_drugs: frozenset[str]
    hides_ester: frozenset[str] = frozenset()
    salts_of_others: frozenset[str] = frozenset()
    explains: frozenset[str] = frozenset()

    def plain(self, name: str) -> str:
        """A substance without the words that do not change which drug it is."""
        first, *rest = re.sub(r"(?<=[a-z]{6})-[a-z]{4}\b|[,;()]", " ", name.lower()).split() or [""]
        if rest and first in self.salts and first == "anhydrous":
            first, *rest = rest
        return " ".join([first, *(word for word in rest if word not in self.salts)])

    def routes_of(self, written: str, form: str) -> frozenset[str] | None:
        """The routes of a product in our words; None where one is not known."""
        if written in self.together:
            return frozenset({self.together[written]})
        routes = {self.routes.get(part) for part in parts(written)}
        if routes == {"oral"} and form in self.inhaled:
            return frozenset({"inhalation"})
        return (
            None if not routes or None in routes else frozenset(route for route in routes if route)
        )

    def forms_of(self, written: str, routes: frozenset[str]) -> frozenset[str]:
        """The dose forms of ours that FDA's words may mean, by any of the routes."""
        return frozenset(
            dose_form.form
            for dose_form in self.forms
            if dose_form.route in routes and written in dose_form.fda
        )


@dataclass(frozen=True, slots=True)
class Strength:
    """Milligrams in so many millilitres, grams or pieces; `each` where it is a whole piece or puff."""

    milligrams: float
    amount: float
    each: bool

    @property
    def per_unit(self) -> float:
        """Milligrams in one millilitre, gram or piece."""
        return self.milligrams / self.amount

    def times(self, factor: float) -> "Strength":
        """The same with another figure."""
        return Strength(self.milligrams * factor, self.amount, self.each)


@dataclass(frozen=True, slots=True)
class ProductPart:
    """One substance of a product; `other` is what else it is called."""

    name: str
    strength: Strength | None
    other: Substance | None = None
    diluted: bool = False

    def names_with_strength(self, plain: str) -> Iterable[tuple[str, Strength | None]]:
        """Each name of it in our words with the strength that goes with it."""
        yield plain, self.strength
        if self.other is None:
            return
        if self.strength is None or not self.other.strengths:
            yield (
                self.other.ours,
                self.strength and self.strength.times(1 / self.other.weighs),
            )
            return
        for theirs, ours in self.other.strengths.items():
            if alike(theirs, self.strength.per_unit):
                yield self.other.ours, Strength(ours, 1, self.strength.each)


@dataclass(frozen=True)
class DirectoryProduct:
    """One product of the directory."""

    parts: tuple[ProductPart, ...]
    form: str
    routes: frozenset[str] | None
    forms: frozenset[str]

    @cached_property
    def words(self) -> str:
        """What it is, to be shown."""
        names = " / ".join(part.name for part in self.parts)
        return f"{names}, {self.form.lower()}" if self.form else names


@dataclass(frozen=True, slots=True)
class SetProduct:
    """A product of a value set, read from its name: substances with strengths, form and route."""

    entry: Entry
    names: frozenset[str]
    strengths: Mapping[str, Strength]
    form: str
    route: str
    volume: float | None = None


def parts(written: str) -> list[str]:
    """The parts of a field of the directory."""
    return [part.strip() for part in written.split(";") if part.strip()]


def alike(one: float, other: float) -> bool:
    """Whether two figures are the same but for rounding."""
    return abs(one - other) <= ROUNDING * max(one, other)


def read_directory_product(description: str, words: DrugWords) -> DirectoryProduct:
    """A product from its line in the directory: substances, strengths, units, form, routes."""
    fields = (*description.split("\t"), "", "", "", "", "")
    names, figures, units = (parts(field_text) for field_text in fields[:3])
    form, route = fields[3].strip(), fields[4].strip()
    if not len(names) == len(figures) == len(units):
        figures, units = [""] * len(names), [""] * len(names)
    substances = tuple(
        _part(name.lower(), figure, unit, words)
        for name, figure, unit in zip(names, figures, units, strict=True)
    )
    routes = words.routes_of(route, form)
    return DirectoryProduct(substances, form, routes, words.forms_of(form, routes or frozenset()))


def _part(name: str, figure: str, unit: str, words: DrugWords) -> ProductPart:
    return ProductPart(
        name,
        _strength(figure, unit, words),
        words.substances.get(name),
        unit.startswith(words.dilutions),
    )


_UNIT = re.compile(r"([A-Za-z]+)/([0-9]*\.?[0-9]*)([A-Za-z]*)")


def _strength(figure: str, unit: str, words: DrugWords) -> Strength | None:
    """A figure of the directory with its unit, like `50` and `ug/.1g`; None where it is another unit."""
    match = _UNIT.fullmatch(unit)
    try:
        value = float(figure)
    except ValueError:
        return None
    if match is None or value <= 0:
        return None
    mass, amount, per = match.groups()
    grams = {name: each / words.milligrams["g"] for name, each in words.milligrams.items()}
    factor = 1.0 if not per else words.millilitres.get(per, grams.get(per))
    if mass not in words.milligrams or factor is None:
        return None
    count = float(amount or 1) if amount != "." else 1.0
    if count <= 0:
        return None
    return Strength(value * words.milligrams[mass], count * factor, each=not per)


_LEAD = re.compile(r"(?P<count>[\d.]+) (?P<unit>ACTUAT|ML|HR) ")
_COMPONENT = re.compile(r"(?P<name>.+?) (?P<figure>[\d.]+) (?P<unit>[A-Za-z]+(?:/[A-Za-z]+)?)")
_PER = {
    "MG": (1.0, True),
    "MG/ML": (1.0, False),
    "MG/MG": (1000.0, False),
    "MG/ACTUAT": (1.0, True),
}
AUGMENTED = "Augmented "


def read_set_product(entry: Entry, words: DrugWords) -> SetProduct | None:
    """A product of a value set from its RxNorm name; None where it is none, as an ingredient."""
    form, route = entry.attributes.get("form"), entry.attributes.get("route")
    name = re.sub(r" \[[^\]]*\]$", "", entry.display)
    if not isinstance(form, str) or not name.endswith(f" {form}"):
        return None
    text, volume, strengths = name[: -len(form)].strip(), None, {}
    while True:
        if lead := _LEAD.match(text):
            volume = float(lead["count"]) if lead["unit"] == "ML" else volume
            text = text[lead.end() :]
        elif text.startswith((AUGMENTED, "Breath-Actuated ", "Sensor ")):
            first, _, text = text.partition(" ")
            form = f"{first} {form}" if f"{first} " == AUGMENTED else form
        else:
            break
    for component in text.split(" / "):
        match = _COMPONENT.fullmatch(component.strip())
        factor, each = _PER.get(match["unit"], (None, False)) if match else (None, False)
        if match is None or factor is None:
            return None
        strengths[words.plain(match["name"])] = Strength(float(match["figure"]) * factor, 1, each)
    route = route if isinstance(route, str) else _route_of(form, words)
    return SetProduct(entry, frozenset(strengths), strengths, form, route or "", volume)


def _route_of(form: str, words: DrugWords) -> str | None:
    return next((dose_form.route for dose_form in words.forms if dose_form.form == form), None)
