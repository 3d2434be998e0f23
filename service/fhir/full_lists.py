"""Whole lists of codes, so that a code can be told apart: in a class, surely another thing, or not known.

A list is whole as of its day. A code that is not in it is not known to us, never another thing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from service.fhir.deciding import Deciding
from service.fhir.directory import Directory
from service.fhir.drug_names import DrugNames, split
from service.fhir.drugs import read_listed
from service.fhir.entries import Entries

ByWords = Callable[[str], Entries]


@dataclass(frozen=True)
class FullLists:
    """A directory of drug products and lists of codes with their descriptors, by system."""

    deciding: Deciding
    names: DrugNames
    directory: Directory | None = None
    descriptors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _decided: dict[str, Entries | None] = field(default_factory=dict, init=False)

    @property
    def systems(self) -> frozenset[str]:
        """The systems whose codes have descriptors."""
        return frozenset(self.descriptors)

    def of_product(self, product: str) -> Entries | None:
        """What the sets say of a product by its nine digits; None where the directory lacks it."""
        if product not in self._decided:
            self._decided[product] = self._of_product(product)
        return self._decided[product]

    def _of_product(self, product: str) -> Entries | None:
        found = self.directory.descriptions(product) if self.directory else ()
        words = self.deciding.words
        read = [read_listed(one, words) for one in found]
        if not read or not all(one.parts for one in read):
            return None
        return agreed([self.deciding.entries(product, one) for one in read])

    def descriptor(self, system: str | None, code: str | None) -> str | None:
        """The words of a listed code."""
        return self.descriptors.get(system or "", {}).get(code or "")

    def of_listed(self, system: str, code: str, by_words: ByWords) -> Entries:
        """What the descriptor of a listed code may mean, as a question; a set may refuse the code."""
        words = self.descriptor(system, code)
        if words is None:
            return ()
        found = (one for one in by_words(words) if code not in self.refused.get(one.value_set, ()))
        return tuple(found)

    def names_something(self, descriptor: str) -> bool:
        """Whether a descriptor leaves no drug open: it is not of the unclassified kind."""
        text, words = f" {descriptor.lower()} ", split(descriptor)
        known = self.names.words
        open_end = any(f" {end}" in text.translate(_BLANK) for end in known.unnamed)
        of_drugs = not known.unnamed_of.isdisjoint(words)
        return not (open_end and of_drugs) and not self.names.doubtful(words)


_BLANK = str.maketrans(dict.fromkeys("(),.;", " "))


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
