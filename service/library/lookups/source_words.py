"""Names and words of value sets by which sources are read: denials, names of diseases and results."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from service.facts.indications import SUFFIX
from service.fhir.elements import Steps
from service.fhir.sources.another_test_or_disease import (
    DiseaseNames,
    TakenFrom,
    TestNames,
    disease_names,
    test_names,
)
from service.fhir.sources.denying_words import Denials
from service.fhir.terminology.names_in_text import beginnings
from service.library.lookups.terminology_tables import near_of
from service.library.shapes import FactShape, SourceShape, ValueSetShape
from service.memo import per_arguments

DISEASE = "condition"
# Value sets of what patients come with: as a name beside a disease they are no other disease.
COMPLAINT = ".complaint"


@per_arguments(most=64)
def _denials(shape: SourceShape, diseases: tuple[str, ...]) -> Denials | None:
    """The words that deny an entry, such as "no history of".

    A denial word inside the name of a disease does not deny it ("graft-versus-host disease").
    """
    denials = shape.denials
    if denials is None:
        return None
    built = Denials(
        denials.words,
        frozenset(denials.contrary),
        frozenset(denials.beside),
        denials.open,
        denials.cleared,
        denials.unless,
        denials.signs,
        denials.over,
        denials.unsure,
    )
    named = [
        disease for disease in diseases if built.refusal([disease]) or built.says_past([disease])
    ]
    return replace(built, unless=(*named, *denials.unless))


def _diseases(shape: SourceShape, value_sets: Mapping[str, ValueSetShape]) -> DiseaseNames | None:
    """Names of diseases and how names of other diseases look; None if the document does not say so."""
    if shape.another is None:
        return None
    sets = {
        name: value_set
        for name, value_set in value_sets.items()
        if value_set.kind == DISEASE and not name.endswith(COMPLAINT)
    }
    return disease_names(
        ((name, _names_of(value_set)) for name, value_set in sets.items()),
        {
            name: near_of(value_set)
            for name, value_set in sets.items()
            # the words of a risk point at it, but are not all the words in which its codes are named
            if value_set.near and name.endswith(SUFFIX)
        },
        map(beginnings, shape.another.begins),
        shape.another.ends,
    )


def _naming(
    shape: SourceShape,
    taken_from: tuple[Steps, ...],
    value_sets: Mapping[str, ValueSetShape],
    facts: Iterable[FactShape],
) -> TestNames | None:
    """Names of results and what they are taken from; None if the document does not say so."""
    if not shape.taken_from:
        return None
    tests = {
        name: value_set for name, value_set in value_sets.items() if value_set.kind == "observation"
    }
    return test_names(
        ((name, _names_of(value_set)) for name, value_set in tests.items()),
        {
            name: tuple(map(beginnings, (*value_set.unlike, *shape.another_value)))
            for name, value_set in tests.items()
        },
        taken_from,
        _read_together(facts),
        {
            name: _specimens_of(value_set)
            for name, value_set in tests.items()
            if value_set.from_words
        },
    )


def _specimens_of(shape: ValueSetShape) -> TakenFrom:
    codes = ((system, code) for system, each in shape.from_codes.items() for code in each)
    return TakenFrom(tuple(map(beginnings, shape.from_words)), frozenset(codes))


def _read_together(facts: Iterable[FactShape]) -> Iterator[Iterable[str]]:
    """For each fact the value sets that it reads together: its words and units distinguish them."""
    for fact in facts:
        worked_out = (
            name for share in fact.worked_out for name in (*share.of, *share.in_percent_of)
        )
        yield (*fact.value_sets, *worked_out)


def _names_of(shape: ValueSetShape) -> Iterator[str]:
    yield from shape.texts
    for by_system in (shape.codes, shape.questions):
        yield from (line.display for lines in by_system.values() for line in lines)


def codes_of_results(value_sets: Mapping[str, ValueSetShape]) -> str:
    """All observation codes as one FHIR search value: `system|code`, sorted, separated by commas."""
    tokens = {
        f"{system}|{line.code}"
        for shape in value_sets.values()
        if shape.kind == "observation"
        for by_system in (shape.codes, shape.questions)
        for system, lines in by_system.items()
        for line in lines
    }
    return ",".join(quote(token, safe=":/|-_.") for token in sorted(tokens))
