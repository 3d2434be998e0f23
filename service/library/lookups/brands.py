"""Brand names of a full list: names of other drugs, and names that may mean a drug of a value set."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from service.fhir.terminology.drugs import DirectoryProduct, Entries, Entry, ProductPart, parts
from service.fhir.terminology.full_lists import FullLists
from service.fhir.terminology.names_in_text import occur, phrases, split
from service.memo import per_document

ROUTE_MARK, PRODUCT_MARK = "@", "|"
MOST_SUBSTANCES = 100_000  # more than any list of brands names


class Brands(NamedTuple):
    """`others`: names of drugs in no value set; `ours`: names with the entries that each may mean."""

    others: tuple[str, ...] = ()
    ours: tuple[tuple[str, Entries], ...] = ()


def brands(
    names: Mapping[str, str], lists: FullLists | None, texts: Iterable[str], no_names: Iterable[str]
) -> Brands:
    """Sorts every name of a list by the substances and routes of the products that have it.

    Names that contain one of `texts` are left out: that text finds them already.
    """
    if lists is None:
        return Brands()
    known, left_out, found_by_text = _Substances(lists), {*no_names}, phrases(texts)
    others: list[str] = []
    ours: list[tuple[str, Entries]] = []
    for name, products in names.items():
        words = split(name)
        if name in left_out or occur(words, found_by_text):
            continue
        is_ours = bool(occur(words, lists.names.ours))
        substances = tuple(known.substances(products))
        if is_ours or any(map(known.is_ours, substances)):
            entries = known.entries(products)
            if entries:
                ours.append((name, entries))
            elif entries is not None and not is_ours:
                others.append(name)
        elif not any(map(known.may_be_new, substances)):
            others.append(name)
    return Brands(tuple(others), tuple(ours))


class _Substances:
    """Which substances the value sets hold; each substance is looked up once."""

    def __init__(self, lists: FullLists) -> None:
        self.lists = lists
        self.words = lists.deciding.words

    def substances(self, products: str) -> Iterator[str]:
        """Every substance of the products."""
        for product in products.split(PRODUCT_MARK):
            yield from product.partition(ROUTE_MARK)[0].split(";")

    def entries(self, products: str) -> Entries | None:
        """The entries that the products may be, as questions; None if a substance may be a new biologic."""
        entries: dict[str, Entry] = {}
        for product in products.split(PRODUCT_MARK):
            names, _, route = product.partition(ROUTE_MARK)
            if any(self.may_be_new(name) and not self.is_ours(name) for name in names.split(";")):
                return None
            each = tuple(
                ProductPart(name.lower(), None, self.words.substances.get(name.lower()))
                for name in parts(names)
            )
            routes = self.words.routes_of(route, "") if route else None
            for entry in self.lists.deciding.entries(
                "", DirectoryProduct(each, "", routes, frozenset())
            ):
                entries[entry.value_set] = entry.as_question()
        return tuple(entries.values())

    @per_document(most=MOST_SUBSTANCES)
    def is_ours(self, substance: str) -> bool:
        """Whether a value set holds it."""
        ours = self.lists.names.ours
        return bool(
            occur(split(substance), ours) or occur(split(self.words.plain(substance)), ours)
        )

    @per_document(most=MOST_SUBSTANCES)
    def may_be_new(self, substance: str) -> bool:
        """Whether it may be a biologic that no list holds."""
        return self.lists.names.may_be_biologic(split(substance))
