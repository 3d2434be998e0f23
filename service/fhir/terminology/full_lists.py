"""Whole lists of codes, so that a code can be told apart: in a class, surely another thing, or not known.

A list is whole as of its day. A code that is not in it is not known to us, never another thing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from service.fhir.terminology.deciding import Deciding
from service.fhir.terminology.directory import Directory
from service.fhir.terminology.drug_names import DrugNames
from service.fhir.terminology.drugs import KIT, Entries, Listed, read_listed
from service.fhir.terminology.ndc import PACKAGE, PRODUCT
from service.fhir.terminology.phrases import occur, split
from service.memo import per_document

INHALED = "inhalation"
MOST_LOOKED_UP = 20_000


@dataclass(frozen=True, eq=False)
class FullLists:
    """A directory of drug products and lists of codes with their descriptors, by system."""

    deciding: Deciding
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
        found = self._of_product(digits[:PRODUCT])
        return None if found is None else self._packaged(found, digits)

    def _packaged(self, entries: Entries, digits: str) -> Entries:
        """The same with what the package tells: the puffs of an inhaler, a question where it is a sample."""
        if len(digits) != PACKAGE or self.directory is None:
            return entries
        puffs = self.directory.puffs.get(int(digits))
        if puffs is not None:
            entries = tuple(
                one.knowing(actuations=puffs) if one.attributes.get("route") == INHALED else one
                for one in entries
            )
        if int(digits) in self.directory.samples:
            return tuple(one.asked(self.deciding.words.why_sample) for one in entries)
        return entries

    def _of_product(self, product: str) -> Entries | None:
        found = self.directory.descriptions(product) if self.directory else ()
        words = self.deciding.words
        read = [read_listed(one, words) for one in found]
        if not read or not all(one.parts for one in read):
            return None
        each = [self.deciding.entries(product, one) for one in read]
        if any(map(self._is_named_by_brand, read, each)):
            return None
        return agreed(each)

    def _is_named_by_brand(self, product: Listed, entries: Entries) -> bool:
        """Whether a part of a kit is called by a brand of ours, so that its sets are not known."""
        if product.form != KIT or entries:
            return False
        words = [split(part.name) for part in product.parts]
        return any(self.names.may_be_biologic(one) or occur(one, self.names.ours) for one in words)

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
        return tuple(one for one in named if one.value_set in self._with_products)

    @cached_property
    def explained(self) -> frozenset[str]:
        """Every word that some list here uses of a drug: names, substances, forms, routes, units."""
        words = self.deciding.words
        names = (self.names.ours, self.names.others)
        found = {word for one in names for several in one.values() for p in several for word in p}
        products = (line.entry.display for one in self.deciding.sets for line in one.lines)
        for said in (*products, *words.explains):
            found.update(split(said))
        if self.directory is not None:
            found.update(split(self.directory.all_words()))
        return frozenset(found.union(words.salts, words.no_name, *words.said.values()))

    @cached_property
    def _with_products(self) -> frozenset[str]:
        return frozenset(one.name for one in self.deciding.sets if one.lines)


def agreed(several: Iterable[Entries]) -> Entries:
    """What some readings of one code say: the same thing, else a question in each set of any of them."""
    found = list(several)
    first, *rest = found
    if all(_said(one) == _said(first) for one in rest):
        return first
    by_set = {entry.value_set: entry for entries in found for entry in entries}
    return tuple(entry.asked() for entry in by_set.values())


def _said(entries: Entries) -> list[tuple[str, bool, str]]:
    return [(one.value_set, one.question, repr(sorted(one.attributes.items()))) for one in entries]
