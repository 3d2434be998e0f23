"""Whole lists of codes, so that a code can be told apart: in a class, surely another thing, or not known.

A list is whole as of its day. A code that is not in it is not known to us, never another thing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.fhir.terminology.directory import Directory
from service.fhir.terminology.drugs import (
    KIT,
    DirectoryProduct,
    DrugWords,
    Entries,
    Entry,
    read_directory_product,
)
from service.fhir.terminology.names_in_text import Phrases, occur, phrases, split
from service.fhir.terminology.ndc import PACKAGE, PRODUCT
from service.fhir.terminology.product_sets import DrugSet, ProductSets
from service.memo import cached_property, per_document

SHORTEST_SUBSTANCE = 5
MOST_LOOKED_UP = 20_000


@dataclass(frozen=True, eq=False)
class DrugNames:
    """Names of drugs: `ours` of the value sets, `others` of the directory beside them."""

    words: DrugWords
    sets: Mapping[str, DrugSet]
    ours: Phrases
    others: Phrases
    single: frozenset[str] = frozenset()

    @per_document(most=MOST_LOOKED_UP)
    def other(self, text: str, named: Entries) -> bool:
        """Whether a text names another drug and none of ours; `named` is what its words may mean."""
        return self._other(split(text), named)

    def doubtful(self, words: Sequence[str]) -> bool:
        """Whether words name a class of drugs, or may name a biologic that no list holds."""
        return not self.words.doubtful_in_texts.isdisjoint(words) or self.may_be_biologic(words)

    def may_be_biologic(self, words: Sequence[str]) -> bool:
        """Whether a word names a class of drugs of ours, or ends as names of new drugs do."""
        known = self.words
        if not known.doubtful_classes.isdisjoint(words):
            return True
        return any(word.endswith(known.doubtful_ends) and word not in self.single for word in words)

    def _other(self, words: Sequence[str], named: Entries) -> bool:
        if self.doubtful(words):
            return False
        if occur(words, self.ours):
            return bool(named) and not self.by_route(words, named)
        return bool(occur(words, self.others))

    def descriptor(self, words: Sequence[str]) -> bool:
        """Whether a code's descriptor names another drug, or leaves no drug open that may be ours."""
        if occur(words, self.others):
            return True
        known = self.words
        ends = any(occur(words, phrases((end,))) for end in known.unnamed)
        return known.doubtful_classes.isdisjoint(words) and not (
            ends and not known.unnamed_of.isdisjoint(words)
        )

    def by_route(self, words: Sequence[str], named: Entries) -> Entries:
        """Those sets that hold the drug by a route that a product's name says, all where it says none."""
        routes = self._routes(words)
        return tuple(entry for entry in named if not routes or self._may_be(entry, routes))

    def _routes(self, words: Sequence[str]) -> frozenset[str]:
        figures = any(letter.isdigit() for word in words for letter in word)
        if not figures or not self.words.no_name.isdisjoint(words):
            return frozenset()
        return frozenset(
            route
            for route, route_words in self.words.said.items()
            if not route_words.isdisjoint(words)
        )

    def _may_be(self, entry: Entry, routes: frozenset[str]) -> bool:
        held = self.sets.get(entry.value_set)
        if held is None or entry.attributes.get("always"):
            return True
        by = held.routes_by(held.about(entry.code.lower()) or "")
        return not by or not routes.isdisjoint(by)


INHALED = "inhalation"


