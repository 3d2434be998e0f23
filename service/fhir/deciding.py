"""Which value sets a product of the directory belongs to, by the products that they hold already.

A product belongs where one of the same substances, form, route and strength stands. It surely does not
belong to a set that holds its ingredient by other routes only. Anything between is a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.fhir.drugs import DrugWords, Line, Listed, Part, Strength, alike, read_line
from service.fhir.entries import Entries, Entry

# What a product of one ingredient and form has of its own; a known strength is needed for it.
OF_STRENGTH = frozenset(
    {"ug_per_actuation", "actuations", "dose_mg", "volume_ml", "device", "potency", "inferred"}
)


@dataclass(frozen=True)
class DrugSet:
    """One value set of drugs: the ingredients that it is about and the products that it holds."""

    name: str
    members: frozenset[str]
    lines: tuple[Line, ...]
    any_strength: bool

    @cached_property
    def routes(self) -> frozenset[str]:
        """The routes of all its products."""
        return frozenset(line.route for line in self.lines)

    def about(self, plain: str) -> str | None:
        """The ingredient of this set that a substance is, or is a salt or ester of."""
        held = f" {plain} "
        found = [one for one in self.members if f" {one} " in held]
        return max(found, key=len, default=None)

    def routes_by(self, ingredient: str) -> frozenset[str]:
        """The routes by which it holds an ingredient; all its routes where no product of it stands."""
        held = frozenset(
            line.route
            for line in self.lines
            for name in line.names
            if f" {ingredient} " in f" {name} "
        )
        return held or self.routes


@dataclass(frozen=True)
class Deciding:
    """Products of the directory in the value sets of drugs."""

    words: DrugWords
    sets: tuple[DrugSet, ...]

    def entries(self, code: str, product: Listed) -> Entries:
        """What each set says of a product; nothing where it is surely in none."""
        return tuple(
            entry for one in self.sets if (entry := self._in_set(one, code, product)) is not None
        )

    def _in_set(self, held: DrugSet, code: str, product: Listed) -> Entry | None:
        ours = [
            ingredient
            for part in product.parts
            if not part.diluted and (ingredient := self._about(held, part))
        ]
        if not ours:
            return None
        same = [line for line in held.lines if self._same_drug(line, product)]
        fits = _same_size([line for line in same if self._same_strength(line, product)], product)
        elsewhere = product.routes is None or not product.routes <= self._routes(held, ours)
        if fits:
            return self._agreed(fits, code, product, elsewhere=elsewhere, leaving_out=frozenset())
        if same and held.any_strength:
            return self._agreed(same, code, product, elsewhere=elsewhere, leaving_out=OF_STRENGTH)
        if product.routes is not None and product.routes.isdisjoint(self._routes(held, ours)):
            return None
        return self._question(held, code, product, ours[0])

    def _about(self, held: DrugSet, part: Part) -> str | None:
        found = held.about(self.words.plain(part.name))
        if found is None and part.other is not None:
            found = held.about(part.other.ours)
        return found

    def _routes(self, held: DrugSet, ingredients: Iterable[str]) -> frozenset[str]:
        return frozenset(route for one in ingredients for route in held.routes_by(one))

    def _same_drug(self, line: Line, product: Listed) -> bool:
        """The same substances in the same form by the same route, whatever the strength."""
        if line.form not in product.forms or line.route not in (product.routes or ()):
            return False
        names = [self._names(part) for part in product.parts]
        return (
            len(names) == len(line.names)
            and all(any(name in line.names for name in called) for called in names)
            and line.names <= frozenset(name for called in names for name in called)
        )

    def _names(self, part: Part) -> tuple[str, ...]:
        own = self.words.plain(part.name)
        return (own, part.other.ours) if part.other else (own,)

    def _same_strength(self, line: Line, product: Listed) -> bool:
        return all(
            any(
                name in line.strengths
                and strength is not None
                and _equal(line.strengths[name], strength)
                for name, strength in part.called(self.words.plain(part.name))
            )
            for part in product.parts
        )

    def _agreed(
        self,
        lines: Sequence[Line],
        code: str,
        product: Listed,
        *,
        elsewhere: bool,
        leaving_out: frozenset[str],
    ) -> Entry:
        """What all these lines say; a question where one is, or where the product goes elsewhere too."""
        entries = [line.entry for line in lines]
        first = entries[0].attributes
        known = {
            key: value
            for key, value in first.items()
            if key not in leaving_out and all(one.attributes.get(key) == value for one in entries)
        }
        question = elsewhere or any(one.question for one in entries)
        if question and "why" not in known:
            asked = (one.attributes["why"] for one in entries if "why" in one.attributes)
            known["why"] = next(asked, self.words.why)
        return Entry(
            entries[0].value_set, code, _shown(entries, product, leaving_out), known, question
        )

    def _question(self, held: DrugSet, code: str, product: Listed, ingredient: str) -> Entry:
        known = {"ingredient": ingredient, "why": self.words.why}
        return Entry(held.name, code, product.words, known, question=True)


def _shown(entries: Sequence[Entry], product: Listed, leaving_out: frozenset[str]) -> str:
    """The one name of the product without a brand, else what the directory says."""
    plain = {one.display for one in entries if "[" not in one.display}
    return plain.pop() if len(plain) == 1 and not leaving_out else product.words


def _equal(ours: Strength, theirs: Strength) -> bool:
    """Whether two strengths are one: of a piece or puff the whole amount, else what is in one unit."""
    if ours.each:
        return alike(ours.milligrams, theirs.milligrams)
    return not theirs.each and alike(ours.per_unit, theirs.per_unit)


def _same_size(lines: Sequence[Line], product: Listed) -> Sequence[Line]:
    """Those of the same volume, where both say one."""
    amounts = {part.strength.amount for part in product.parts if part.strength}
    if len(amounts) != 1 or amounts == {1.0}:
        return lines
    (amount,) = amounts
    exact = [line for line in lines if line.volume is not None and alike(line.volume, amount)]
    return exact or lines


def drug_sets(
    entries: Mapping[str, Iterable[Entry]],
    members: Mapping[str, Iterable[str]],
    any_strength: frozenset[str],
    words: DrugWords,
) -> Iterator[DrugSet]:
    """The value sets of drugs as products and ingredients."""
    for name, found in entries.items():
        lines: list[Line] = []
        about = {one.lower() for one in members.get(name, ())}
        for entry in found:
            line = read_line(entry, words)
            if line is not None:
                lines.append(line)
            elif "form" not in entry.attributes and "/" not in entry.display:
                about.add(words.plain(entry.display))
        yield DrugSet(name, frozenset(about), tuple(lines), name in any_strength)


def grouped(named: Iterable[Entry]) -> Mapping[str, Sequence[Entry]]:
    """Entries by their value set."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in named:
        found[entry.value_set].append(entry)
    return found
