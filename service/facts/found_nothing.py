"""Procedures that were done and found nothing: their outcome or notes say so, or a value of 0."""

from collections.abc import Iterable, Sequence

from service.facts.case import PatientCase, display, evidence, when
from service.facts.fact import Against, Fact
from service.facts.measurements.results import Result, results
from service.facts.supply.first_dose import first_dose
from service.facts.supply.procedures import procedure, surely_done
from service.fhir.elements import codes, read
from service.fhir.hit import Hit
from service.fhir.sources.coded_entries import texts_of
from service.fhir.terminology.names_in_text import Phrases, occur, split
from service.fhir.values.days import ANY_DAY, DayRange
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, remark, unknown
from service.policy.truth import Reason, Truth, Way

SHOWN = 2
FOUND_NONE = remark("found_none")


def procedure_that_found(case: PatientCase, fact: Fact, within: Span | None) -> Finding:
    """Whether such a procedure was done; one that found nothing is a question."""
    finding = procedure(case, fact, within)
    if finding.truth is not Truth.MET or fact.against is None:
        return finding
    against = _against(case, fact, fact.against, surely_done(case, fact, within))
    return unknown(Reason.REVIEW, *against, way=Way.REVIEW) if against else finding


def _against(
    case: PatientCase, fact: Fact, against: Against, hits: Sequence[Hit]
) -> list[Evidence]:
    """The newest procedure and what says of it, or since, that nothing was found; empty without.

    What was found during treatment with the drug says nothing of what was there before it.
    """
    start = first_dose(case)
    before = [hit for hit in hits if start is None or _day(hit).first < start.first] or hits
    since = max(_day(hit).first for hit in before)
    newest = [hit for hit in before if _day(hit).last >= since]
    said = [hit for hit in newest if _says_nothing_found(hit, against)]
    values = [
        result.shown(case, case.knowledge.facts[name])
        for name in against.zero
        if (result := _newest_value(case, name, since, start)) and _is_zero(result)
    ]
    if not said and not values:
        return []
    shown = [
        evidence(case, hit, display(hit, fact.value_sets))
        for hit in newest[:SHOWN]
        if hit not in said
    ]
    denied = [
        evidence(case, hit, remark("named_but", name=display(hit, fact.value_sets), why=FOUND_NONE))
        for hit in said[:SHOWN]
    ]
    return [*denied, *shown, *values]


def _says_nothing_found(hit: Hit, against: Against) -> bool:
    source, resource = hit.source, hit.resource
    outcome = [value for steps in source.outcome for value in read(steps, resource)]
    notes = [value for steps in source.notes for value in read(steps, resource)]
    return _say(outcome, against.outcome) or _say([*outcome, *notes], against.words)


def _say(values: Iterable[object], phrases: Phrases) -> bool:
    """Whether a text or a code of some values contains one of the phrases."""
    return any(
        occur(split(name), phrases)
        for value in values
        for name in (*texts_of(value), *codes(value))
    )


def _newest_value(
    case: PatientCase, name: str, since: int, start: DayRange | None
) -> Result | None:
    """The newest value of a fact from that day on, and from before the drug."""
    return next(
        (
            result
            for result in results(case, case.knowledge.facts[name])
            if result.day is not None
            and result.day.last >= since
            and (start is None or result.day.first < start.first)
        ),
        None,
    )


def _is_zero(result: Result) -> bool:
    return result.value is not None and result.value.high == 0


def _day(hit: Hit) -> DayRange:
    return when(hit) or ANY_DAY
