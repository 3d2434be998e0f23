"""A local RxNorm release: products with ingredient, dose form, brand and NDCs.

Columns, relationships, attributes and term types as in the NLM's RxNorm Technical Documentation, sections on
RXNCONSO, RXNREL and RXNSAT, and its appendices (https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html).
On 2026-11-21 the columns were compared with a release's own `scripts/mysql/Table_scripts_mysql_rxn.sql`, NDC
with appendix 4, and SUPPRESS=E with the release notes of 2013-02-04.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from service.codes.official_files import find_file, rrf_rows
from service.memo import cached_property

CONSO = (
    *("RXCUI", "LAT", "TS", "LUI", "STT", "SUI", "ISPREF", "RXAUI", "SAUI"),
    *("SCUI", "SDUI", "SAB", "TTY", "CODE", "STR", "SRL", "SUPPRESS", "CVF"),
)
REL = (
    *("RXCUI1", "RXAUI1", "STYPE1", "REL", "RXCUI2", "RXAUI2", "STYPE2", "RELA"),
    *("RUI", "SRUI", "SAB", "SL", "DIR", "RG", "SUPPRESS", "CVF"),
)
SAT = (
    *("RXCUI", "LUI", "SUI", "RXAUI", "STYPE", "CODE"),
    *("ATUI", "SATUI", "ATN", "SAB", "ATV", "SUPPRESS", "CVF"),
)
NDC_DIGITS = 11
PRODUCTS = ("SCD", "SBD", "GPCK", "BPCK")
PARTS = ("IN", "PIN", "SCDC", "DF")
# obsolete, suppressed by an editor, suppressible
SUPPRESSED = {"O": "obsolete", "E": "suppressed by RxNorm's editors", "Y": "suppressible"}
RELATIONS = {
    *("consists_of", "has_ingredient", "has_precise_ingredient"),
    *("has_dose_form", "tradename_of", "contains"),
}


class Atom(NamedTuple):
    """RxNorm's own name of a concept."""

    kind: str
    name: str
    suppress: str


class RxNormProduct(NamedTuple):
    """A drug or pack; `salts` name its ingredients more exactly, `generic` is it without the brand."""

    code: str
    kind: str
    name: str
    suppress: str
    ingredients: frozenset[str]
    salts: frozenset[str]
    form: str | None
    generic: tuple[str, ...]
    contents: tuple[str, ...]


Links = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Release:
    """What RxNorm itself says (SAB=RXNORM) in one release."""

    name: str
    atoms: Mapping[str, Atom]
    links: Links
    ndcs: Mapping[str, frozenset[str]]
    suppressed_ndcs: Mapping[str, int]

    @cached_property
    def products(self) -> Mapping[str, RxNormProduct]:
        """Every drug and pack by its RXCUI."""
        return {
            code: self._product(code, atom)
            for code, atom in self.atoms.items()
            if atom.kind in PRODUCTS
        }

    @cached_property
    def ingredients(self) -> frozenset[str]:
        """The names of all ingredients in use and of their salts, in lower case."""
        used = (atom for atom in self.atoms.values() if atom.suppress not in SUPPRESSED)
        return frozenset(atom.name.lower() for atom in used if atom.kind in {"IN", "PIN"})

    @cached_property
    def brands(self) -> Mapping[str, tuple[str, ...]]:
        """The branded forms of a product."""
        by_generic: defaultdict[str, list[str]] = defaultdict(list)
        for product in self.products.values():
            for generic in product.generic:
                by_generic[generic].append(product.code)
        return {code: tuple(brands) for code, brands in by_generic.items()}

    @cached_property
    def products_of_ndc(self) -> Mapping[str, frozenset[str]]:
        """Every product that an NDC stands for."""
        by_ndc: defaultdict[str, set[str]] = defaultdict(set)
        for code, ndcs in self.ndcs.items():
            for ndc in ndcs:
                by_ndc[ndc].add(code)
        return {ndc: frozenset(codes) for ndc, codes in by_ndc.items()}

    def _product(self, code: str, atom: Atom) -> RxNormProduct:
        generic = self._to(code, "tradename_of", "SCD", "GPCK")
        contents = self._to(code, "contains", "SCD", "SBD")
        forms = {self.atoms[form].name for form in self._to(code, "has_dose_form", "DF")}
        drugs = (code, *generic, *contents, *self._generics(contents))
        names, salts = (
            self._named(drugs, *to)
            for to in (("has_ingredient", "IN"), ("has_precise_ingredient", "PIN"))
        )
        form = forms.pop() if len(forms) == 1 else None
        return RxNormProduct(code, *atom, names, salts, form, generic, contents)

    def _named(self, drugs: Iterable[str], relation: str, kind: str) -> frozenset[str]:
        components = [
            component for drug in drugs for component in self._to(drug, "consists_of", "SCDC")
        ]
        parts = (part for component in components for part in self._to(component, relation, kind))
        return frozenset(self.atoms[part].name.lower() for part in parts)

    def _generics(self, codes: Iterable[str]) -> list[str]:
        return [generic for code in codes for generic in self._to(code, "tradename_of", "SCD")]

    def _to(self, code: str, relation: str, *kinds: str) -> tuple[str, ...]:
        near = self.links.get(relation, {}).get(code, ())
        return tuple(other for other in near if self.atoms[other].kind in kinds)


