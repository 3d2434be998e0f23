"""Builds the lookup tables of the record from the documents of value sets, code systems and units."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from service.facts.knowledge import Word
from service.fhir.elements import address_spellings, same_name
from service.fhir.terminology.names_in_text import (
    ClosedSystem,
    Pointing,
    PointingWords,
    beginnings,
    closed,
)
from service.fhir.terminology.terminology import Entry, Systems, Terminology, build_tables
from service.fhir.values.quantity import AmountWords, Unit, plain_unit
from service.fhir.values.timing_words import DAYS_PER, TimingWords
from service.library.lookups.brands import Brands, brands
from service.library.lookups.full_list_documents import DRUG_KINDS, Tables, full_lists
from service.library.lookups.unread_codes import Written, unlisted_codes
from service.library.shapes import (
    CodeLine,
    CodeSystemShape,
    CodeSystemsShape,
    TimingsShape,
    UnitsShape,
    ValueSetShape,
)
from service.library.shapes.codes_and_value_sets import ClosedSystemShape

V = TypeVar("V")
ValueSets = Mapping[str, ValueSetShape]
ANSWERS: Mapping[str, Word] = {"answer_yes": "yes", "answer_no": "no", "answer_nothing": "nothing"}


def build_terminology(
    value_sets: ValueSets, systems: CodeSystemsShape, tables: Tables, unread: Written | None
) -> Terminology:
    """By code and by name the entries of all value sets, with the full lists of codes."""
    drugs = (entry for _, entry in _entries_by_system(value_sets, prefix=False))
    lists = full_lists(tables, value_sets, systems, drugs)
    texts = (name for name, _ in _drug_names(value_sets))
    named = brands(tables.names, lists, texts, _names_of_no_set(unread))
    terminology = build_tables(
        _entries_by_system(value_sets, prefix=False),
        _entries_by_system(value_sets, prefix=True),
        _exact_names(value_sets),
        chain(_drug_names(value_sets), _brand_entries(value_sets, named)),
        Systems(
            systems,
            _uris(systems, lambda system: system.spelling == "ndc"),
            _uris(systems, lambda system: system.spelling == "leading_zero"),
            _uris(systems, lambda system: system.places),
        ),
        lists,
    )
    others = named.others if lists else ()
    return replace(terminology, unlisted=unlisted_codes(unread, systems, value_sets, others))


def build_pointing(value_sets: ValueSets, systems: CodeSystemsShape) -> Pointing:
    """Words by which names point at value sets, and the code systems of which every disease is known."""
    return Pointing(
        {name: near_of(shape) for name, shape in value_sets.items() if shape.near},
        {
            uri: whole
            for system in systems.code_systems
            if system.closed
            for whole in [_closed_system(value_sets, system, system.closed)]
            for uri in system.addresses
        },
    )


def near_of(shape: ValueSetShape) -> PointingWords:
    """The words by which a name points at a value set, or away from it."""
    return PointingWords(
        tuple(map(beginnings, shape.near)),
        tuple(map(beginnings, shape.unlike)),
        frozenset(map(beginnings, shape.broader)),
    )


def _closed_system(
    value_sets: ValueSets, system: CodeSystemShape, shape: ClosedSystemShape
) -> ClosedSystem:
    sets = {
        name: [
            (line.code, line.match == "prefix")
            for by_system in (value_set.codes, value_set.questions)
            for line in by_system.get(system.uri, ())
        ]
        for name, value_set in value_sets.items()
        if value_set.kind == shape.kind
    }
    return closed(
        shape.shape, shape.no_disease, {name: lines for name, lines in sets.items() if lines}
    )


def _uris(systems: CodeSystemsShape, wanted: Callable[[CodeSystemShape], bool]) -> frozenset[str]:
    return frozenset(
        uri for system in systems.code_systems if wanted(system) for uri in system.addresses
    )


def _drug_names(value_sets: ValueSets) -> Iterator[tuple[str, Entry]]:
    """Drug names; found inside a longer text they are a question, never the drug."""
    for name, shape in value_sets.items():
        if shape.kind in DRUG_KINDS:
            always = {"always": True} if shape.names == "always" else {}
            for text in shape.texts:
                yield text, Entry(name, text, text, always, question=True, by_name=True)


def _names_of_no_set(unread: Written | None) -> Iterator[str]:
    """Names that unread.yaml lists as no drug names or as names of other drugs."""
    if unread is not None:
        yield from unread[1].no_names
        for names in unread[1].other_names:
            yield from names


def _brand_entries(value_sets: ValueSets, named: Brands) -> Iterator[tuple[str, Entry]]:
    """Brand names that may be a drug of a value set; found inside a longer text they are a question."""
    for name, entries in named.ours:
        for entry in entries:
            always = {"always": True} if value_sets[entry.value_set].names == "always" else {}
            code = str(entry.attributes.get("ingredient", name))
            yield name, Entry(entry.value_set, code, name, always, question=True, by_name=True)


def _entries_by_system(value_sets: ValueSets, *, prefix: bool) -> Iterator[tuple[str, Entry]]:
    for shape in value_sets.values():
        for question, by_system in ((False, shape.codes), (True, shape.questions)):
            for system, lines in by_system.items():
                for line in lines:
                    if prefix is False or line.match == "prefix":
                        yield system, _entry(shape, line, question=question)


def _entry(shape: ValueSetShape, line: CodeLine, *, question: bool) -> Entry:
    attributes = line.model_dump(exclude_none=True, by_alias=True, exclude={"code", "display"})
    if interval := shape.intervals.get(line.ingredient or ""):
        attributes["interval"] = interval.days
    return Entry(shape.value_set, line.code, line.display, attributes, question)


def _exact_names(value_sets: ValueSets) -> Iterator[tuple[str, Entry]]:
    """Exact names; for drugs a name without a code is a question, never the drug."""
    for name, shape in value_sets.items():
        if shape.kind in ANSWERS:
            continue  # short words that mean this as an answer alone
        question = shape.kind in DRUG_KINDS
        for text in shape.texts:
            yield text, Entry(name, text, text, {}, question, by_name=True)


def build_answers(
    value_sets: ValueSets,
) -> tuple[dict[str, Word], dict[str, Word], dict[str, Word]]:
    """Three tables of yes, no and nothing: by value set, by written words, and by plain words."""
    sets = {
        name: ANSWERS[shape.kind] for name, shape in value_sets.items() if shape.kind in ANSWERS
    }
    words = {
        same_name(text): word for name, word in sets.items() for text in value_sets[name].texts
    }
    plain = {
        same_name(text): word for name, word in sets.items() for text in value_sets[name].plain
    }
    return sets, words, plain


def build_units(shape: UnitsShape) -> dict[str, Unit]:
    """Units by word; a word is always a name of its own unit with the factor 1."""
    return {
        unit.word: Unit(
            unit.word,
            unit.codes,
            {plain_unit(k): v for k, v in {unit.word: 1.0, **unit.texts}.items()},
            unit.plain,
        )
        for unit in shape.units
    }


def build_timings(shape: TimingsShape | None) -> TimingWords:
    """The words for how often something is given; empty if there is no timings.yaml."""
    if shape is None:
        return TimingWords()

    return TimingWords(
        frozenset(way for system in shape.systems for way in address_spellings(system)),
        {
            timing.code.upper(): timing.period * DAYS_PER[timing.unit] / timing.times
            for timing in shape.codes
        },
        {
            same_name(name): timing.period * DAYS_PER[timing.unit] / timing.times
            for timing in shape.names
            for name in timing.says
        },
        frozenset(map(same_name, shape.once)),
        _lower(shape.numbers),
        _lower(shape.often),
        _lower(shape.units),
        _lower(shape.days),
        frozenset(map(same_name, shape.one_dose)),
        frozenset(shape.leave_out_days),
        frozenset(map(same_name, shape.every)),
        frozenset(map(same_name, shape.times)),
        frozenset(map(same_name, shape.per)),
        frozenset(map(same_name, shape.starts)),
        frozenset(map(same_name, shape.more)),
        frozenset(map(same_name, shape.not_meant)),
        frozenset(map(same_name, shape.past)),
        frozenset(map(same_name, shape.route_words)),
        _amount_words(shape),
    )


def _amount_words(shape: TimingsShape) -> AmountWords:
    return AmountWords(
        {name: frozenset(map(same_name, words)) for name, words in shape.amounts.items()},
        _lower(shape.numbers),
        {name: DAYS_PER[unit] for name, unit in _lower(shape.units).items()},
        frozenset(map(same_name, {*shape.per} - {*shape.every})),  # '1 pen every week' is a dose
        frozenset(map(same_name, shape.before_devices)),
        frozenset(map(same_name, shape.not_given)),
        frozenset(map(same_name, shape.behind_devices)),
    )


def _lower(table: Mapping[str, V]) -> dict[str, V]:
    return {word.lower(): value for word, value in table.items()}
