"""Checks sources, units, services and payers: what the program needs of them, and names that collide."""

import re
from collections.abc import Iterator, Mapping

from service.errors import Mistake
from service.library.documents.folders import Shelf, unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.r4.element_tree import RESOURCE_TYPES
from service.library.shapes import PayerShape, ServiceShape, SourceShape, UnitsShape, ValueSetShape

# Resource types and units that the program uses, whatever the policies ask.
TYPES_NEEDED = ("MedicationRequest", "Condition", "QuestionnaireResponse", "ClaimResponse")
UNITS_NEEDED = ("mg", "mL", "devices", "days", "actuations", "inhalers", "pieces")


def check_sources(
    sources: Shelf[SourceShape], value_sets: Shelf[ValueSetShape]
) -> Iterator[Mistake]:
    """Mistakes of sources: unknown types, two of one type, missing types without which no order is judged."""
    seen: dict[str, str] = {}
    for document, shape in sources:
        if shape.type not in RESOURCE_TYPES:
            message = (
                f"no R4 resource type '{shape.type}'{did_you_mean(shape.type, RESOURCE_TYPES)}"
            )
            yield document.mistake(("type",), message)
        elif shape.type in seen:
            message = f"a second source of {shape.type}; the first is {seen[shape.type]}"
            yield document.mistake(("type",), message)
        seen.setdefault(shape.type, document.file)
    if all(type_ in RESOURCE_TYPES for type_ in seen) and not sources.unsound:
        for needed in TYPES_NEEDED:
            if needed not in seen:
                yield Mistake("mappings/sources", 1, f"no source of the type {needed}")
    used = {system for _, shape in value_sets for system in (*shape.codes, *shape.questions)}
    for document, shape in sources:
        system = shape.bare_codes_of
        if system and system not in used and not value_sets.unsound:
            message = f"no value set has codes of '{system}'{did_you_mean(system, used)}"
            yield document.mistake(("bare_codes_of",), message)
        yield from _wrong_plan(document, shape, value_sets)


def _wrong_plan(
    document: Document, shape: SourceShape, value_sets: Shelf[ValueSetShape]
) -> Iterator[Mistake]:
    """Kinds of plans must be value sets of the kind coverage."""
    if shape.plan is None:
        return
    for key, names in (("no_drugs", shape.plan.no_drugs), ("self_pay", shape.plan.self_pay)):
        for name in names:
            address: Address = ("plan", key)
            if name not in value_sets.read:
                if name not in value_sets.unsound:
                    yield document.mistake(address, unknown("value set", name, value_sets.read))
            elif (kind := value_sets.read[name][1].kind) != "coverage":
                message = f"'{name}' is of the kind {kind}; coverage is needed here"
                yield document.mistake(address, message)


def check_units(shape: UnitsShape) -> Iterator[Mistake]:
    """Mistakes of units: missing units, double words, factors that are not above 0."""
    words = [unit.word for unit in shape.units]
    file = "mappings/units.yaml"
    for needed in UNITS_NEEDED:
        if needed not in words:
            yield Mistake(file, 1, f"the unit '{needed}' is missing; doses are counted in it")
    for index, unit in enumerate(shape.units):
        if unit.word in words[:index]:
            yield Mistake(file, 1, f"the unit '{unit.word}' stands twice")
        for name, factor in (*unit.codes.items(), *unit.texts.items()):
            if not 0 < factor < float("inf"):
                yield Mistake(file, 1, f"the factor of '{name}' to '{unit.word}' is above 0")


def check_services(
    services: Shelf[ServiceShape], sources: Shelf[SourceShape], sets: Shelf[ValueSetShape]
) -> Iterator[Mistake]:
    """Mistakes of services: prefetch keys that are no source, drugs that are no value set of a drug."""
    for document, shape in services:
        for key, names, shelf in (
            ("prefetch", shape.prefetch, sources),
            ("drugs", shape.drugs, sets),
        ):
            names_of_shelf: Mapping[str, object] = shelf.read
            for name in names:
                if name not in names_of_shelf and name not in shelf.unsound:
                    message = f"'{name}' is not known{did_you_mean(name, names_of_shelf)}"
                    yield document.mistake((key,), message)
        for name in shape.drugs:
            if name in sets.read and sets.read[name][1].kind != "drug":
                yield document.mistake(("drugs",), f"'{name}' is no drug")


_AND = re.compile(r"\band\b")
_NO_LETTER = re.compile(r"[\W_]+")
Key = tuple[str, ...]
Named = tuple[Key, str, Address]


def check_payers(payers: Shelf[PayerShape]) -> Iterator[Mistake]:
    """Two payers with the same name or identifier: members would be judged by the wrong policy."""
    first: dict[Key, tuple[Document, Address, str]] = {}
    for document, shape in payers:
        own: set[Key] = set()
        for key, written, address in _named(shape):
            there, its, payer = first.setdefault(key, (document, address, shape.payer))
            if payer != shape.payer and key not in own:
                where = f"{there.file}:{there.line(its)}"
                message = f"{written} names the payer '{payer}' too ({where})"
                yield document.mistake(address, f"{message}; strike it where it is wrong")
            own.add(key)


def _named(shape: PayerShape) -> Iterator[Named]:
    """Every name and identifier of a payer, with its words for messages and its address."""
    for index, name in enumerate(shape.names):
        yield _name(name), f"'{name}'", ("names", index)
    for address, name in (("name", shape.name), ("short", shape.short)):
        yield _name(name), f"'{name}'", (address,)
    for index, identifier in enumerate(shape.identifiers):
        system = (identifier.system or "").strip().rstrip("/").casefold()
        key = ("identifier", system, identifier.value.strip().casefold())
        yield key, f"the identifier '{identifier.value}'", ("identifiers", index)


def _name(name: str) -> Key:
    """A name's letters and digits: case, spaces, marks and `&` for `and` do not distinguish payers."""
    plain = _NO_LETTER.sub("", _AND.sub("", name.casefold()))
    return "name", plain or name.casefold()
