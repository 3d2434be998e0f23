"""Builds the table of a full list of codes, and updates the document beside it."""

import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from service.fhir.terminology.directory import Packages, packed, unpacked
from service.fhir.terminology.drugs import KIT
from service.fhir.terminology.ndc import PACKAGE, PRODUCT, readings
from service.library.lookups.brands import PRODUCT_MARK, ROUTE_MARK
from service.library.lookups.full_list_documents import CODES_HEAD

DESCRIBED = (
    *("SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH", "ACTIVE_INGRED_UNIT"),
    *("DOSAGEFORMNAME", "ROUTENAME"),
)


FORM, ROUTE = DESCRIBED.index("DOSAGEFORMNAME"), DESCRIBED.index("ROUTENAME")
_CONTENT = re.compile(r"(?P<count>[0-9]+) (?P<what>[A-Z][A-Z, ]+?) in 1 ", re.IGNORECASE)
_CONTAINER = re.compile(r"1 [A-Z, -]+ in 1 ", re.IGNORECASE)


SHORTEST_NAME = 5
# What separates the contents in a kit's established name, and words that name no substance.
_BETWEEN = re.compile(r"[,;/&+]|\bAND\b|\bWITH\b")
_UNNAMED = frozenset(
    {
        *("KIT", "PACK", "PAK", "SET", "SYSTEM", "COLLECTION", "SPECIMEN", "DEVICE", "SOLUTION"),
        *("CREAM", "LOTION", "WASH", "SHAMPOO", "CLEANSER", "GEL", "PATCH", "TRAY", "TREATMENT"),
    }
)


class Table(NamedTuple):
    """A compressed table, with the hash and number of rows that its document states."""

    data: bytes
    sha256: str
    rows: int
    text: bytes


class PackageRow(NamedTuple):
    """A package row of FDA: its NDC, whether it is a sample, and the description of its contents."""

    ndc: str
    sample: bool
    description: str


class NamedProduct(NamedTuple):
    """A product name with its substances and route, and whether it needs a prescription."""

    name: str
    substances: str
    prescribed: bool
    route: str = ""


def product_table(rows: Iterable[tuple[str, ...]], packages: Iterable[PackageRow] = ()) -> Table:
    """The table of products; each row is a product's NDC and the columns DESCRIBED."""
    products = []
    forms: dict[str, str] = {}
    for ndc, *described in rows:
        product = _only_reading(ndc, PRODUCT)
        if product is not None:
            products.append((product, "\t".join(" ".join(text_.split()) for text_ in described)))
            if any(word in described[ROUTE].upper() for word in ("INHALATION", "NASAL")):
                forms[product] = described[FORM].upper()
    text = packed(products, _packages(packages, forms))
    return _table(text, len(unpacked(text).numbers))


def _packages(packages: Iterable[PackageRow], forms: Mapping[str, str]) -> Packages:
    puffs: defaultdict[int, list[str]] = defaultdict(list)
    samples: list[str] = []
    for package_ in packages:
        package = _only_reading(package_.ndc, PACKAGE)
        if package is None:
            continue
        if package_.sample:
            samples.append(package)
        if count := _puffs(package_.description, forms.get(package[:PRODUCT], "")):
            puffs[count].append(package)
    return Packages(puffs, samples)


def _only_reading(ndc: str, digits: int) -> str | None:
    spellings = readings(ndc)
    return spellings[0] if len(spellings) == 1 and len(spellings[0]) == digits else None


def _puffs(description: str, form: str) -> int | None:
    """The puffs of a package's only inhaler (`1 INHALER in 1 CARTON > 60 POWDER in 1 INHALER`), or None."""
    *outer, inner = [part.strip() for part in description.split(">")] or [""]
    content = _CONTENT.match(inner)
    single = all(_CONTAINER.match(part) for part in outer)
    if content is None or not single or not form or content["what"].strip().upper() != form:
        return None
    count = int(content["count"])
    return count if count > 1 else None


def substances_of_kit(substances: str, form: str, called: str) -> str:
    """The substances of a product; for a kit without substances those in its established name."""
    if substances.strip() or form.strip().upper() != KIT:
        return substances
    named = [" ".join(part.split()) for part in _BETWEEN.split(called.upper())]
    if not all(named) or any(not _UNNAMED.isdisjoint(part.split()) for part in named):
        return ""
    return "; ".join(dict.fromkeys(named))


def descriptor_table(codes: Mapping[str, str]) -> Table:
    """The table of codes with their descriptors."""
    rows = [f"{code}\t{' '.join(words.split())}".encode() for code, words in sorted(codes.items())]
    return _table(b"\n".join([CODES_HEAD, *rows, b""]), len(rows))


def name_table(products: Iterable[NamedProduct]) -> Table:
    """The table of drug names, each with the substances and routes of products of that name."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for product in products:
        name = " ".join(product.name.lower().split())
        if product.prescribed and len(name.replace(" ", "")) >= SHORTEST_NAME and name[0].isalpha():
            substances = ";".join(
                sorted(filter(None, map(str.strip, product.substances.split(";"))))
            )
            if substances:
                by_name[name].add(
                    f"{substances}{ROUTE_MARK}{product.route}" if product.route else substances
                )
    rows = [
        f"{name}\t{PRODUCT_MARK.join(sorted(each))}".encode()
        for name, each in sorted(by_name.items())
    ]
    return _table(b"\n".join([CODES_HEAD, *rows, b""]), len(rows))


def _table(text: bytes, rows: int) -> Table:
    data = lzma.compress(text, preset=6)
    return Table(data, sha256(data).hexdigest(), rows, text)


def renewed_document(document: str, table: Table, **keys: str) -> str:
    """The document of a directory with the hash and rows of a new table, and other keys replaced."""
    new = {"sha256": table.sha256, "rows": str(table.rows), **keys}
    lines = document.split("\n")
    for index, line in enumerate(lines):
        key, colon, _ = line.partition(":")
        if colon and key in new:
            lines[index] = f"{key}: {new[key]}"
    return "\n".join(lines)
