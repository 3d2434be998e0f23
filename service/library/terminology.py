"""Value sets, code systems and units: from documents to the lookup tables of the record."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from service.fhir.quantity import Unit
from service.fhir.terminology import Entry, Systems, Terminology, invert
from service.library.directories import DRUG_KINDS, Tables, full_lists
from service.library.shapes import (
    CodeLine,
    CodeSystemShape,
    CodeSystemsShape,
    UnitsShape,
    ValueSetShape,
)
from service.library.telling import Written, telling

ValueSets = Mapping[str, ValueSetShape]


def build_terminology(
    value_sets: ValueSets, systems: CodeSystemsShape, tables: Tables, unread: Written | None
) -> Terminology:
    """Every code and name of the value sets, inverted, beside the full lists."""
    drugs = (entry for _, entry in _codes(value_sets, prefix=False))
    found = invert(
        _codes(value_sets, prefix=False),
        _codes(value_sets, prefix=True),
        _names(value_sets),
        _words(value_sets),
        Systems(
            {one.uri: one.also for one in systems.code_systems},
            _uris(systems, lambda one: one.spelling == "ndc"),
        ),
        full_lists(tables, value_sets, systems, drugs),
    )
    return replace(found, telling=telling(unread, systems, value_sets, tables.names, found.lists))


def _uris(systems: CodeSystemsShape, wanted: Callable[[CodeSystemShape], bool]) -> frozenset[str]:
    return frozenset(
        uri for one in systems.code_systems if wanted(one) for uri in (one.uri, *one.also)
    )


def _words(value_sets: ValueSets) -> Iterator[tuple[str, Entry]]:
    """Drug names, to be found inside longer texts as a question."""
    for name, shape in value_sets.items():
        if shape.kind in DRUG_KINDS:
            always = {"always": True} if shape.names == "always" else {}
            for text in shape.texts:
                yield text, Entry(name, text, text, always, question=True, by_name=True)


def _codes(value_sets: ValueSets, *, prefix: bool) -> Iterator[tuple[str, Entry]]:
    for shape in value_sets.values():
        for question, by_system in ((False, shape.codes), (True, shape.questions)):
            for system, lines in by_system.items():
                for line in lines:
                    if prefix is False or line.match == "prefix":
                        yield system, _entry(shape, line, question=question)


def _entry(shape: ValueSetShape, line: CodeLine, *, question: bool) -> Entry:
    known = line.model_dump(exclude_none=True, by_alias=True, exclude={"code", "display"})
    if interval := shape.intervals.get(line.ingredient or ""):
        known["interval"] = interval.days
    return Entry(shape.value_set, line.code, line.display, known, question)


def _names(value_sets: ValueSets) -> Iterator[tuple[str, Entry]]:
    """Exact names; for drugs a bare name is a question, never the drug."""
    for name, shape in value_sets.items():
        question = shape.kind in DRUG_KINDS
        for text in shape.texts:
            yield text, Entry(name, text, text, {}, question, by_name=True)


def build_units(shape: UnitsShape) -> dict[str, Unit]:
    """The unit table by word; a word is always a name of its own unit."""
    return {
        one.word: Unit(
            one.word,
            one.codes,
            {" ".join(k.lower().split()): v for k, v in {one.word: 1.0, **one.texts}.items()},
            one.plain,
        )
        for one in shape.units
    }
