"""Brand names of a list: those of other drugs, and those that may name a drug of a value set."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from service.fhir.terminology.drugs import Entries, Entry, Listed, Part, parts
from service.fhir.terminology.full_lists import FullLists
from service.fhir.terminology.phrases import occur, phrases, split
from service.memo import per_document

BY, NEXT = "@", "|"
MOST_SUBSTANCES = 100_000  # more than any list of brands names


class Brands(NamedTuple):
    """Names of drugs that are in no class of ours, and what the others may mean."""

    others: tuple[str, ...] = ()
    ours: tuple[tuple[str, Entries], ...] = ()


def brands(
    names: Mapping[str, str], lists: FullLists | None, texts: Iterable[str], no_names: Iterable[str]
) -> Brands:
    """Every name of a list by the substances and routes of the products that are so called.

    Those in which a name of `texts` stands are known by it.
    """
    if lists is None:
        return Brands()
    known, left_out, found_by_text = _Known(lists), {*no_names}, phrases(texts)
    others: list[str] = []
    ours: list[tuple[str, Entries]] = []
    for name, products in names.items():
        words = split(name)
        if name in left_out or occur(words, found_by_text):
            continue
        is_ours = bool(occur(words, lists.names.ours))
        substances = tuple(known.substances(products))
        if is_ours or any(map(known.is_ours, substances)):
            found = known.entries(products)
            if found:
                ours.append((name, found))
            elif found is not None and not is_ours:
                others.append(name)
        elif not any(map(known.may_be_new, substances)):
            others.append(name)
    return Brands(tuple(others), tuple(ours))


class _Known:
    """What the value sets hold of substances, each looked up once."""

    def __init__(self, lists: FullLists) -> None:
        self.lists = lists
        self.words = lists.deciding.words

    def substances(self, products: str) -> Iterator[str]:
        """Every substance of the products."""
        for one in products.split(NEXT):
            yield from one.partition(BY)[0].split(";")

    def entries(self, products: str) -> Entries | None:
        """The sets that they may be in, as questions; None where a part of one may be a new biologic."""
        found: dict[str, Entry] = {}
        for one in products.split(NEXT):
            names, _, route = one.partition(BY)
            if any(self.may_be_new(name) and not self.is_ours(name) for name in names.split(";")):
                return None
            each = tuple(
                Part(name.lower(), None, self.words.substances.get(name.lower()))
                for name in parts(names)
            )
            routes = self.words.routes_of(route, "") if route else None
            for entry in self.lists.deciding.entries("", Listed(each, "", routes, frozenset())):
                found[entry.value_set] = entry.asked()
        return tuple(found.values())

    @per_document(most=MOST_SUBSTANCES)
    def is_ours(self, substance: str) -> bool:
        ours = self.lists.names.ours
        return bool(
            occur(split(substance), ours) or occur(split(self.words.plain(substance)), ours)
        )

    @per_document(most=MOST_SUBSTANCES)
    def may_be_new(self, substance: str) -> bool:
        return self.lists.names.may_be_biologic(split(substance))
