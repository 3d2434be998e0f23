"""The authorization that runs today, and what this payer decided last."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from service.facts.authorizations.authorization_numbers import (
    authorized_days,
    first_day,
    number_of_line,
)
from service.facts.authorizations.decision_lines import lines_of
from service.facts.authorizations.decisions_on_drug import RANKS, Ruling, decided, decisions, ruling
from service.facts.authorizations.payer_decision import DECISION, meant_by_code
from service.facts.authorizations.same_authorization import contradicting, is_changed
from service.facts.case import Case
from service.facts.fact import Fact
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange


@dataclass(frozen=True, slots=True)
class RunningAuthorization:
    """An authorization that runs today: its last day, its number where one is given, its decision.

    `renewed_until` is the last day of the approvals that follow it without a gap; None if there are none.
    """

    until: date
    number: str | None
    reference: str | None = None
    decided: int | None = None
    renewed_until: date | None = None


def running_authorization(case: Case) -> RunningAuthorization | None:
    """The approval that is valid today and ends last; None if there is none with an exact end.

    An approval of a part is none: it does not cover what was asked for. Nor is one that a later decision
    changes or may change: one with the same number or on the same request, a cancellation that has no
    number, or a decision on the drug that has no number and is not understood.
    """
    fact = case.knowledge.of_kind("approval")
    running: list[tuple[int, str | None, Hit]] = []
    later: list[DayRange] = []
    for hit in _own_decisions(case, fact):
        if ruling(case, fact, hit) != "approved" or is_changed(case, fact, hit):
            continue
        for parts in lines_of(case, hit).own or ((),):
            number = number_of_line(hit.resource, hit.source, parts)
            periods = [*authorized_days(hit, parts)]
            running += [(one.last, number, hit) for one in periods if _holds(one, case.today)]
            later += [period for period in periods if period.first > case.today]
    if not running:
        return None
    until = max(end for end, _, _ in running)
    last = [(number, hit) for end, number, hit in running if end == until]
    numbers, hit = {number for number, _ in last}, last[0][1]
    # several authorizations that end on one day have no single number
    number = numbers.pop() if len(numbers) == 1 else None
    renewed = _last_day_in_a_row(until, later)
    return RunningAuthorization(
        date.fromordinal(until),
        number,
        hit.reference,
        decided(hit),
        date.fromordinal(renewed) if renewed > until else None,
    )


def _last_day_in_a_row(until: int, later: Iterable[DayRange]) -> int:
    """The last day that approvals cover without a gap."""
    for period in sorted(later, key=lambda period: period.first):
        if period.first <= until + 1:
            until = max(until, period.last)
    return until


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """This payer's last decision on the drug: what it says, of which day, its number and last day.

    `begins` is set if it begins after today, `until` is None if no last day is stated, `called` what its
    code means where one code is known.
    """

    says: Ruling
    decided: date
    number: str | None = None
    until: date | None = None
    called: str | None = None
    reference: str | None = None
    begins: date | None = None


def earlier_decision(case: Case, running: RunningAuthorization | None) -> EarlierDecision | None:
    """The last decision of this payer, later than that of the authorization that runs; else None."""
    fact = case.knowledge.of_kind("approval")
    since = running.decided if running else None
    known: list[EarlierDecision] = []
    for hit in _own_decisions(case, fact):
        day = decided(hit)
        if day is None or day > case.today or (running and not since):
            continue
        if since is None or day > since:
            known.append(_as_decision(case, fact, hit, day))
    if not known:
        return None
    return min(known, key=lambda one: (-one.decided.toordinal(), RANKS.index(one.says)))


def _own_decisions(case: Case, fact: Fact) -> Iterator[Hit]:
    """The decisions of this payer that name the drug and could be read."""
    for hit, certain in decisions(case, fact):
        is_plain = certain and hit.doubt is None and hit.source.type == DECISION
        if is_plain and case.is_payer(hit.resource):
            yield hit


def _as_decision(case: Case, fact: Fact, hit: Hit, day: int) -> EarlierDecision:
    says, entry = ruling(case, fact, hit), meant_by_code(case, fact, hit)
    if (says == "approved" and is_changed(case, fact, hit)) or contradicting(case, fact, hit):
        says, entry = "open", None
    lines = lines_of(case, hit).own or ((),)
    numbers = {number_of_line(hit.resource, hit.source, parts) for parts in lines}
    ends = [period.last for parts in lines for period in authorized_days(hit, parts)]
    begins = first_day(hit, lines) or case.today
    return EarlierDecision(
        says,
        date.fromordinal(day),
        numbers.pop() if len(numbers) == 1 else None,
        date.fromordinal(max(ends)) if ends else None,
        entry.display if entry else None,
        hit.reference,
        date.fromordinal(begins) if begins > case.today else None,
    )


def _holds(period: DayRange, today: int) -> bool:
    return period.first <= today <= period.last
