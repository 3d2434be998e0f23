"""Which value sets a product of the directory belongs to, by the products that they hold already.

A product belongs where one of the same substances, form, route and strength stands. It surely does not
belong to a set that holds its ingredient by other routes only. Anything between is a question.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.fhir.terminology.drugs import (
    DirectoryProduct,
    DrugWords,
    Entries,
    Entry,
    ProductPart,
    SetProduct,
    Strength,
    alike,
    read_set_product,
)
from service.fhir.terminology.names_in_text import Phrase, Phrases, occur, phrases, split
from service.memo import cached_property

# What its package tells, not the product.
OF_PACKAGE = frozenset({"actuations"})
# What a product of one ingredient and form has of its own; a known strength is needed for it.
OF_STRENGTH = frozenset(
    {"ug_per_actuation", "dose_mg", "volume_ml", "device", "potency", "inferred"}
)


# The name of an ingredient or a brand: no pack, no combination, no descriptor.
_NAME = re.compile(r"[^\d/{,]+")


@dataclass(frozen=True)
class DrugSet:
    """One value set of drugs: the ingredients that it is about and the products that it holds."""

    name: str
    members: frozenset[str]
    lines: tuple[SetProduct, ...]
    any_strength: bool

    @cached_property
    def routes(self) -> frozenset[str]:
        """The routes of all its products."""
        return frozenset(line.route for line in self.lines)

    def about(self, plain: str) -> str | None:
        """The ingredient of this set that a substance is, or is a salt or ester of."""
        held = f" {plain} "
        members = [member for member in self.members if f" {member} " in held]
        return max(members, key=len, default=None)

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
class ProductSets:
    """Products of the directory in the value sets of drugs."""

    words: DrugWords
    sets: tuple[DrugSet, ...]

    def entries(self, code: str, product: DirectoryProduct) -> Entries:
        """What each set says of a product; nothing where it is surely in none.

        Where a set holds just this product, those that do not hold it are not asked.
        """
        ours = self.ours(product)
        same = {
            drug_set.name: [line for line in drug_set.lines if self._same_drug(line, product)]
            for drug_set in self.sets
            if drug_set.name in ours
        }
        fits = {
            name: _same_size(
                [line for line in lines if self._same_strength(line, product)], product
            )
            for name, lines in same.items()
        }
        exact = any(fits.values())
        all_entries: list[Entry] = []
        for drug_set in self.sets:
            if drug_set.name not in ours:
                continue
            routes = frozenset(
                way for name in ours[drug_set.name] for way in drug_set.routes_by(name)
            )
            elsewhere = product.routes is None or not product.routes <= routes
            if lines := fits[drug_set.name]:
                all_entries.append(self._agreed(lines, code, product, elsewhere=elsewhere))
            elif exact:
                continue
            elif (lines := same[drug_set.name]) and drug_set.any_strength:
                some = self._agreed(lines, code, product, elsewhere=elsewhere, but=OF_STRENGTH)
                all_entries.append(some)
            elif not routes or product.routes is None or not product.routes.isdisjoint(routes):
                all_entries.append(self._question(drug_set, code, product, ours[drug_set.name][0]))
        return tuple(all_entries)

    def ours(self, product: DirectoryProduct) -> Mapping[str, Sequence[str]]:
        """The ingredients of each set that are in a product, in no dilution of homeopathy."""
        by_set: defaultdict[str, list[str]] = defaultdict(list)
        for part in product.parts:
            if not part.diluted:
                for name in self._names(part):
                    for phrase in occur(name.split(), self._members):
                        for set_name in self._sets_of[phrase]:
                            by_set[set_name].append(" ".join(phrase))
        return by_set

    @cached_property
    def _members(self) -> Phrases:
        return phrases(name for drug_set in self.sets for name in drug_set.members)

    @cached_property
    def _sets_of(self) -> Mapping[Phrase, Sequence[str]]:
        by_phrase: defaultdict[Phrase, list[str]] = defaultdict(list)
        for drug_set in self.sets:
            for name in drug_set.members:
                by_phrase[tuple(split(name))].append(drug_set.name)
        return dict(by_phrase)

    def _same_drug(self, line: SetProduct, product: DirectoryProduct) -> bool:
        """The same substances in the same form by the same route, whatever the strength."""
        if line.form not in product.forms or line.route not in (product.routes or ()):
            return False
        if any(part.name in self.words.hides_ester for part in product.parts):
            return False
        names = [self._names(part) for part in product.parts]
        return (
            len(names) == len(line.names)
            and all(any(name in line.names for name in called) for called in names)
            and line.names <= frozenset(name for called in names for name in called)
        )

    def _names(self, part: ProductPart) -> tuple[str, ...]:
        own = self.words.plain(part.name)
        return (own, part.other.ours) if part.other else (own,)

    def _same_strength(self, line: SetProduct, product: DirectoryProduct) -> bool:
        return all(
            any(
                name in line.strengths
                and strength is not None
                and _equal(line.strengths[name], strength)
                for name, strength in part.names_with_strength(self.words.plain(part.name))
            )
            for part in product.parts
        )

    def _agreed(
        self,
        lines: Sequence[SetProduct],
        code: str,
        product: DirectoryProduct,
        *,
        elsewhere: bool,
        but: frozenset[str] = frozenset(),
    ) -> Entry:
        """What all these lines say; a question where one is, or where the product goes elsewhere too."""
        entries = [line.entry for line in lines]
        first = entries[0].attributes
        attributes = {
            key: value
            for key, value in first.items()
            if key not in but | OF_PACKAGE
            and all(entry.attributes.get(key) == value for entry in entries)
        }
        question = elsewhere or any(entry.question for entry in entries)
        if question and "why" not in attributes:
            asked = (entry.attributes["why"] for entry in entries if "why" in entry.attributes)
            attributes["why"] = next(asked, self.words.why)
        return Entry(
            entries[0].value_set, code, _display(entries, product, but), attributes, question
        )

    def _question(
        self, held: DrugSet, code: str, product: DirectoryProduct, ingredient: str
    ) -> Entry:
        attributes = {"ingredient": ingredient, "why": self.words.why}
        return Entry(held.name, code, product.words, attributes, question=True)


def _display(entries: Sequence[Entry], product: DirectoryProduct, but: frozenset[str]) -> str:
    """The one name of the product without a brand, else what the directory says."""
    plain = {entry.display for entry in entries if "[" not in entry.display}
    return plain.pop() if len(plain) == 1 and not but else product.words


def _equal(ours: Strength, theirs: Strength) -> bool:
    """Whether two strengths are one: of a piece or puff the whole amount, else what is in one unit."""
    if ours.each:
        return alike(ours.milligrams, theirs.milligrams)
    return not theirs.each and alike(ours.per_unit, theirs.per_unit)


def _same_size(lines: Sequence[SetProduct], product: DirectoryProduct) -> Sequence[SetProduct]:
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
    for name, set_entries in entries.items():
        lines: list[SetProduct] = []
        about = {member.lower() for member in members.get(name, ())}
        for entry in set_entries:
            line = read_set_product(entry, words)
            if line is not None:
                lines.append(line)
            elif "form" not in entry.attributes and _NAME.fullmatch(entry.display):
                about.add(words.plain(entry.display))
        yield DrugSet(name, frozenset(about), tuple(lines), name in any_strength)


def grouped(named: Iterable[Entry]) -> Mapping[str, Sequence[Entry]]:
    """Entries by their value set."""
    by_set: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in named:
        by_set[entry.value_set].append(entry)
    return by_set