@dataclass(frozen=True, eq=False)
class FullLists:
    """A directory of drug products and lists of codes with their descriptors, by system."""

    deciding: ProductSets
    names: DrugNames
    directory: Directory | None = None
    descriptors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def systems(self) -> frozenset[str]:
        """The systems whose codes have descriptors."""
        return frozenset(self.descriptors)

    @per_document(most=MOST_LOOKED_UP)
    def of_drug(self, digits: str) -> Entries | None:
        """What the sets say of a product or package by its digits; None where the directory lacks it."""
        entries = self._of_product(digits[:PRODUCT])
        return None if entries is None else self._packaged(entries, digits)

    def _packaged(self, entries: Entries, digits: str) -> Entries:
        """The same with what the package tells: the puffs of an inhaler, a question where it is a sample."""
        if len(digits) != PACKAGE or self.directory is None:
            return entries
        puffs = self.directory.puffs.get(int(digits))
        if puffs is not None:
            entries = tuple(
                entry.with_attributes(actuations=puffs)
                if entry.attributes.get("route") == INHALED
                else entry
                for entry in entries
            )
        if int(digits) in self.directory.samples:
            return tuple(entry.as_question(self.deciding.words.why_sample) for entry in entries)
        return entries

    def _of_product(self, product: str) -> Entries | None:
        descriptions = self.directory.descriptions(product) if self.directory else ()
        words = self.deciding.words
        read = [read_directory_product(description, words) for description in descriptions]
        if not read or not all(listed.parts for listed in read):
            return None
        each = [self.deciding.entries(product, listed) for listed in read]
        if any(map(self._is_named_by_brand, read, each)):
            return None
        return agreed(each)

    def _is_named_by_brand(self, product: DirectoryProduct, entries: Entries) -> bool:
        """Whether a part of a kit is called by a brand of ours, so that its sets are not known."""
        if product.form != KIT or entries:
            return False
        words = [split(part.name) for part in product.parts]
        return any(
            self.names.may_be_biologic(part_words) or occur(part_words, self.names.ours)
            for part_words in words
        )

    def descriptor(self, system: str | None, code: str | None) -> str | None:
        """The words of a listed code."""
        return self.descriptors.get(system or "", {}).get(code or "")

    def of_listed(self, system: str, code: str, named: Entries) -> Entries:
        """What the names in a listed code's descriptor may mean; a set may refuse the code."""
        words = split(self.descriptor(system, code) or "")
        return tuple(
            entry
            for entry in self.names.by_route(words, self._of_products_only(named))
            if code not in self.refused.get(entry.value_set, ())
        )

    def descriptor_names_other(self, words: Sequence[str], named: Entries) -> bool:
        """Whether a descriptor that is in no class is surely another thing.

        What it names of ours, by another route or in a code that the set refuses, is another thing too.
        """
        return bool(self._of_products_only(named)) or self.names.descriptor(words)

    def _of_products_only(self, named: Entries) -> Entries:
        return tuple(entry for entry in named if entry.value_set in self._with_products)

    @cached_property
    def explained(self) -> frozenset[str]:
        """Every word that some list here uses of a drug: names, substances, forms, routes, units."""
        words = self.deciding.words
        names = (self.names.ours, self.names.others)
        all_words = {
            word
            for phrases_by_word in names
            for several in phrases_by_word.values()
            for p in several
            for word in p
        }
        products = (
            line.entry.display for drug_set in self.deciding.sets for line in drug_set.lines
        )
        for text in (*products, *words.explains):
            all_words.update(split(text))
        if self.directory is not None:
            all_words.update(split(self.directory.all_words()))
        return frozenset(all_words.union(words.salts, words.no_name, *words.said.values()))

    @cached_property
    def _with_products(self) -> frozenset[str]:
        return frozenset(drug_set.name for drug_set in self.deciding.sets if drug_set.lines)


def agreed(several: Iterable[Entries]) -> Entries:
    """What some readings of one code say: the same thing, else a question in each set of any of them."""
    all_readings = list(several)
    first, *rest = all_readings
    if all(_said(reading) == _said(first) for reading in rest):
        return first
    by_set = {entry.value_set: entry for entries in all_readings for entry in entries}
    return tuple(entry.as_question() for entry in by_set.values())


def _said(entries: Entries) -> list[tuple[str, bool, str]]:
    return [
        (entry.value_set, entry.question, repr(sorted(entry.attributes.items())))
        for entry in entries
    ]
