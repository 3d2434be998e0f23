"""The fills of a class as other questions use them: which kinds decide, how they are shown."""

from collections.abc import Sequence

from service.facts.case import Case, evidence
from service.facts.supply.fills import Found, find_fills
from service.facts.supply.timeline import Fill
from service.memo import per_case
from service.policy.finding import Evidence

PHARMACY = ("claim", "dispense", "outside_pharmacy")
ADMINISTRATION = "MedicationAdministration"
# To say that nothing was given earlier, claims must speak for so many days before the first dose known.
DAYS_BEFORE = 365
SHOWN = 4


def was_given(one: Found) -> bool:
    """Whether it was handed over or administered; a list entry or an order is neither."""
    return one.kind in PHARMACY or one.hit.source.type == ADMINISTRATION


def shown_of(case: Case, found: Sequence[Found]) -> tuple[Evidence, ...]:
    """The newest fills as evidence."""
    newest = sorted(found, key=lambda one: -one.fill.start.first)[:SHOWN]
    return tuple(evidence(case, one.hit, words(one)) for one in newest)


def words(one: Found) -> str:
    """A hand-over as evidence: the product, the days' supply, the daily dose if it is known."""
    days = one.fill.days
    dose = f", {one.dose.low:.4g} ug a day" if one.dose and one.dose.exact else ""
    if one.kind in PHARMACY:
        stated = f"{days} days' supply" if days else "days not stated"
        interval = one.fill.interval
        rarely = f", given up to {interval} days apart" if interval else ""
        doubt = f"; {one.doubt}" if one.doubt else ""
        return f"{one.display}, {stated}{dose}{rarely}{doubt}"
    return f"{one.display} (listed){dose}"


@per_case
def fills_of(case: Case, value_sets: Sequence[str]) -> list[tuple[Fill, Found]]:
    """Every fill, order or list entry of these classes of whatever kind, samples left out."""
    fact = case.knowledge.of_kind("supply")
    found = find_fills(case, case.hits(fact.sources, value_sets), value_sets)
    return [(one.fill, one) for one in found]
