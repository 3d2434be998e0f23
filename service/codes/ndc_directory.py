"""A local copy of FDA's NDC directory: packages with their product.

Columns as in "NDC Product File Definitions" and "NDC Package File Definitions" of FDA, below
https://www.fda.gov/drugs/drug-approvals-and-databases/ as `ndc-product-file-definitions` and
`ndc-package-file-definitions`; on 2026-11-21 compared with the tables of coderxio/sagerx, which loads the
files (`dags/fda_ndc/`). Package codes have ten digits in three parts of 4-4-2, 5-3-2
or 5-4-1; claims carry eleven digits as 5-4-2 (NLM's RxNorm Technical Documentation, "Normalizing NDC codes").
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from service.codes.official_files import find_file, tab_rows
from service.fhir.terminology.terminology import ndc11

PRODUCT_FILE, PACKAGE_FILE = "product.txt", "package.txt"
PRODUCT = (
    *("PRODUCTID", "PRODUCTNDC", "PRODUCTTYPENAME", "PROPRIETARYNAME", "NONPROPRIETARYNAME"),
    *("DOSAGEFORMNAME", "ROUTENAME", "SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH"),
    *("ACTIVE_INGRED_UNIT", "NDC_EXCLUDE_FLAG"),
)
PACKAGE = ("PRODUCTID", "NDCPACKAGECODE", "NDC_EXCLUDE_FLAG", "SAMPLE_PACKAGE")
# The labeler and product parts of the eleven digits.
LABELER_PRODUCT = 9
_TEN_DIGITS = re.compile(r"\d{4}-\d{4}-\d\d|\d{5}-\d{3}-\d\d|\d{5}-\d{4}-\d")


class FdaProduct(NamedTuple):
    """One product of the directory."""

    name: str
    substances: tuple[str, ...]
    form: str
    routes: tuple[str, ...]


class Package(NamedTuple):
    """One package: its NDC as 11 digits and the product in it."""

    ndc: str
    product: FdaProduct
    sample: bool


@dataclass(frozen=True)
class FdaDirectory:
    """The packages of human drugs; what was left out, by reason."""

    name: str
    packages: tuple[Package, ...]
    left_out: Mapping[str, int]

    @property
    def samples(self) -> frozenset[str]:
        """The NDCs of sample packages."""
        return frozenset(package.ndc for package in self.packages if package.sample)


def read_directory(folder: Path, name: str) -> FdaDirectory:
    """Reads product.txt and package.txt of a folder."""
    products, left_out = _products(find_file(folder, PRODUCT_FILE))
    packages: list[Package] = []
    for id_, code, exclude, sample in tab_rows(find_file(folder, PACKAGE_FILE), PACKAGE):
        if exclude not in {"", "N"}:
            left_out["packages that FDA flags as excluded"] += 1
        elif not _TEN_DIGITS.fullmatch(code):
            left_out["packages whose NDC is not written as 4-4-2, 5-3-2 or 5-4-1 digits"] += 1
        elif id_ in products:
            packages.append(Package(ndc11(code), products[id_], sample == "Y"))
    return FdaDirectory(name, tuple(packages), dict(left_out))


def _products(path: Path) -> tuple[dict[str, FdaProduct], Counter[str]]:
    products: dict[str, FdaProduct] = {}
    left_out: Counter[str] = Counter()
    for row in tab_rows(path, PRODUCT):
        id_, _, kind, _, generic, form, routes, substances, strength, unit, exclude = row
        if exclude not in {"", "N"}:
            left_out["products that FDA flags as excluded"] += 1
        elif kind.upper().startswith("HUMAN"):
            name = " ".join(part for part in (generic, strength, unit, form) if part)
            products[id_] = FdaProduct(name, _parts(substances), form, _parts(routes))
    return products, left_out


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in value.split(";") if part.strip())
