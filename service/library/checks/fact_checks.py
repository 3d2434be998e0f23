"""Checks facts against the documents that they name: known names, right kinds, grades, makers of episodes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.errors import Mistake
from service.library.criteria.spans import wrong_spans
from service.library.documents.folders import Folder, unknown
from service.library.documents.yaml import Address, Document, Wrong
from service.library.shapes import FactShape, MakerShape, SourceShape, ValueSetShape
from service.library.shapes.fact_shapes import MADE

SETS_OF_A_MAKER = {
    "fills": ("therapy_class", "drug"),
    "events": ("encounter",),
    "procedures": ("procedure",),
    "conditions": ("condition",),
    "reasons": ("condition",),
    "main": ("condition",),
    "explained": ("condition",),
    "complaints": ("condition",),
    "unnamed": ("therapy_class", "drug"),
    "other": ("encounter",),
}
NEEDS = {
    "longest": "fills",
    "one_day": "fills",
    "unnamed": "fills",
    "explained": "fills",
    "complaints": "main",
    "unplaced": "events",
    "other": "events",
}


def wrong_makers(document: Document, shape: FactShape, sets: Folder[ValueSetShape]) -> Wrong:
    """Every mistake in `built_from`, with its address."""
    if shape.kind != "episodes":
        if shape.built_from:
            yield ("built_from",), f"'built_from' means nothing for the kind {shape.kind}"
        return
    if not shape.built_from:
        yield ("fact",), "a fact of the kind episodes has built_from"
    for index, maker in enumerate(shape.built_from):
        address: Address = ("built_from", index)
        yield from wrong_spans(document.data["built_from"][index], maker, address)
        yield from _wrong_parts(maker, address)
        yield from _wrong_sets_of_maker(maker, address, sets)


def _wrong_parts(maker: MakerShape, address: Address) -> Wrong:
    made = [key for key in MADE if getattr(maker, key)]
    if len(made) != 1:
        yield address, f"an episode is made of one of {', '.join(MADE)}; found {len(made)}"
        return
    if maker.gap is None:
        yield address, "say the gap within which two of them are one episode"
    for word, beside in NEEDS.items():
        if getattr(maker, word) and not getattr(maker, beside):
            yield (*address, word), f"'{word}' means nothing without '{beside}'"
    for name in maker.main:
        if name not in maker.reasons:
            yield (*address, "main"), unknown("reason", name, dict.fromkeys(maker.reasons))


def _wrong_sets_of_maker(maker: MakerShape, address: Address, sets: Folder[ValueSetShape]) -> Wrong:
    for key, kinds in SETS_OF_A_MAKER.items():
        for name in getattr(maker, key):
            if name not in sets.read:
                if name not in sets.unsound:
                    yield (*address, key), unknown("value set", name, sets.read)
            elif (kind := sets.read[name][1].kind) not in kinds:
                needed = " or ".join(kinds)
                yield (*address, key), f"'{name}' is of the kind {kind}; {needed} is needed here"
    if all(name in sets.read and sets.read[name][1].kind == "encounter" for name in maker.events):
        for other, against in maker.other.items():
            for name in against:
                if name not in maker.events:
                    yield (
                        (*address, "other", other),
                        unknown("event", name, dict.fromkeys(maker.events)),
                    )


# Kinds whose fact operators find without its name, so that there must be one fact of each.
SINGLE = ("age", "supply", "sessions", "outcome", "exclusion", "specialty", "approval")
MEASURED = ("quantity", "score", "statement")
THERAPIES = ("therapy_class", "drug")
SETS_OF = {
    "quantity": ("observation",),
    "statement": ("observation",),
    "score": ("observation",),
    "sites": ("observation",),
    "diagnosis": ("condition",),
    "grade": ("condition",),
    "allergy": THERAPIES,
    "procedure": ("procedure",),
    "outcome": ("reason",),
}
SETS_UNDER: Mapping[str, tuple[str, ...]] = {
    "sites": ("site",),
    "other_sites": ("site",),
    "samples": ("status",),
    "other_roles": ("specialty",),
    "harmless": ("reason",),
    "harmful": ("reason", "condition"),
}


@dataclass(frozen=True)
class FactDocuments:
    """The facts and the other documents that facts name; None where a document could not be read."""

    facts: Folder[FactShape]
    value_sets: Folder[ValueSetShape]
    sources: Folder[SourceShape]
    units: Mapping[str, object] | None
    indications: frozenset[str] | None


def check_facts(around: FactDocuments) -> Iterator[Mistake]:
    """Every mistake in every fact, and the kinds of which no fact or a second one exists."""
    for document, shape in around.facts:
        for address, message in _wrong(document, shape, around):
            yield document.mistake(address, message)
    if not around.facts.unsound:
        yield from _one_of_each_kind(around.facts)


def _one_of_each_kind(facts: Folder[FactShape]) -> Iterator[Mistake]:
    for kind in SINGLE:
        documents = [document for document, shape in facts if shape.kind == kind]
        if not documents:
            yield Mistake("mappings/facts", 1, f"no fact of the kind {kind}; operators need one")
        for more in documents[1:]:
            message = f"a second fact of the kind {kind}; the first is {documents[0].file}"
            yield more.mistake(("kind",), message)


def _wrong(document: Document, shape: FactShape, around: FactDocuments) -> Wrong:
    yield from wrong_spans(document.data, shape)
    yield from _wrong_sets(shape, around.value_sets)
    yield from _wrong_measure(shape, around.units)
    yield from _wrong_grades(shape, around.facts)
    yield from _wrong_words(shape)
    yield from _wrong_shares(shape, around)
    yield from _wrong_history(shape, around.sources)
    yield from _wrong_unsure(shape)
    yield from _wrong_against(shape, around.facts)
    yield from wrong_makers(document, shape, around.value_sets)
    for index, source in enumerate(shape.sources):
        yield from _unknown(("sources", index), "source", source.source, around.sources)
    indications = around.indications
    for name in shape.indications:
        if indications is not None and name not in indications:
            yield ("indications",), unknown("indication", name, dict.fromkeys(indications))


def _wrong_words(shape: FactShape) -> Wrong:
    """`says_so` and `says_otherwise` are for results only, and no word may stand under both."""
    for key in ("says_so", "says_otherwise"):
        words = getattr(shape, key)
        if words and shape.kind not in MEASURED:
            yield (key,), f"'{key}' is for results; '{shape.fact}' is of the kind {shape.kind}"
    for word in {*shape.says_so} & {*shape.says_otherwise}:
        yield ("says_otherwise",), f"'{word}' says so and otherwise"
    if shape.unsaid == "left_out" and not shape.says_so:
        yield ("unsaid",), "'unsaid' means nothing without 'says_so'"


def _wrong_shares(shape: FactShape, around: FactDocuments) -> Wrong:
    """`worked_out` needs value sets of results and a known unit."""
    for index, share in enumerate(shape.worked_out):
        address: Address = ("worked_out", index)
        if shape.kind != "quantity":
            yield (
                address,
                f"'worked_out' is for quantities; '{shape.fact}' is of the kind {shape.kind}",
            )
        for key in ("of", "in_percent_of"):
            yield from _sets(
                (*address, key), getattr(share, key), ("observation",), around.value_sets
            )
        if around.units is not None and share.unit not in around.units:
            yield (*address, "unit"), unknown("unit", share.unit, around.units)


def _wrong_history(shape: FactShape, sources: Folder[SourceShape]) -> Wrong:
    """`history` is for diagnoses only, and needs a source with a rule that says what is past."""
    if not shape.history:
        return
    if shape.kind != "diagnosis":
        yield (
            ("history",),
            f"'history' is for diagnoses; '{shape.fact}' is of the kind {shape.kind}",
        )
    fact_sources = [
        sources.read[source.source][1] for source in shape.sources if source.source in sources.read
    ]
    if fact_sources and not any(rule.past for source in fact_sources for rule in source.rules):
        yield ("history",), "no source of it says what is over; one of its rules has 'past'"


def _wrong_unsure(shape: FactShape) -> Wrong:
    """`unsure`, `lasts` and `not_for` are for diagnoses only; the others tell of harm by a drug."""
    for key in ("unsure", "lasts", "not_for"):
        if getattr(shape, key) and shape.kind != "diagnosis":
            yield (key,), f"'{key}' is for diagnoses; '{shape.fact}' is of the kind {shape.kind}"
    if shape.told_elsewhere and not (shape.kind == "allergy" or shape.unsure):
        message = f"'told_elsewhere' is for allergies and with 'unsure'; '{shape.fact}' is neither"
        yield ("told_elsewhere",), message
    for key in ("harmless", "harmful", "harm_words"):
        if getattr(shape, key) and shape.kind != "outcome":
            yield (key,), f"'{key}' is for outcomes; '{shape.fact}' is of the kind {shape.kind}"


def _wrong_against(shape: FactShape, facts: Folder[FactShape]) -> Wrong:
    """`against` is for procedures only, and its zero values are of quantities."""
    if shape.against is None:
        return
    if shape.kind != "procedure":
        yield (
            ("against",),
            f"'against' is for procedures; '{shape.fact}' is of the kind {shape.kind}",
        )
    for name in shape.against.zero:
        yield from _unknown(("against", "zero"), "fact", name, facts)
        if name in facts.read and facts.read[name][1].kind != "quantity":
            yield ("against", "zero"), f"'{name}' is no quantity; only a number is 0"


def _unknown(address: Address, kind: str, name: str, folder: Folder[Any]) -> Wrong:
    if name not in folder.read and name not in folder.unsound:
        yield address, unknown(kind, name, folder.read)


def _wrong_sets(shape: FactShape, sets: Folder[ValueSetShape]) -> Wrong:
    wanted = {**SETS_UNDER, "value_sets": SETS_OF.get(shape.kind, ()), "site_of": ()}
    for key, kinds in wanted.items():
        yield from _sets((key,), getattr(shape, key), kinds, sets)
    for key, name in shape.decided.model_dump().items() if shape.decided else ():
        yield from _sets(("decided", key), (name,), ("status",), sets)
    yield from _sets(("grades",), shape.grades, ("severity",), sets)
    if shape.kind in SETS_OF and not shape.value_sets:
        yield ("fact",), f"a fact of the kind {shape.kind} has value_sets"
    if shape.kind == "sites" and not shape.sites:
        yield ("fact",), "a fact of the kind sites has sites"


def _sets(
    address: Address, names: Iterable[str], kinds: tuple[str, ...], sets: Folder[ValueSetShape]
) -> Wrong:
    for name in names:
        if name not in sets.read:
            if name not in sets.unsound:
                yield address, unknown("value set", name, sets.read)
        elif kinds and (kind := sets.read[name][1].kind) not in kinds:
            yield address, f"'{name}' is of the kind {kind}; {' or '.join(kinds)} is needed here"


def _wrong_measure(shape: FactShape, units: Mapping[str, object] | None) -> Wrong:
    if shape.unit is not None and units is not None and shape.unit not in units:
        yield ("unit",), unknown("unit", shape.unit, units)
    if shape.newest_decides:
        yield from _wrong_test(shape)
    elif shape.unit is None and shape.kind in MEASURED:
        yield ("fact",), f"a fact of the kind {shape.kind} has a unit"
    if shape.least is not None and shape.kind not in MEASURED:
        yield ("least",), f"'least' is for results; '{shape.fact}' is of the kind {shape.kind}"
    if shape.range is not None and not shape.range[0] < shape.range[1]:
        yield ("range",), "the range begins above its end"


def _wrong_test(shape: FactShape) -> Wrong:
    """`newest_decides` is for statements without a unit, such as a positive or negative test."""
    if shape.kind != "statement" or shape.unit is not None:
        yield ("newest_decides",), "'newest_decides' is for the kind statement, without a unit"


def _wrong_grades(shape: FactShape, facts: Folder[FactShape]) -> Wrong:
    if shape.kind == "grade" and not shape.enough:
        yield ("fact",), "a fact of the kind grade has the grades that are enough"
    if shape.kind == "score":
        if not shape.scales:
            yield ("fact",), "a fact of the kind score has scales"
        return
    given = {*shape.grades.values()}
    for name, scale in shape.scales.items():
        given |= {*scale.grades.values()}
        yield from _unknown(("scales",), "fact", name, facts)
        if name in facts.read and facts.read[name][1].kind != "quantity":
            yield ("scales", name), f"'{name}' is no quantity; a scale reads a number"
        for value in scale.grades:
            if not scale.low <= value <= scale.high:
                yield ("scales", name), f"the grade for {value:g} lies outside the scale"
    for grade in shape.enough:
        if grade not in given:
            yield ("enough",), unknown("grade", grade, dict.fromkeys(given))
