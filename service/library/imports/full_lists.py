"""Makes the table of a full list and the document beside it."""

import lzma
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from service.fhir.directory import packed, unpacked
from service.fhir.ndc import PRODUCT, readings
from service.library.directories import CODES_HEAD

DESCRIBED = (
    *("SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH", "ACTIVE_INGRED_UNIT"),
    *("DOSAGEFORMNAME", "ROUTENAME"),
)


class Table(NamedTuple):
    """A table as it ships, with what its document tells of it."""

    data: bytes
    sha256: str
    rows: int


def product_table(rows: Iterable[tuple[str, ...]]) -> Table:
    """The table of products: each row has the product's NDC, then what describes it."""
    found = []
    for ndc, *described in rows:
        product = readings(ndc)
        if len(product) == 1 and len(product[0]) == PRODUCT:
            found.append((product[0], "\t".join(" ".join(one.split()) for one in described)))
    text = packed(found)
    return _table(text, len(unpacked(text).numbers))


def descriptor_table(codes: Mapping[str, str]) -> Table:
    """The table of codes with their descriptors."""
    rows = [f"{code}\t{' '.join(words.split())}".encode() for code, words in sorted(codes.items())]
    return _table(b"\n".join([CODES_HEAD, *rows, b""]), len(rows))


def _table(text: bytes, rows: int) -> Table:
    data = lzma.compress(text, preset=9)
    return Table(data, sha256(data).hexdigest(), rows)


def told_anew(document: str, table: Table, **said: str) -> str:
    """The document of a directory with the figures of another table and what is said of it."""
    new = {"sha256": table.sha256, "rows": str(table.rows), **said}
    lines = document.split("\n")
    for at, line in enumerate(lines):
        key, colon, _ = line.partition(":")
        if colon and key in new:
            lines[at] = f"{key}: {new[key]}"
    return "\n".join(lines)
