"""A test that is positive or negative: its newest result, in a code, a word or its interpretation."""

from collections.abc import Iterator

from service.facts.case import Case, display, evidence, when
from service.facts.model import Fact
from service.facts.results import newest, nothing_found, results
from service.fhir.elements import objects, text
from service.fhir.hit import Hit
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Recorded
from service.policy.truth import Reason, Way

POSITIVE, NEGATIVE, UNCLEAR = "positive", "negative", "neither positive nor negative"


def positive(case: Case, fact: Fact, asked: Recorded) -> Finding:
    """Whether the newest result is positive; an old one, a doubtful one and two that differ are shown."""
    found = results(case, fact)
    if not found:
        return nothing_found(case, fact)
    latest = newest(found)
    read = [(_sign(case, fact, one.hit), one.hit) for one in latest]
    shown = tuple(_shown(case, fact, sign, hit) for sign, hit in read[:3])
    signs = {sign for sign, _ in read}
    since = case.back(asked.within) if asked.within else None
    days = [when(hit) for _, hit in read]
    if len(signs) > 1:
        return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)
    if signs == {UNCLEAR}:
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
    if since is not None and any(day is None or day.first < since for day in days):
        stale = all(day is not None and day.last < since for day in days)
        return unknown(Reason.STALE if stale else Reason.IMPRECISE, *shown, way=fact.way)
    return met(*shown) if signs == {POSITIVE} else not_met(*shown)


def _shown(case: Case, fact: Fact, sign: str, hit: Hit) -> Evidence:
    return evidence(case, hit, f"{display(hit, fact.value_sets)}: {sign}")


def _sign(case: Case, fact: Fact, hit: Hit) -> str:
    """What the value says; where it is a number or says nothing, what the laboratory made of it."""
    for said in (_signs(case, fact, _values(hit)), _signs(case, fact, _interpretations(hit))):
        if said:
            return said.pop() if len(said) == 1 else UNCLEAR
    return UNCLEAR


def _values(hit: Hit) -> Iterator[object]:
    sent = hit.resource
    truth = sent.get("valueBoolean")
    if isinstance(truth, bool):
        yield POSITIVE if truth else NEGATIVE
    yield from (sent.get("valueCodeableConcept"), sent.get("valueString"))


def _interpretations(hit: Hit) -> Iterator[object]:
    yield from objects(hit.resource.get("interpretation"))


def _signs(case: Case, fact: Fact, sent: Iterator[object]) -> set[str]:
    found = set()
    for one in sent:
        if one in (POSITIVE, NEGATIVE) and isinstance(one, str):
            found.add(one)
            continue
        written = text(one)
        concept = {"text": written} if written else one
        sets = {entry.value_set for entry in case.record.entries_of_status(concept)}
        found |= {POSITIVE} if sets & set(fact.positive) else set()
        found |= {NEGATIVE} if sets & set(fact.negative) else set()
    return found
