"""Other drafts of one call for the same drug: what they order is told, and added to what is judged."""

from collections.abc import Sequence

from service.facts.case import Case
from service.facts.order.doses import Doses, Reading, coded_product, doses
from service.facts.order.drafts import NOT_TO_JUDGE
from service.fhir.elements import codes
from service.fhir.reference import key
from service.fhir.values.quantity import INFINITY


def doses_beside(case: Case) -> tuple[Doses, ...]:
    """The doses of the other drafts for the drug; one that cannot be read is told by itself."""
    found: list[Doses] = []
    for hit in case.record.proposed.get(case.drug, ()):
        order = hit.resource
        same = order is case.order.resource or key(order) == case.order.reference
        if same or order.get("doNotPerform") is True or codes(order.get("status")) & NOT_TO_JUDGE:
            continue
        named = [one for one in hit.entries if one.value_set == case.drug]
        product = coded_product(max((one.attributes for one in named), key=len, default={}))
        reading = Reading(product, case.knowledge.units, case.knowledge.timings)
        if readings := doses(order, reading).readings:
            found.append(most_of(readings))
    return tuple(found)


def most_of(readings: Sequence[Doses]) -> Doses:
    """The reading of an order that asks for most."""

    def much(one: Doses) -> tuple[float, float]:
        return (one.dose_mg or 0.0) / (one.interval_days or INFINITY), one.loading_mg or 0.0

    return max(readings, key=much)


def together(one: Doses, others: tuple[Doses, ...]) -> Doses:
    """One order that asks for what several ask for: as much in the same time, first doses added."""
    rate = sum(
        (each.dose_mg or 0.0) / each.interval_days for each in (one, *others) if each.interval_days
    )
    first = sum(each.loading_mg or 0.0 for each in (one, *others)) or None
    dose = max(each.dose_mg or 0.0 for each in (one, *others))
    return Doses(dose or None, dose / rate if rate else None, first)
