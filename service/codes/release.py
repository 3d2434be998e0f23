"""Replaces the table of drug products by a new release of FDA's NDC directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from service.codes.full_list_tables import (
    DESCRIBED,
    FORM,
    PackageRow,
    Table,
    product_table,
    renewed_document,
    substances_of_kit,
)
from service.codes.ndc_directory import PACKAGE_FILE, PRODUCT_FILE
from service.codes.official_files import find_file, tab_rows
from service.errors import DocumentsError, Mistake
from service.fhir.terminology.directory import unpacked
from service.library.lookups.full_list_documents import PRODUCTS, read_products

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
