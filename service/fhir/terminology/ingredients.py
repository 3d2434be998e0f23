"""The ingredients of the drugs in value sets: whether two entries are of different drugs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from service.fhir.terminology.drugs import Entries, Entry


@dataclass(frozen=True)
class SetIngredients:
    """The ingredients of each name in each set (`of_names`), and all of each set."""

    of_names: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    of_sets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def differ(self, some: Entries, others: Entries) -> bool:
        """Whether two groups of entries have no set in common, or in those sets no ingredient.

        A salt or ester is no other ingredient. An entry whose ingredients are not known is none either.
        """
        shared = {entry.value_set for entry in some} & {entry.value_set for entry in others}
        if not shared:
            return True
        one, other = (
            [self._of(entry) for entry in entries if entry.value_set in shared]
            for entries in (some, others)
        )
        if not all((*one, *other)):
            return False
        return not any(a in b or b in a for a in chain(*one) for b in chain(*other))

    def _of(self, entry: Entry) -> frozenset[str]:
        """The ingredients of an entry, by its code or its name; empty if they are not known."""
        if listed := entry.attributes.get("ingredient"):
            return _spaced(listed)
        name = f" {entry.code.lower()} "
        if brand := self.of_names.get((entry.value_set, name)):
            return brand
        known = self.of_sets.get(entry.value_set, frozenset())
        return frozenset(each for each in known if each in name or name in each)


def set_ingredients(listed: Iterable[Entries]) -> SetIngredients:
    """The ingredients of all sets, from the entries of their codes."""
    of_names: dict[tuple[str, str], frozenset[str]] = {}
    of_sets: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for entry in chain.from_iterable(listed):
        if written := entry.attributes.get("ingredient"):
            ingredients = _spaced(written)
            of_names[entry.value_set, f" {entry.display.lower()} "] = ingredients
            of_sets[entry.value_set] |= ingredients
    return SetIngredients(of_names, dict(of_sets))


def _spaced(ingredients: str) -> frozenset[str]:
    """The ingredients of a product, each between spaces, so that a part of a word is none."""
    return frozenset(f" {each.strip().lower()} " for each in ingredients.split("+"))
