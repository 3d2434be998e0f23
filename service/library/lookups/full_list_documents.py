"""Full lists of codes (directories): reads, checks and links them with the value sets of drugs."""

import lzma
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from service.errors import Mistake
from service.fhir.terminology.directory import Directory, unpacked
from service.fhir.terminology.drugs import KIT, DoseForm, DrugWords, Entry, Substance, parts
from service.fhir.terminology.full_lists import SHORTEST_SUBSTANCE, DrugNames, FullLists
from service.fhir.terminology.names_in_text import Phrases, occur, phrases, split
from service.fhir.terminology.product_sets import DrugSet, ProductSets, drug_sets, grouped
from service.library.documents.folders import Documents, Folder, read_optional, read_shapes
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Document
from service.library.shapes import (
    CodeSystemsShape,
    DirectoryShape,
    DrugWordsShape,
    ValueSetShape,
)
from service.memo import per_arguments

# File name of the table of drug products; `service codes import` replaces it.
PRODUCTS = "ndc.txt.xz"
CODES_HEAD = b"# codes with their descriptors"
DRUG_KINDS = {"therapy_class", "drug"}
# A first word of at least this length names a substance; shorter ones may be metals ("zinc oxide").
SUBSTANCE_NAME_LENGTH = 8
# Start of a kit's line after the names: it has no strengths and no units.
KIT_LINE = f"\t\t{KIT}\t"
_NUMBERED = re.compile(r"\b[A-Z]?\d{3,}\b")


@dataclass(frozen=True)
class Tables:
    """The tables of all directories by code system, and the words that are needed to read them."""

    products: Directory | None
    descriptors: Mapping[str, Mapping[str, str]]
    words: DrugWords | None
    shapes: Mapping[str, DirectoryShape]
    names: Mapping[str, str] = field(default_factory=dict)


def read_tables(documents: Documents, mistakes: list[Mistake]) -> Tables:
    """Every directory below `mappings/` with its table, which must agree with its document."""
    directories: Folder[DirectoryShape] = read_shapes(
        documents, "directories", DirectoryShape, "directory", mistakes
    )
    written = read_optional(documents, "drug_words.yaml", DrugWordsShape, mistakes)
    folder = documents.content / "mappings/directories"
    raw = tuple(_bytes(folder / shape.table) for _, shape in directories)
    tables, wrong = _tables(directories, None if written is None else written[1], raw)
    mistakes += wrong
    return tables


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@per_arguments(most=16)
def _tables(
    directories: Folder[DirectoryShape],
    written: DrugWordsShape | None,
    raw: tuple[bytes | None, ...],
) -> tuple[Tables, tuple[Mistake, ...]]:
    mistakes: list[Mistake] = []
    products: Directory | None = None
    descriptors: dict[str, Mapping[str, str]] = {}
    names: Mapping[str, str] = {}
    for (document, shape), packed in zip(directories, raw, strict=True):
        table = _table(packed, document, shape, mistakes)
        if isinstance(table, Directory):
            products = table
        elif table is not None and shape.holds == "names":
            names = table
        elif table is not None:
            descriptors[shape.system] = table
        if written is None:
            message = "without mappings/drug_words.yaml nothing of it can be read"
            mistakes.append(document.mistake(("directory",), message))
    words = None if written is None else drug_words(written)
    return Tables(products, descriptors, words, directories.shapes, names), tuple(mistakes)


def read_products(content: Path) -> Directory:
    """The table of drug products of a content folder that has no mistakes."""
    raw = (content / "mappings/directories" / PRODUCTS).read_bytes()
    return unpacked(lzma.decompress(raw))


def _table(
    raw: bytes | None, document: Document, shape: DirectoryShape, mistakes: list[Mistake]
) -> Directory | Mapping[str, str] | None:
    if raw is None:
        mistakes.append(document.mistake(("table",), f"there is no file '{shape.table}' beside it"))
        return None
    if sha256(raw).hexdigest() != shape.sha256:
        message = (
            f"'{shape.table}' is not the file that this document tells of (its sha256 differs)"
        )
        mistakes.append(document.mistake(("sha256",), message))
        return None
    try:
        table = _unpacked(raw, shape.holds)
    except (lzma.LZMAError, ValueError):
        mistakes.append(document.mistake(("table",), f"'{shape.table}' holds no {shape.holds}"))
        return None
    held = len(table.numbers) if isinstance(table, Directory) else len(table)
    if held != shape.rows:
        message = f"'{shape.table}' holds {held} rows, not {shape.rows}"
        mistakes.append(document.mistake(("rows",), message))
    return table


@per_arguments(most=8)
def _unpacked(raw: bytes, holds: str) -> Directory | Mapping[str, str]:
    """A table ready for lookups; cached because tests and imports read the same table repeatedly."""
    text = lzma.decompress(raw)
    return unpacked(text) if holds == "products" else _codes(text)


def _codes(text: bytes) -> dict[str, str]:
    head, *rows = text.decode().split("\n")
    if head.encode() != CODES_HEAD:
        raise ValueError("not a table of codes")
    pairs = (row.partition("\t") for row in rows if row)
    return {code: words for code, _, words in pairs}


