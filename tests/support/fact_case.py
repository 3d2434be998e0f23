"""A case made of words, and what one question comes to: for tests of single facts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from support.cases.run import library
from support.clinical.patient import DAY, Json, case_of

from service.facts.case import Case
from service.fhir.record import Record
from service.policy.finding import Evidence, Finding, Remark
from service.policy.truth import Reason, Truth, Way

# The same data, where the payer's claims or the pharmacy's dispenses are held in full.
CLAIMS_HELD: Json = {"claims_held": "yes"}


def patient(indication: str = "ad", /, **given: object) -> Case:
    """A case on `DAY` for one disease with what is given in the words of the case files."""
    return case_of(dict(given), indication)


def patient_with(key: str, *resources: Json, indication: str = "ad") -> Case:
    """A case whose record holds these resources of one prefetch key, and nothing else."""
    case = patient(indication)
    record = Record("p1", case.record.server, library().terminology, {})
    entries = [{"resource": one} for one in resources]
    record.load({key: {"resourceType": "Bundle", "entry": entries}}, library().sources)
    return replace(case, record=record)


def ordinal(days_ago: int) -> int:
    """The ordinal of a day so many days before `DAY`."""
    return (DAY - timedelta(days=days_ago)).toordinal()


def written(days_ago: int) -> str:
    """The same as a FHIR date."""
    return date.fromordinal(ordinal(days_ago)).isoformat()


class Shown(NamedTuple):
    """One piece of evidence in words."""

    reference: str | None
    date: str | None
    value: str
    kind: str


class Answer(NamedTuple):
    """A finding in the words of the cards."""

    truth: Truth
    reason: Reason | None
    way: Way
    evidence: tuple[Shown, ...]
    miss: str | None
    notes: tuple[str, ...]


def in_words(remark: str | Remark | None) -> str | None:
    """A remark in the words of the cards; None stays None."""
    return None if remark is None else library().wording.text(remark)


def shown(one: Evidence) -> Shown:
    """Evidence in the words of the cards."""
    return Shown(one.reference, one.date, library().wording.text(one.value), one.kind)


def worded(finding: Finding) -> Answer:
    """A finding in the words of the cards."""
    text = library().wording.text
    return Answer(
        finding.truth,
        finding.reason,
        finding.way,
        tuple(map(shown, finding.evidence)),
        in_words(finding.miss),
        tuple(map(text, finding.notes)),
    )


def said(finding: Finding | Answer) -> str:
    """A finding in one word or two: `met`, or `unknown stale`."""
    return f"{finding.truth} {finding.reason}" if finding.reason else str(finding.truth)
