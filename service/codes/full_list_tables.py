"""Makes the table of a full list and the document beside it."""

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
from service.library.lookups.directories import CODES_HEAD

DESCRIBED = (
    *("SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH", "ACTIVE_INGRED_UNIT"),
    *("DOSAGEFORMNAME", "ROUTENAME"),
)


FORM, ROUTE = DESCRIBED.index("DOSAGEFORMNAME"), DESCRIBED.index("ROUTENAME")
_CONTENT = re.compile(r"(?P<count>[0-9]+) (?P<what>[A-Z][A-Z, ]+?) in 1 ", re.IGNORECASE)
_CONTAINER = re.compile(r"1 [A-Z, -]+ in 1 ", re.IGNORECASE)


SHORTEST_NAME = 5
# How the established name of a kit parts what is in it, and words of one that names something else.
_BETWEEN = re.compile(r"[,;/&+]|\bAND\b|\bWITH\b")
_UNNAMED = frozenset(
    {
        *("KIT", "PACK", "PAK", "SET", "SYSTEM", "COLLECTION", "SPECIMEN", "DEVICE", "SOLUTION"),
        *("CREAM", "LOTION", "WASH", "SHAMPOO", "CLEANSER", "GEL", "PATCH", "TRAY", "TREATMENT"),
    }
)


class Table(NamedTuple):
    """A table as it ships, with what its document tells of it."""

    data: bytes
    sha256: str
    rows: int
    text: bytes


class Boxed(NamedTuple):
    """A package of the directory: its NDC, whether it is a sample, and what FDA says is in it."""

    ndc: str
    sample: bool
    description: str


class Called(NamedTuple):
    """A product by its name: its substances, whether it is prescribed, and its routes."""

    name: str
    substances: str
    prescribed: bool
    route: str = ""


def product_table(rows: Iterable[tuple[str, ...]], packages: Iterable[Boxed] = ()) -> Table:
    """The table of products: each row has the product's NDC, then what describes it."""
    found = []
    forms: dict[str, str] = {}
    for ndc, *described in rows:
        product = _one(ndc, PRODUCT)
        if product is not None:
            found.append((product, "\t".join(" ".join(one.split()) for one in described)))
            if any(word in described[ROUTE].upper() for word in ("INHALATION", "NASAL")):
                forms[product] = described[FORM].upper()
    text = packed(found, _packages(packages, forms))
    return _table(text, len(unpacked(text).numbers))


def _packages(packages: Iterable[Boxed], forms: Mapping[str, str]) -> Packages:
    puffs: defaultdict[int, list[str]] = defaultdict(list)
    samples: list[str] = []
    for one in packages:
        package = _one(one.ndc, PACKAGE)
        if package is None:
            continue
        if one.sample:
            samples.append(package)
        if count := _puffs(one.description, forms.get(package[:PRODUCT], "")):
            puffs[count].append(package)
    return Packages(puffs, samples)


def _one(ndc: str, digits: int) -> str | None:
    found = readings(ndc)
    return found[0] if len(found) == 1 and len(found[0]) == digits else None


def _puffs(description: str, form: str) -> int | None:
    """The puffs of the one inhaler in a package, as `1 INHALER in 1 CARTON > 60 POWDER in 1 INHALER`."""
    *outer, inner = [part.strip() for part in description.split(">")] or [""]
    found = _CONTENT.match(inner)
    single = all(_CONTAINER.match(part) for part in outer)
    if found is None or not single or not form or found["what"].strip().upper() != form:
        return None
    count = int(found["count"])
    return count if count > 1 else None


def in_a_kit(substances: str, form: str, called: str) -> str:
    """The substances of a product; of a kit, where the list names none, those of its established name."""
    if substances.strip() or form.strip().upper() != KIT:
        return substances
    said = [" ".join(one.split()) for one in _BETWEEN.split(called.upper())]
    if not all(said) or any(not _UNNAMED.isdisjoint(one.split()) for one in said):
        return ""
    return "; ".join(dict.fromkeys(said))


def descriptor_table(codes: Mapping[str, str]) -> Table:
    """The table of codes with their descriptors."""
    rows = [f"{code}\t{' '.join(words.split())}".encode() for code, words in sorted(codes.items())]
    return _table(b"\n".join([CODES_HEAD, *rows, b""]), len(rows))


def name_table(products: Iterable[Called]) -> Table:
    """The table of names of drugs, each with the substances and routes of the products so called."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in products:
        name = " ".join(one.name.lower().split())
        if one.prescribed and len(name.replace(" ", "")) >= SHORTEST_NAME and name[0].isalpha():
            substances = ";".join(sorted(filter(None, map(str.strip, one.substances.split(";")))))
            if substances:
                found[name].add(f"{substances}{ROUTE_MARK}{one.route}" if one.route else substances)
    rows = [
        f"{name}\t{PRODUCT_MARK.join(sorted(each))}".encode()
        for name, each in sorted(found.items())
    ]
    return _table(b"\n".join([CODES_HEAD, *rows, b""]), len(rows))


def _table(text: bytes, rows: int) -> Table:
    data = lzma.compress(text, preset=6)
    return Table(data, sha256(data).hexdigest(), rows, text)


def told_anew(document: str, table: Table, **said: str) -> str:
    """The document of a directory with the figures of another table and what is said of it."""
    new = {"sha256": table.sha256, "rows": str(table.rows), **said}
    lines = document.split("\n")
    for at, line in enumerate(lines):
        key, colon, _ = line.partition(":")
        if colon and key in new:
            lines[at] = f"{key}: {new[key]}"
    return "\n".join(lines)
