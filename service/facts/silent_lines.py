"""Lines of medical claims that may be a course or a visit and do not say so."""

from collections.abc import Iterator

from service.facts.case import Case, evidence, when
from service.facts.episode import REVIEW, Episode
from service.facts.fills import not_taken_back
from service.facts.model import Fact, Maker
from service.facts.reasons import Why, why
from service.fhir.days import ANY_DAY
from service.fhir.elements import codes
from service.fhir.hit import Hit
from service.fhir.paths import Steps, read


def unnamed_drugs(case: Case, fact: Fact, maker: Maker) -> list[Episode]:
    """Drugs that a line does not name, given for the reason of the course or for none recorded."""
    near = (Why.FITS, Why.NOT_RECORDED)
    hits = [*_named_for_any(case, fact, maker), *_of_drug_departments(case, fact, maker)]
    said = "a drug that the claim does not name"
    return [_perhaps(case, one, said) for one in hits if why(case, one, maker) in near]


def unplaced_visits(case: Case, fact: Fact, maker: Maker) -> list[Episode]:
    """Lines for the reason of the visit that say neither the place nor the department."""
    placed = {id(one.element) for one in case.hits(fact.sources, maker.of)}
    return [
        _perhaps(case, one, "a claim that names no place")
        for one in _lines(case, fact)
        if id(one.element) not in placed
        and not _is_coded(case, one, (*one.source.places, *one.source.departments))
        and (one.standing == "counts" or one.doubt)
        and why(case, one, maker) is Why.FITS
    ]


def _named_for_any(case: Case, fact: Fact, maker: Maker) -> list[Hit]:
    """Lines whose product code may be any drug."""
    hits = [
        one
        for one in case.hits(fact.sources, maker.unnamed)
        if _product_codes(one)
        & {entry.code for entry in one.entries if entry.value_set in maker.unnamed}
    ]
    return not_taken_back(case, hits, maker.unnamed)


def _product_codes(hit: Hit) -> set[str]:
    found = (value for steps in hit.source.concepts for value in read(steps, hit.element))
    return {code for value in found for code in codes(value)}


def _of_drug_departments(case: Case, fact: Fact, maker: Maker) -> Iterator[Hit]:
    """Lines without a product, of a department that hands over drugs or of none that we know."""
    keys = {one.source for one in fact.sources}
    for hit in case.record.untold:
        if hit.source.key not in keys or not (hit.standing == "counts" or hit.doubt):
            continue
        departments = hit.source.departments
        entries = (
            entry
            for steps in departments
            for value in read(steps, hit.element)
            for entry in case.record.entries_of_concept(value)
        )
        drugs = any(entry.value_set in maker.unnamed for entry in entries)
        if drugs or not _is_coded(case, hit, departments):
            yield hit


def _lines(case: Case, fact: Fact) -> Iterator[Hit]:
    """Every line of a doctor's or a hospital's claim, of the sources that tell a place."""
    for looked in fact.sources:
        source = case.knowledge.sources[looked.source]
        for resource in case.record.resources.get(source.type, []) if source.places else []:
            if source.is_medical(resource):
                yield from (
                    Hit(source, resource, one, (), calendar=case.record.calendar)
                    for one in source.elements(resource)
                )


def _is_coded(case: Case, hit: Hit, paths: tuple[Steps, ...]) -> bool:
    """Whether a code of a system that we know stands at one of the paths."""
    return any(case.record.is_coded(value) for steps in paths for value in read(steps, hit.element))


def _perhaps(case: Case, hit: Hit, said: str) -> Episode:
    start = when(hit) or ANY_DAY
    return Episode((start,), start.last, 0, 1, evidence(case, hit, said), REVIEW)
