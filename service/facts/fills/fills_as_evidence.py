"""Fills as evidence: the newest ones, each in words."""

from collections.abc import Sequence

from service.facts.case import PatientCase, evidence
from service.facts.fills.fill import PHARMACY, FoundFill
from service.policy.finding import Evidence, Remark, remark

SHOWN = 4


def fills_as_evidence(case: PatientCase, handovers: Sequence[FoundFill]) -> tuple[Evidence, ...]:
    """The newest fills as evidence."""
    newest = sorted(handovers, key=lambda handover: -handover.fill.start.first)[:SHOWN]
    return tuple(evidence(case, handover.hit, fill_in_words(handover)) for handover in newest)


def fill_in_words(handover: FoundFill) -> Remark:
    """A hand-over as evidence: the product, the days' supply, the daily dose in ug if it is known."""
    dose = f"{handover.dose.low:.4g}" if handover.dose and handover.dose.exact else None
    if handover.kind not in PHARMACY:
        return remark("listed_at_dose", name=handover.display, dose=dose)
    return remark(
        "handed_over",
        name=handover.display,
        days=handover.fill.days,
        dose=dose,
        interval=handover.fill.interval,
        doubt=handover.doubt,
    )
