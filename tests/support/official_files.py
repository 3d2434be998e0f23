"""Small files in the layout of an RxNorm release and of FDA's NDC directory, with made-up codes."""

from collections.abc import Iterable
from pathlib import Path

PRODUCT = (
    *("PRODUCTID", "PRODUCTNDC", "PRODUCTTYPENAME", "PROPRIETARYNAME", "PROPRIETARYNAMESUFFIX"),
    *("NONPROPRIETARYNAME", "DOSAGEFORMNAME", "ROUTENAME", "STARTMARKETINGDATE"),
    *("ENDMARKETINGDATE", "MARKETINGCATEGORYNAME", "APPLICATIONNUMBER", "LABELERNAME"),
    *("SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH", "ACTIVE_INGRED_UNIT", "PHARM_CLASSES"),
    *("DEASCHEDULE", "NDC_EXCLUDE_FLAG", "LISTING_RECORD_CERTIFIED_THROUGH"),
)
PACKAGE = (
    *("PRODUCTID", "PRODUCTNDC", "NDCPACKAGECODE", "PACKAGEDESCRIPTION", "STARTMARKETINGDATE"),
    *("ENDMARKETINGDATE", "NDC_EXCLUDE_FLAG", "SAMPLE_PACKAGE"),
)


def atom(code: str, kind: str, name: str, suppress: str = "N", source: str = "RXNORM") -> str:
    """A row of RXNCONSO.RRF."""
    return (
        f"{code}|ENG||||||A{code}|A{code}|{code}||{source}|{kind}|{code}|{name}||{suppress}|4096|"
    )


def link(second: str, relation: str, first: str) -> str:
    """A row of RXNREL.RRF: the relation that the second concept has to the first."""
    return f"{first}||CUI|RO|{second}||CUI|{relation}|R1||RXNORM|||||4096|"


def ndc(code: str, value: str, suppress: str = "N", source: str = "RXNORM") -> str:
    """A row of RXNSAT.RRF."""
    return f"{code}|||A{code}|AUI|{code}|AT1||NDC|{source}|{value}|{suppress}|4096|"


def drug(code: str, name: str, ingredient: str, form: str, suppress: str = "N") -> list[str]:
    """The rows of a clinical drug: RXNCONSO's and, as they begin otherwise, RXNREL's."""
    return [
        atom(code, "SCD", name, suppress),
        atom(f"8{code}", "SCDC", name),
        link(code, "consists_of", f"8{code}"),
        link(f"8{code}", "has_ingredient", ingredient),
        link(code, "has_dose_form", form),
    ]


def brand(code: str, name: str, generic: str, kind: str = "SBD") -> list[str]:
    """The rows of a branded drug."""
    return [atom(code, kind, name), link(code, "tradename_of", generic)]


def release(folder: Path, rows: Iterable[str]) -> Path:
    """The three files of a release, each row in the file that it belongs to."""
    files: dict[str, list[str]] = {"RXNCONSO": [], "RXNREL": [], "RXNSAT": []}
    for row in rows:
        count = row.count("|")
        files[{18: "RXNCONSO", 16: "RXNREL", 13: "RXNSAT"}[count]].append(row)
    (folder / "rrf").mkdir(parents=True)
    for name, found in files.items():
        text = "".join(f"{row}\n" for row in found)
        (folder / "rrf" / f"{name}.RRF").write_text(text, encoding="utf-8")
    return folder


def listed(id_: str, substance: str, form: str, route: str, exclude: str = "N") -> str:
    """A row of product.txt."""
    cells = [id_, id_, "HUMAN PRESCRIPTION DRUG", "Brand", "", substance, form, route, "20200101"]
    cells += ["", "NDA", "NDA1", "Laboratoires Née", substance, "1", "mg/1", "", "", exclude, ""]
    return "\t".join(cells)


def package(id_: str, code: str, exclude: str = "N", sample: str = "N") -> str:
    """A row of package.txt."""
    return f"{id_}\t{id_}\t{code}\t1 TUBE\t20200101\t\t{exclude}\t{sample}"


def directory(folder: Path, products: Iterable[str], packages: Iterable[str]) -> Path:
    """The two files of the directory, in Windows' Latin letters as FDA's are."""
    folder.mkdir(parents=True)
    for name, head, rows in (("product", PRODUCT, products), ("package", PACKAGE, packages)):
        text = "".join(f"{row}\r\n" for row in ("\t".join(head), *rows))
        (folder / f"{name}.txt").write_bytes(text.encode("cp1252"))
    return folder
