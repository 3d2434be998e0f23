"""A case made of words, and what one question comes to: for tests of single facts."""

from datetime import date, timedelta

from support.clinical.patient import DAY, Json, case_of

from service.facts.case import Case
from service.policy.finding import Finding

# The same data, where the payer's claims or the pharmacy's dispenses are held in full.
CLAIMS_HELD: Json = {"claims_held": "yes"}


def patient(indication: str = "ad", /, **given: object) -> Case:
    """A case on `DAY` for one disease with what is given in the words of the case files."""
    return case_of(dict(given), indication)


def ordinal(days_ago: int) -> int:
    """The ordinal of a day so many days before `DAY`."""
    return (DAY - timedelta(days=days_ago)).toordinal()


def written(days_ago: int) -> str:
    """The same as a FHIR date."""
    return date.fromordinal(ordinal(days_ago)).isoformat()


def said(finding: Finding) -> str:
    """A finding in one word or two: `met`, or `unknown stale`."""
    return f"{finding.truth} {finding.reason}" if finding.reason else str(finding.truth)
