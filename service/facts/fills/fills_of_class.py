"""The fills of a class as other questions use them: which kinds decide, how they are shown."""

from collections.abc import Sequence

from service.facts.case import PatientCase, evidence
from service.facts.fills.fills import find_fills
from service.facts.fills.found_fill import Fill, Found
from service.memo import per_patient
from service.policy.finding import Evidence, Remark, remark

PHARMACY = ("claim", "dispense", "outside_pharmacy")
ADMINISTRATION = "MedicationAdministration"
# To say "no earlier dose", claims must also cover so many days before the first known dose.
DAYS_BEFORE = 365
SHOWN = 4


def was_given(handover: Found) -> bool:
    """Whether it was handed over or administered; a list entry or an order is neither."""
    return handover.kind in PHARMACY or handover.hit.source.type == ADMINISTRATION


def shown_of(case: PatientCase, handovers: Sequence[Found]) -> tuple[Evidence, ...]:
    """The newest fills as evidence."""
    newest = sorted(handovers, key=lambda handover: -handover.fill.start.first)[:SHOWN]
    return tuple(evidence(case, handover.hit, words(handover)) for handover in newest)


def words(handover: Found) -> Remark:
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


@per_patient
def fills_of(case: PatientCase, value_sets: Sequence[str]) -> list[tuple[Fill, Found]]:
    """Every fill, order or list entry of these classes of whatever kind, samples left out."""
    fact = case.knowledge.of_kind("supply")
    handovers = find_fills(case, case.hits(fact.sources, value_sets), value_sets)
    return [(handover.fill, handover) for handover in handovers]