def check_tables(
    tables: Tables, sets: Folder[ValueSetShape], systems: CodeSystemsShape | None
) -> Iterable[Mistake]:
    """Mistakes: directories of unknown code systems, and dose forms that drug_words.yaml does not have."""
    uris = {code_system.uri for code_system in systems.code_systems} if systems else set()
    for name, shape in tables.shapes.items():
        if systems and shape.system not in uris:
            message = f"no code system '{shape.system}'{did_you_mean(shape.system, uris)}"
            yield Mistake(f"mappings/directories/{name}.yaml", 1, message)
    forms = {form.form for form in tables.words.forms} if tables.words else set()
    for document, held in sets:
        for part, by_system in (("codes", held.codes), ("questions", held.questions)):
            for system, lines in by_system.items():
                for index, line in enumerate(lines):
                    if forms and line.form is not None and line.form not in forms:
                        message = f"no dose form '{line.form}' in drug_words.yaml"
                        where = (part, system, index, "form")
                        yield document.mistake(where, message + did_you_mean(line.form, forms))


def drug_words(shape: DrugWordsShape) -> DrugWords:
    """The words of drug_words.yaml in the form that lookups in the record use."""
    return DrugWords(
        shape.why,
        shape.why_sample,
        {fda: ours for ours, several in shape.routes.items() for fda in several},
        shape.together,
        frozenset(shape.inhaled_by_mouth),
        tuple(
            DoseForm(form, forms.route, frozenset(forms.fda))
            for forms in shape.forms
            for form in forms.form
        ),
        frozenset(shape.salts),
        {
            substance.fda.lower(): Substance(
                substance.ours.lower(), _strengths(substance.strengths), substance.weighs
            )
            for substance in shape.substances
        },
        shape.units.milligrams,
        shape.units.millilitres,
        shape.dilutions,
        {route: frozenset(words) for route, words in shape.said.items()},
        frozenset(shape.no_name),
        frozenset(shape.doubtful.classes),
        frozenset(shape.doubtful.in_texts),
        shape.doubtful.ends,
        shape.unnamed.ends,
        frozenset(shape.unnamed.of),
        frozenset(shape.no_drugs),
        frozenset(shape.hides_ester),
        frozenset(shape.salts_of_others),
        frozenset(shape.explains),
    )


def _strengths(written: Mapping[str, float]) -> dict[float, float]:
    return {float(theirs): ours for theirs, ours in written.items()}


def full_lists(
    tables: Tables,
    value_sets: Mapping[str, ValueSetShape],
    systems: CodeSystemsShape,
    entries: Iterable[Entry],
) -> FullLists | None:
    """The directories linked with the value sets of drugs; None if drug_words.yaml is missing."""
    if tables.words is None:
        return None
    drugs = {name: shape for name, shape in value_sets.items() if shape.kind in DRUG_KINDS}
    held = (entry for entry in entries if entry.value_set in drugs)
    any_strength = frozenset(name for name, shape in drugs.items() if shape.any_strength)
    members = {name: shape.members for name, shape in drugs.items()}
    sets = tuple(drug_sets(grouped(held), members, any_strength, tables.words))
    return FullLists(
        ProductSets(tables.words, sets),
        _names(tables, sets, drugs),
        tables.products,
        {
            uri: codes
            for system, codes in tables.descriptors.items()
            for uri in (*systems.addresses(system), *systems.mistaken(system))
        },
        {name: _left_out_codes(shape) for name, shape in drugs.items()},
    )


def _left_out_codes(shape: ValueSetShape) -> frozenset[str]:
    """The codes named in a value set's `left_out` reasons."""
    words = " ".join(text for reasons in shape.left_out for text in reasons.values())
    return frozenset(_NUMBERED.findall(words))


def _names(
    tables: Tables, sets: Iterable[DrugSet], drugs: Mapping[str, ValueSetShape]
) -> DrugNames:
    words = tables.words
    assert words is not None  # noqa: S101 - asked before
    ours = phrases(
        [*_names_of_our_drugs(drugs), *(name for drug_set in sets for name in drug_set.members)]
    )
    others = phrases(_other_substances(tables, words, ours))
    single = frozenset(first for first, several in others.items() if (first,) in several)
    by_name = {drug_set.name: drug_set for drug_set in sets}
    return DrugNames(words, by_name, ours, others, single)


def _names_of_our_drugs(drugs: Mapping[str, ValueSetShape]) -> Iterable[str]:
    """Every name and brand of the value sets of drugs."""
    for shape in drugs.values():
        yield from (*shape.texts, *shape.members)
        for by_system in (shape.codes, shape.questions):
            for lines in by_system.values():
                for line in lines:
                    if brand := re.search(r"\[([^\]]+)\]$", line.display):
                        yield brand[1]
                    elif line.form is None and re.fullmatch(r"[^\d/{]+", line.display):
                        yield line.display


def _other_substances(tables: Tables, words: DrugWords, ours: Phrases) -> Iterable[str]:
    """Substances of the directory, without their salts, whose names contain no name of our drugs."""
    if tables.products is None:
        return
    for name in _substances(tables.products, words.dilutions):
        plain = words.plain(name)
        if (
            plain not in words.no_drugs
            and len(plain) >= SHORTEST_SUBSTANCE
            and not occur(split(plain), ours)
        ):
            yield plain
            first, *salts = plain.split()
            if (
                len(first) >= SUBSTANCE_NAME_LENGTH
                and salts
                and words.salts_of_others.issuperset(salts)
            ):
                yield first


@per_arguments(most=8)
def _substances(products: Directory, dilutions: tuple[str, ...]) -> frozenset[str]:
    """Every substance of the directory except those of homeopathic products and kits."""
    seen: set[str] = set()
    for line in products.all_lines():
        names, _, rest = line.partition("\t")
        if not rest.startswith(KIT_LINE) and not any(dilution in rest for dilution in dilutions):
            seen.update(parts(names))
    return frozenset(seen)
