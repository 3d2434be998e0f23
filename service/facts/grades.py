"""A grade of a disease: what its code, its severity, the order's reason or a score names."""

from service.facts.baseline import window
from service.facts.case import Case, display, evidence
from service.facts.first_dose import first_dose
from service.facts.model import Fact, Scale
from service.facts.not_understood import not_understood
from service.facts.orders import reasons_given
from service.facts.results import Result, newest, results
from service.facts.scales import on_scale
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.terminology import Entry
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Recorded
from service.policy.truth import Reason, Way


def grade(case: Case, fact: Fact, asked: Recorded) -> Finding:
    """A grade that the record states: the diagnosis's severity, or a score whose scale names it."""
    stated = [
        found
        for hit in case.hits(fact.sources, fact.value_sets)
        if hit.standing == "counts" and (found := _severity(case, fact, hit))
    ]
    stated += _on_order(case, fact)
    since = _since(case, asked)
    scored = [
        found for name, scale in fact.scales.items() for found in _scored(case, name, scale, since)
    ]
    grades = stated + [one for one in scored if one[0]]
    shown = tuple(found[1] for found in (stated + scored)[:4])
    enough = {named in fact.enough for named, _ in grades}
    if enough == {True}:
        return met(*shown)
    if enough == {True, False}:
        return unknown(Reason.CONFLICT, *shown, way=Way.ATTESTATION)
    # A drug may lower a grade: once treated, too low a grade decides only where today's is asked for.
    decides = asked.pick == "latest" or first_dose(case) is None
    open_ = not_understood(case.hits(fact.sources, fact.value_sets))
    if enough == {False} and decides and not (scored or open_):
        return not_met(*shown, miss=f"documented as {grades[0][0]}")
    return unknown(Reason.ATTESTATION, *shown, way=Way.ATTESTATION)


def _since(case: Case, asked: Recorded) -> int | None:
    """From which day on a score counts: before treatment by the age that a baseline may have."""
    start = first_dose(case)
    if start is not None:
        opens = window(case, start, asked.baseline_within).opens
        return opens.last if opens else None
    return case.back(asked.within) if asked.within else None


def _on_order(case: Case, fact: Fact) -> list[tuple[str, Evidence]]:
    """The grades that the codes of the order's reason name."""
    return [
        (
            named,
            Evidence(case.order.reference, None, f"reason for the order: {one.display}", "record"),
        )
        for concept in reasons_given(case.record, case.order.resource)
        for one in case.record.entries_of_concept(concept)
        if one.value_set in fact.value_sets and (named := _grade_of(fact, one))
    ]


def _grade_of(fact: Fact, entry: Entry) -> str | None:
    named = entry.attributes.get("severity")
    return str(named) if named in {*fact.grades.values()} else None


def _severity(case: Case, fact: Fact, hit: Hit) -> tuple[str, Evidence] | None:
    for entry in hit.entries:
        if named := _grade_of(fact, entry):
            return named, evidence(case, hit, display(hit, fact.value_sets))
    for severity in read(("severity",), hit.resource):
        for entry in case.record.entries_of_concept(severity):
            if named := fact.grades.get(entry.value_set):
                return named, Evidence(hit.reference, None, f"{fact.label}: {named}", "record")
    return None


def _scored(case: Case, name: str, scale: Scale, since: int | None) -> list[tuple[str, Evidence]]:
    """The grades that the newest scores name; empty where scale or day leave it open."""
    fact = case.knowledge.facts[name]
    found = [one for one in results(case, fact) if one.value is not None]
    return [_graded(case, fact, scale, one, since) for one in newest(found)]


def _graded(
    case: Case, fact: Fact, scale: Scale, one: Result, since: int | None
) -> tuple[str, Evidence]:
    value = one.value.low if one.value and one.value.exact else None
    recent = since is None or (one.day is not None and one.day.first >= since)
    named = scale.grades.get(value, "") if value is not None and on_scale(one, scale) else ""
    said = f" ({named})" if named else " (scale not stated)"
    said = said if recent else " (too old)"
    number_ = one.value.show("") if one.value else ""
    return named if recent else "", evidence(case, one.hit, f"{fact.label} {number_}{said}")
