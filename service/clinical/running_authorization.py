"""An authorization of this payer that runs today: until when, and under which number."""

from collections.abc import Iterator
from datetime import date

from service.clinical.offer import Authorization
from service.facts.case import Case
from service.facts.order.approval import decisions
from service.facts.order.decision import DECISION, numbers_of, says_of_drug
from service.fhir.elements import text
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.values.days import DayRange, parse_day


def running_authorization(case: Case) -> Authorization | None:
    """The approval that is valid today and ends last; None if there is none with an exact end."""
    fact = case.knowledge.of_kind("approval")
    approvals: list[tuple[int, Hit]] = []
    for hit, certain in decisions(case, fact):
        if not certain or hit.doubt is not None or hit.source.type != DECISION:
            continue
        if case.is_payer(hit.resource) and says_of_drug(case, fact, hit) == "approved":
            approvals += [
                (period.last, hit) for period in _periods(hit) if _holds(period, case.today)
            ]
    if not approvals:
        return None
    until, hit = max(approvals, key=lambda approval: approval[0])
    whole = text(hit.resource.get("preAuthRef"))
    numbers = sorted(numbers_of(hit.resource, hit.source.review_numbers))
    return Authorization(date.fromordinal(until), whole or next(iter(numbers), None))


def _holds(period: DayRange, today: int) -> bool:
    return period.first <= today <= period.last


def _periods(hit: Hit) -> Iterator[DayRange]:
    """The periods that the decision states with an exact end."""
    for steps in hit.source.dates:
        for value in read(steps, hit.resource):
            if not isinstance(value, dict):
                continue
            zone = hit.calendar.zone
            start, end = parse_day(value.get("start"), zone), parse_day(value.get("end"), zone)
            if start is not None and end is not None and end.exact:
                yield DayRange(start.last, end.last)
