"""Problems whose words may mean a risk: what points at a diagnosis, and what speaks of harm by a drug."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from service.facts.case import PatientCase, days_back, evidence, when
from service.facts.fact import Fact
from service.facts.named_diagnoses import named_diagnoses
from service.fhir.elements import codes, names, read
from service.fhir.hit import Hit
from service.fhir.resource_types import CONDITION, ENTERED_IN_ERROR
from service.fhir.sources.source import Source
from service.fhir.terminology.drugs import Entries
from service.fhir.values.days import parse_when
from service.json_object import Json
from service.memo import IdentitySet, per_patient
from service.policy.finding import Evidence

SHOWN = 2
# What stands behind such a mark says nothing of what stands before it ("breast cancer, no recurrence").
_SENTENCE = re.compile(r"[.;\n]+(?:\s|$)")
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
    shown = [evidence(case, problem, _words(problem)) for problem in standing[:SHOWN]]
    return shown or _named_elsewhere(case, fact)


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
            for part in _parts(name):
                yield Hit(source, resource, {"text": part}, (), calendar=case.record.calendar)


def _parts(name: str) -> Iterator[str]:
    """The parts of a name between commas, brackets and dashes."""
    return filter(None, map(str.strip, _CLAUSE.split(name)))


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


def _named_elsewhere(case: PatientCase, fact: Fact) -> list[Evidence]:
    """Diagnoses named by a visit, a claim, an order or a procedure that may be the fact's, as evidence."""
    if not fact.told_elsewhere or contradicts_gender(case, fact):
        return []
    meant = (each for name in fact.value_sets for each in _elsewhere(case).get(name, ()))
    standing = (each for each in meant if each.in_words is None or _stands(each.in_words, fact))
    newest = ((each, max(each.entries, key=_last_day)) for each in standing)
    shown = [
        evidence(case, hit, each.name) for each, hit in newest if not out_of_time(case, fact, hit)
    ]
    return list(dict.fromkeys(shown))[:SHOWN]


class Named(NamedTuple):
    """A diagnosis outside the problem list, with its entries; without a code the words that point at it.

    Words are a problem, as they would be on the list: what denies them there denies them here.
    """

    name: str
    entries: list[Hit]
    in_words: Hit | None = None


@per_patient
def _elsewhere(case: PatientCase) -> dict[str, list[Named]]:
    """The diagnoses that are named outside the problem list, by value set."""
    by_set: dict[str, list[Named]] = {}
    for entries in named_diagnoses(case):
        for named, sets in _meant(case, entries):
            for value_set in sets:
                by_set.setdefault(value_set, []).append(named)
    return by_set


def _meant(case: PatientCase, entries: list[Hit]) -> Iterator[tuple[Named, frozenset[str]]]:
    """The value sets that a concept is in by its code, else those that a part of its name points at."""
    concept, pointing = entries[0].element, case.knowledge.pointing
    called, coded = names(concept), case.record.entries_of_concept(concept)
    if any(not entry.by_name for entry in coded):
        name = next(iter(called), coded[0].display)
        yield Named(name, entries), frozenset(entry.value_set for entry in coded)
    elif not pointing.is_closed(concept):
        source = next(each for each in case.knowledge.sources.values() if each.type == CONDITION)
        for name in called:
            for part in _parts(name):
                problem = Hit(source, {}, {"text": part}, (), calendar=case.record.calendar)
                yield Named(name, entries, problem), pointing.of([part])


def _last_day(hit: Hit) -> int:
    day = when(hit)
    return day.last if day else 0


def harm_by_drug(case: PatientCase, fact: Fact) -> list[Evidence]:
    """Problems, reasons and diagnoses that name the drug of an allergy beside harm, as evidence."""
    return [
        evidence(case, told.hit, told.words)
        for told in harm_by_drugs(case)
        if any(entry.value_set in fact.value_sets for entry in told.drugs)
    ][:SHOWN]


class ToldHarm(NamedTuple):
    """An entry that names some drugs beside harm, with the words that do."""

    hit: Hit
    words: str
    drugs: Entries


@per_patient
def harm_by_drugs(case: PatientCase) -> list[ToldHarm]:
    """Every entry outside the allergy list that speaks of harm, by its code or in words, and names drugs."""
    told = [
        ToldHarm(hit, words, case.record.drugs_in_words(words))
        for hit, concept, texts in _perhaps_harm(case)
        for words in _of_harm(case, concept, texts)
    ]
    return [each for each in told if each.drugs and not _is_denied(each.hit)]


def _is_denied(hit: Hit) -> bool:
    """Whether a problem is refuted or denied; another entry tells of harm unless it was entered in error."""
    if hit.source.type == CONDITION:
        return hit.standing == "never"
    return ENTERED_IN_ERROR in codes(hit.resource.get("status"))


def _perhaps_harm(case: PatientCase) -> Iterator[tuple[Hit, object, list[str]]]:
    """Problems, other entries with notes, and diagnoses elsewhere: each with its concept and texts."""
    for source in case.knowledge.sources.values():
        is_problem = source.type == CONDITION
        heads = {steps[0] for steps in source.notes}
        for resource in case.record.resources.get(source.type, ()) if heads else ():
            if is_problem or not heads.isdisjoint(resource):
                hit = Hit(source, resource, resource, (), calendar=case.record.calendar)
                notes = [
                    part for note in source.notes_of(resource) for part in _SENTENCE.split(note)
                ]
                if is_problem:
                    yield hit, resource.get("code"), [*_names(source, resource), *notes]
                else:
                    yield hit, {}, notes
    for same in named_diagnoses(case):
        hit = same[-1]
        yield hit, hit.element, names(hit.element)


def _of_harm(case: PatientCase, concept: object, texts: list[str]) -> list[str]:
    """The texts that speak of harm; all of them where a code does."""
    fact = case.knowledge.of_kind("outcome")
    coded = case.record.entries_of_concept(concept)
    if any(entry.value_set in fact.harmful and not entry.by_name for entry in coded):
        return texts
    words = fact.harm_words
    return [each for each in texts if words is not None and words.are_in(each, named=True)]


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
