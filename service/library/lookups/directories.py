"""Full lists of codes: read from documents and tables, checked, and joined with the value sets of drugs."""

import lzma
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from service.errors import Mistake
from service.fhir.terminology.deciding import Deciding, DrugSet, drug_sets, grouped
from service.fhir.terminology.directory import Directory, unpacked
from service.fhir.terminology.drug_names import SHORTEST, DrugNames
from service.fhir.terminology.drugs import KIT, DoseForm, DrugWords, Entry, Substance, parts
from service.fhir.terminology.full_lists import FullLists
from service.fhir.terminology.phrases import Phrases, occur, phrases, split
from service.library.documents.folders import Shelf, read_optional, read_shelf
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Document
from service.library.shapes import (
    CodeSystemsShape,
    DirectoryShape,
    DrugWordsShape,
    ValueSetShape,
)
from service.memo import per_document, per_value

# The table of drug products, which an import replaces.
PRODUCTS = "ndc.txt.xz"
CODES_HEAD = b"# codes with their descriptors"
DRUG_KINDS = {"therapy_class", "drug"}
# A first word that is so long names a substance and no metal.
LONG = 8
# A kit's line: no strengths, no units; its substances are words of its name.
OF_A_KIT = f"\t\t{KIT}\t"
_NUMBERED = re.compile(r"\b[A-Z]?\d{3,}\b")


@dataclass(frozen=True)
class Tables:
    """The tables of all directories, by the system that they are of, and the words to read them with."""

    products: Directory | None
    descriptors: Mapping[str, Mapping[str, str]]
    words: DrugWords | None
    shapes: Mapping[str, DirectoryShape]
    names: Mapping[str, str] = field(default_factory=dict)


def read_tables(root: Path, mistakes: list[Mistake]) -> Tables:
    """Every directory below `mappings/`, its table read and held against its document."""
    shelf: Shelf[DirectoryShape] = read_shelf(
        root, "directories", DirectoryShape, "directory", mistakes
    )
    written = read_optional(root, "drug_words.yaml", DrugWordsShape, mistakes)
    products: Directory | None = None
    descriptors: dict[str, Mapping[str, str]] = {}
    names: Mapping[str, str] = {}
    for document, shape in shelf:
        table = _table(root, document, shape, mistakes)
        if isinstance(table, Directory):
            products = table
        elif table is not None and shape.holds == "names":
            names = table
        elif table is not None:
            descriptors[shape.system] = table
        if written is None:
            what = "without mappings/drug_words.yaml nothing of it can be read"
            mistakes.append(document.mistake(("directory",), what))
    words = None if written is None else drug_words(written[1])
    return Tables(products, descriptors, words, shelf.shapes, names)


def read_products(content: Path) -> Directory:
    """The directory of products of a content folder that was found to be sound."""
    raw = (content / "mappings/directories" / PRODUCTS).read_bytes()
    return unpacked(lzma.decompress(raw))


def _table(
    root: Path, document: Document, shape: DirectoryShape, mistakes: list[Mistake]
) -> Directory | Mapping[str, str] | None:
    path = root / "directories" / shape.table
    try:
        raw = path.read_bytes()
    except OSError:
        mistakes.append(document.mistake(("table",), f"there is no file '{shape.table}' beside it"))
        return None
    if sha256(raw).hexdigest() != shape.sha256:
        what = f"'{shape.table}' is not the file that this document tells of (its sha256 differs)"
        mistakes.append(document.mistake(("sha256",), what))
        return None
    try:
        table = _unpacked(raw, shape.holds)
    except (lzma.LZMAError, ValueError):
        mistakes.append(document.mistake(("table",), f"'{shape.table}' holds no {shape.holds}"))
        return None
    held = len(table.numbers) if isinstance(table, Directory) else len(table)
    if held != shape.rows:
        what = f"'{shape.table}' holds {held} rows, not {shape.rows}"
        mistakes.append(document.mistake(("rows",), what))
    return table


@per_value(most=8)
def _unpacked(raw: bytes, holds: str) -> Directory | Mapping[str, str]:
    """A table as it is looked up in, kept for when the documents around it are read again."""
    text = lzma.decompress(raw)
    return unpacked(text) if holds == "products" else _codes(text)


def _codes(text: bytes) -> dict[str, str]:
    head, *rows = text.decode().split("\n")
    if head.encode() != CODES_HEAD:
        raise ValueError("not a table of codes")
    pairs = (row.partition("\t") for row in rows if row)
    return {code: words for code, _, words in pairs}


