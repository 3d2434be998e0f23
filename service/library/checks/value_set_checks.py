"""Checks value sets: named like their file, known code systems, sound codes, no keys without effect."""

import re
from collections.abc import Iterator, Mapping

from service.errors import Mistake
from service.fhir.terminology.code_shapes import wrong_shape
from service.library.documents.folders import Folder
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.shapes import CodeLine, CodeSystemsShape, ValueSetShape

# Code systems that FHIR itself, its terminology and this project define.
OF_FHIR = (
    "http://terminology.hl7.org/CodeSystem/",
    "http://hl7.org/fhir/",
    "https://dupilumab-cds.github.io/fhir/CodeSystem/",
)
# Kinds of sets that a name may point at without being in them.
POINTED_AT = ("condition", "coverage", "status")
_NDC = re.compile(r"[0-9]{11}")
Lines = tuple[tuple[str, str, tuple[CodeLine, ...]], ...]


def check_value_sets(
    value_sets: Folder[ValueSetShape], systems: CodeSystemsShape | None
) -> Iterator[Mistake]:
    """Every mistake in the value sets."""
    uris = (
        {code_system.uri: code_system.spelling for code_system in systems.code_systems}
        if systems
        else None
    )
    for document, shape in value_sets:
        if not document.file.endswith(f"/{shape.value_set}.yaml"):
            yield document.mistake(("value_set",), f"'{shape.value_set}' is not the file's name")
        filled = [lines for _, _, lines in _lines(shape) if lines]
        if not (filled or shape.texts):
            message = f"the value set '{shape.value_set}' is empty: it has no code and no text"
            yield document.mistake(("value_set",), message)
        else:
            yield from _bare_systems(document, shape)
        yield from _repeated_codes(document, shape)
        yield from _idle_intervals(document, shape)
        yield from _idle_words(document, shape)
        yield from _wrong_codes(document, shape)
        if uris is not None:
            yield from _wrong_systems(document, shape, uris)
    yield from _codes_of_two_things(value_sets)


def _bare_systems(document: Document, shape: ValueSetShape) -> Iterator[Mistake]:
    for part, system, lines in _lines(shape):
        if not lines:
            yield document.mistake((part, system), f"no code stands under '{system}'")


def _lines(shape: ValueSetShape) -> Lines:
    return tuple(
        (part, system, lines)
        for part, by_system in (("codes", shape.codes), ("questions", shape.questions))
        for system, lines in by_system.items()
    )


def _repeated_codes(document: Document, shape: ValueSetShape) -> Iterator[Mistake]:
    seen: set[tuple[str, str]] = set()
    for part, system, lines in _lines(shape):
        for index, line in enumerate(lines):
            if (system, line.code) in seen:
                where = (part, system, index)
                yield document.mistake(where, f"the code '{line.code}' stands twice")
            seen.add((system, line.code))


def _wrong_codes(document: Document, shape: ValueSetShape) -> Iterator[Mistake]:
    for part, system, lines in _lines(shape):
        for index, line in enumerate(lines):
            if line.match is None and (message := wrong_shape(system, line.code)):
                yield document.mistake((part, system, index), message)


def _codes_of_two_things(value_sets: Folder[ValueSetShape]) -> Iterator[Mistake]:
    """Codes that have different names in two sets: one of the two is another thing."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for document, shape in value_sets:
        for part, system, lines in _lines(shape):
            for index, line in enumerate(lines):
                display, where = first.setdefault(
                    (system, line.code), (line.display, shape.value_set)
                )
                if where != shape.value_set and display.casefold() != line.display.casefold():
                    message = f"the code '{line.code}' is '{display}' in '{where}', and here"
                    address: Address = (part, system, index)
                    yield document.mistake(address, f"{message} '{line.display}'")


def _idle_intervals(document: Document, shape: ValueSetShape) -> Iterator[Mistake]:
    ingredients = {
        line.ingredient for _, _, lines in _lines(shape) for line in lines if line.ingredient
    }
    for name in shape.intervals:
        if name not in ingredients:
            message = f"no code here has the ingredient '{name}'{did_you_mean(name, ingredients)}"
            yield document.mistake(("intervals", name), message)


def _idle_words(document: Document, shape: ValueSetShape) -> Iterator[Mistake]:
    """`near`, `unlike` and `broader` are for diseases, plans and statuses (`unlike` for results too)."""
    if shape.near and shape.kind not in POINTED_AT:
        message = (
            f"'near' means nothing for the kind {shape.kind}; it is for {', '.join(POINTED_AT)}"
        )
        yield document.mistake(("near",), message)
    # a result always has a code, so words beside the code can contradict it without 'near'
    alone = ("unlike",) if shape.kind == "observation" else ()
    for key in ("unlike", "broader"):
        if getattr(shape, key) and not shape.near and key not in alone:
            yield document.mistake((key,), f"'{key}' means nothing without 'near'")


def _wrong_systems(
    document: Document, shape: ValueSetShape, uris: Mapping[str, str | None]
) -> Iterator[Mistake]:
    for part, system, lines in _lines(shape):
        address: Address = (part, system)
        if system not in uris and not (system.startswith(OF_FHIR) and "/sid/" not in system):
            message = f"no code system '{system}'{did_you_mean(system, uris)}"
            yield document.mistake(address, message)
        elif uris.get(system) == "ndc":
            for index, line in enumerate(lines):
                if not _NDC.fullmatch(line.code):
                    message = f"the NDC '{line.code}' is not 11 digits without hyphens"
                    yield document.mistake((*address, index), message)
