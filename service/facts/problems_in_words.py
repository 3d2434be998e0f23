"""Problems whose words may mean a risk: what points at a diagnosis, and what speaks of harm by a drug."""

import re
from collections.abc import Iterator, Sequence

from service.facts.case import PatientCase, days_back, evidence
from service.facts.fact import Fact
from service.fhir.elements import names, read
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.values.days import parse_when
from service.json_object import Json
from service.memo import IdentitySet, per_patient
from service.policy.finding import Evidence

SHOWN = 2
PROBLEM = "Condition"
# What stands behind such a mark says nothing of what stands before it ("breast cancer, no recurrence").
_CLAUSE = re.compile(r"[;,()\n]+|\s-+\s")


def pointing_at(case: PatientCase, fact: Fact) -> list[Evidence]:
    """Problems in words that point at a diagnosis and do not deny it, as evidence.

    Only for facts with `unsure`: they are risks, about which one asks rather than passes over.
    """
    if not fact.unsure:
        return []
    ours = IdentitySet(hit.resource for hit in case.hits(fact.sources, fact.value_sets))
    found = (
        problem
        for looked in fact.sources
        for problem, sets in _pointing(case, looked.source)
        if problem.resource not in ours and not sets.isdisjoint(fact.value_sets)
    )
    standing = [problem for problem in found if _stands(problem, fact)]
    return [evidence(case, problem, _words(problem)) for problem in standing[:SHOWN]]


@per_patient
def _pointing(case: PatientCase, key: str) -> list[tuple[Hit, frozenset[str]]]:
    """Each part of a problem's name that points at value sets, with these."""
    return [
        (problem, sets)
        for problem in _problems(case, key)
        if (sets := case.knowledge.pointing.of(names(problem.element)))
    ]


def _problems(case: PatientCase, key: str) -> Iterator[Hit]:
    """Each part of each name of the problems of a source; a denial in one part denies no other."""
    source = case.knowledge.sources[key]
    for resource in case.record.resources.get(source.type, ()):
        case.record.share.check()
        for name in _names(source, resource):
            for part in filter(None, map(str.strip, _CLAUSE.split(name))):
                yield Hit(source, resource, {"text": part}, (), calendar=case.record.calendar)


def _names(source: Source, resource: Json) -> Iterator[str]:
    for steps in source.concepts:
        for concept in read(steps, resource):
            yield from names(concept)


def _stands(problem: Hit, fact: Fact) -> bool:
    """Whether such a problem would count for the fact if its code were one of it."""
    source, calendar = problem.source, problem.calendar
    said = {**problem.resource, **{steps[0]: problem.element for steps in source.concepts}}
    if source.standing(said, said, calendar) == "counts":
        return True
    if fact.history and source.standing_in_history(said, said, calendar) == "counts":
        return True
    return source.standing_if_unsure(said, said, calendar) == "counts"


def _words(problem: Hit) -> str:
    return next(_names(problem.source, problem.resource))


def harm_by_drug(case: PatientCase, fact: Fact) -> list[Evidence]:
    """Problems of the sets `problems` of an allergy that name the drug, as evidence."""
    sources = [source for source in case.knowledge.sources.values() if source.type == PROBLEM]
    found = [
        Hit(source, resource, resource, (), calendar=case.record.calendar)
        for source in sources
        if fact.problems
        for resource in case.record.resources.get(source.type, ())
        if _names_drug(case, source, resource, fact.value_sets)
        and _is_of(case, source, resource, fact.problems)
    ]
    standing = [problem for problem in found if problem.standing != "never"]
    return [evidence(case, problem, _words(problem)) for problem in standing[:SHOWN]]


def _names_drug(
    case: PatientCase, source: Source, resource: Json, value_sets: Sequence[str]
) -> bool:
    return any(
        entry.value_set in value_sets
        for name in _names(source, resource)
        for entry in case.record.drugs_in_words(name)
    )


def _is_of(case: PatientCase, source: Source, resource: Json, sets: Sequence[str]) -> bool:
    """Whether a code or the words of a problem are of one of the sets."""
    concepts = [concept for steps in source.concepts for concept in read(steps, resource)]
    coded = (e.value_set for concept in concepts for e in case.record.entries_of_concept(concept))
    return not {*coded}.isdisjoint(sets) or case.knowledge.pointing.any_of(
        _names(source, resource), sets
    )


def out_of_time(case: PatientCase, fact: Fact, hit: Hit) -> bool:
    """Whether every day of an entry is longer ago than such a thing lasts."""
    if fact.lasts is None:
        return False
    zone = hit.calendar.zone
    written = (value for steps in hit.source.dates for value in read(steps, hit.resource))
    days = [day.last for value in written if (day := parse_when(value, zone)) is not None]
    return bool(days) and max(days) < days_back(case.today, fact.lasts)


def contradicts_gender(case: PatientCase, fact: Fact) -> bool:
    """Whether the recorded gender is one that does not have such a thing."""
    patients = case.record.resources.get("Patient", [])
    return bool(fact.not_for) and bool(patients) and patients[0].get("gender") == fact.not_for