def check_tables(
    tables: Tables, sets: Shelf[ValueSetShape], systems: CodeSystemsShape | None
) -> Iterable[Mistake]:
    """Directories of known systems; dose forms of value sets that the words lead to."""
    known = {one.uri for one in systems.code_systems} if systems else set()
    for name, shape in tables.shapes.items():
        if systems and shape.system not in known:
            what = f"no code system '{shape.system}'{did_you_mean(shape.system, known)}"
            yield Mistake(f"mappings/directories/{name}.yaml", 1, what)
    forms = {one.form for one in tables.words.forms} if tables.words else set()
    for document, held in sets:
        for part, by_system in (("codes", held.codes), ("questions", held.questions)):
            for system, lines in by_system.items():
                for at, line in enumerate(lines):
                    if forms and line.form is not None and line.form not in forms:
                        what = f"no dose form '{line.form}' in drug_words.yaml"
                        where = (part, system, at, "form")
                        yield document.mistake(where, what + did_you_mean(line.form, forms))


def drug_words(shape: DrugWordsShape) -> DrugWords:
    """The words as the record's lookups take them."""
    return DrugWords(
        shape.why,
        shape.why_sample,
        {fda: ours for ours, several in shape.routes.items() for fda in several},
        shape.together,
        frozenset(shape.inhaled_by_mouth),
        tuple(
            DoseForm(form, one.route, frozenset(one.fda))
            for one in shape.forms
            for form in one.form
        ),
        frozenset(shape.salts),
        {
            one.fda.lower(): Substance(one.ours.lower(), _figures(one.strengths), one.weighs)
            for one in shape.substances
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


def _figures(written: Mapping[str, float]) -> dict[float, float]:
    return {float(theirs): ours for theirs, ours in written.items()}


def full_lists(
    tables: Tables,
    value_sets: Mapping[str, ValueSetShape],
    systems: CodeSystemsShape,
    entries: Iterable[Entry],
) -> FullLists | None:
    """The directories joined with the value sets of drugs; None where there are none."""
    if tables.words is None:
        return None
    drugs = {name: one for name, one in value_sets.items() if one.kind in DRUG_KINDS}
    held = (one for one in entries if one.value_set in drugs)
    any_strength = frozenset(name for name, one in drugs.items() if one.any_strength)
    members = {name: one.members for name, one in drugs.items()}
    sets = tuple(drug_sets(grouped(held), members, any_strength, tables.words))
    return FullLists(
        Deciding(tables.words, sets),
        _names(tables, sets, drugs),
        tables.products,
        {
            uri: codes
            for system, codes in tables.descriptors.items()
            for uri in (*systems.addresses(system), *systems.mistaken(system))
        },
        {name: _refused(one) for name, one in drugs.items()},
    )


def _refused(shape: ValueSetShape) -> frozenset[str]:
    """The codes that a set says it leaves out."""
    said = " ".join(text for one in shape.left_out for text in one.values())
    return frozenset(_NUMBERED.findall(said))


def _names(
    tables: Tables, sets: Iterable[DrugSet], drugs: Mapping[str, ValueSetShape]
) -> DrugNames:
    words = tables.words
    assert words is not None  # noqa: S101 - asked before
    ours = phrases([*_named_by_us(drugs), *(name for one in sets for name in one.members)])
    others = phrases(_others(tables, words, ours))
    single = frozenset(first for first, several in others.items() if (first,) in several)
    by_name = {one.name: one for one in sets}
    return DrugNames(words, by_name, ours, others, single)


def _named_by_us(drugs: Mapping[str, ValueSetShape]) -> Iterable[str]:
    """Every name and brand of the value sets of drugs."""
    for shape in drugs.values():
        yield from (*shape.texts, *shape.members)
        for by_system in (shape.codes, shape.questions):
            for lines in by_system.values():
                for line in lines:
                    if found := re.search(r"\[([^\]]+)\]$", line.display):
                        yield found[1]
                    elif line.form is None and re.fullmatch(r"[^\d/{]+", line.display):
                        yield line.display


def _others(tables: Tables, words: DrugWords, ours: Phrases) -> Iterable[str]:
    """The substances of the directory, without their salts, in whose names none of ours stands."""
    if tables.products is None:
        return
    for name in _substances(tables.products, words.dilutions):
        plain = words.plain(name)
        if plain not in words.no_drugs and len(plain) >= SHORTEST and not occur(split(plain), ours):
            yield plain
            first, *salts = plain.split()
            if len(first) >= LONG and salts and words.salts_of_others.issuperset(salts):
                yield first


@per_document
def _substances(products: Directory, dilutions: tuple[str, ...]) -> frozenset[str]:
    """Every substance of the directory, but those of products of homeopathy."""
    seen: set[str] = set()
    for line in products.all_lines():
        names, _, rest = line.partition("\t")
        if not rest.startswith(OF_A_KIT) and not any(dilution in rest for dilution in dilutions):
            seen.update(parts(names))
    return frozenset(seen)
