"""Builds the table of a full list of codes from a new release, and updates the document beside it."""

import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from service.codes.ndc_directory import PACKAGE_FILE, PRODUCT_FILE
from service.codes.official_files import find_file, tab_rows
from service.errors import DocumentsError, Mistake
from service.fhir.terminology.directory import Packages, packed, unpacked
from service.fhir.terminology.drugs import KIT
from service.fhir.terminology.ndc import PACKAGE, PRODUCT, readings
from service.library.lookups.brands import PRODUCT_MARK, ROUTE_MARK
from service.library.lookups.full_list_documents import CODES_HEAD, PRODUCTS, read_products

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


DOCUMENT = "mappings/directories/ndc.yaml"


class Renewal(NamedTuple):
    """A new table and document for the content folder, with numbers of new and removed products."""

    table: Table
    document: str
    new: int
    gone: int

    @property
    def summary(self) -> str:
        """One line on what changes."""
        return (
            f"directory of drug products: {self.table.rows} products, {self.new} of them new to it, "
            f"{self.gone} no longer in it"
        )


@contextmanager
def unzipped(path: Path) -> Iterator[Path]:
    """The folder with FDA's text files; a zip file is unpacked into a temporary folder."""
    if path.is_dir():
        yield path
        return
    try:
        with ZipFile(path) as archive, TemporaryDirectory() as folder:
            for info in archive.infolist():
                name = Path(info.filename).name.lower()
                if name in {PRODUCT_FILE, PACKAGE_FILE}:
                    (Path(folder) / name).write_bytes(archive.read(info))
            yield Path(folder)
    except BadZipFile as error:
        raise DocumentsError([Mistake(str(path), 1, "neither a folder nor a zip file")]) from error


def renewal_from(content: Path, folder: Path, day: date) -> Renewal | None:
    """The new table and document; None if the content folder has no directory, or the files no products."""
    page = content / DOCUMENT
    if not page.is_file():
        return None
    wanted = ("PRODUCTNDC", "PRODUCTTYPENAME", "NONPROPRIETARYNAME", *DESCRIBED)
    rows = tab_rows(find_file(folder, PRODUCT_FILE), wanted)
    human = [
        (ndc, substances_of_kit(rest[0], rest[FORM], called), *rest[1:])
        for ndc, kind, called, *rest in rows
        if kind.upper().startswith("HUMAN")
    ]
    boxed = tab_rows(
        find_file(folder, PACKAGE_FILE),
        ("NDCPACKAGECODE", "SAMPLE_PACKAGE", "PACKAGEDESCRIPTION"),
    )
    table = product_table(
        human, [PackageRow(ndc, kind == "Y", description) for ndc, kind, description in boxed]
    )
    if not table.rows:
        return None
    source_keys = {"release": f"FDA NDC Directory of {day.isoformat()}", "of": day.isoformat()}
    document = renewed_document(page.read_bytes().decode(), table, **source_keys)
    before = set(read_products(content).numbers)
    after = set(unpacked(table.text).numbers)
    return Renewal(table, document, len(after - before), len(before - after))


def replace(content: Path, renewal: Renewal) -> None:
    """Writes the table and its document."""
    page = content / DOCUMENT
    page.with_name(PRODUCTS).write_bytes(renewal.table.data)
    page.write_bytes(renewal.document.encode())