def read_release(folder: Path, name: str) -> Release:
    """Reads RXNCONSO.RRF, RXNREL.RRF and RXNSAT.RRF of a folder or of its `rrf` folder."""
    conso, rel, sat = (
        find_file(folder, f"{stem}.RRF") for stem in ("RXNCONSO", "RXNREL", "RXNSAT")
    )
    atoms = _atoms(conso)
    return Release(name, atoms, _links(rel, atoms), *_ndcs(sat, atoms))


def _atoms(path: Path) -> dict[str, Atom]:
    atoms: dict[str, Atom] = {}
    kinds = frozenset((*PRODUCTS, *PARTS))
    rows = rrf_rows(path, CONSO, ("RXCUI", "SAB", "TTY", "STR", "SUPPRESS"))
    for code, source, kind, name, suppress in rows:
        if source != "RXNORM" or kind not in kinds:
            continue
        if code not in atoms or suppress not in SUPPRESSED:
            atoms[code] = Atom(kind, name, suppress)
    return atoms


def _links(path: Path, atoms: Mapping[str, Atom]) -> Links:
    """By relation and second concept the first concepts: RELA says what the second is to the first."""
    links: dict[str, defaultdict[str, set[str]]] = {
        relation: defaultdict(set) for relation in RELATIONS
    }
    rows = rrf_rows(path, REL, ("RXCUI1", "RXCUI2", "RELA", "SAB", "SUPPRESS"))
    for first, second, relation, source, suppress in rows:
        if relation not in RELATIONS or source != "RXNORM" or suppress in SUPPRESSED:
            continue
        if first in atoms and second in atoms:
            links[relation][second].add(first)
    return {
        relation: {code: tuple(sorted(near)) for code, near in pairs.items()}
        for relation, pairs in links.items()
    }


def _ndcs(
    path: Path, atoms: Mapping[str, Atom]
) -> tuple[dict[str, frozenset[str]], dict[str, int]]:
    """NDCs as RxNorm writes them, 11 digits without hyphens."""
    by_code: defaultdict[str, set[str]] = defaultdict(set)
    suppressed: defaultdict[str, int] = defaultdict(int)
    rows = rrf_rows(path, SAT, ("RXCUI", "ATN", "SAB", "ATV", "SUPPRESS"))
    for code, attribute, source, value, suppress in rows:
        if attribute != "NDC" or source != "RXNORM" or code not in atoms:
            continue
        if suppress in SUPPRESSED:
            suppressed[code] += 1
        elif len(value) == NDC_DIGITS and value.isdigit():
            by_code[code].add(value)
    return {code: frozenset(ndcs) for code, ndcs in by_code.items()}, dict(suppressed)
