"""What other decisions on the same authorization do to one: they contradict it, or change it later."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.facts.authorizations.authorization_numbers import first_day, numbers_of
from service.facts.authorizations.decision_lines import lines_of
from service.facts.authorizations.decisions_on_drug import RANKS, Ruling, decided, decisions, ruling
from service.facts.authorizations.payer_decision import DECISION, is_known_as_open
from service.facts.case import Case
from service.facts.fact import Fact
from service.fhir.elements import literal_reference, objects, reference_parts
from service.fhir.hit import Hit
from service.memo import per_case

APPROVING: tuple[Ruling, ...] = ("approved", "in_part")
# An authorization is known by its number, or by the request that it answers.
Key = str | tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class _Decision:
    """One decision: its ruling, its numbers and requests, and its day (None if it is not exact).

    `understood`: what it says is known, and agrees. `later`: its authorization begins after today.
    """

    hit: Hit
    says: Ruling
    numbers: frozenset[str]
    keys: frozenset[Key]
    decided: int | None
    understood: bool
    later: bool

    def is_before(self, other: "_Decision") -> bool:
        """Whether it was certainly decided on an earlier day."""
        if self.decided is None or other.decided is None:
            return False
        return self.decided < other.decided


@per_case
def _read(case: Case, fact: Fact, hit: Hit) -> _Decision:
    lines = lines_of(case, hit)
    numbers = frozenset(numbers_of(hit.resource, hit.source, lines.own_parts))
    requests = (literal_reference(request) for request in objects(hit.resource.get("request")))
    named = {reference_parts(one) for one in requests if one and not one.startswith("#")}
    says: Ruling = "open" if hit.doubt is not None else ruling(case, fact, hit)
    understood = says != "open" or is_known_as_open(case, fact, hit)
    begins = first_day(hit, lines.own or ((),))
    later = begins is not None and begins > case.today
    return _Decision(hit, says, numbers, numbers | named, decided(hit), understood, later)


@per_case
def _by_key(case: Case, fact: Fact) -> dict[Key | None, list[_Decision]]:
    """The decisions that are, or may be, of this payer and drug, by number and request.

    None has those that may end any authorization: they have no number, and cancel or are not understood.
    """
    by_key: dict[Key | None, list[_Decision]] = {}
    for hit, certain in decisions(case, fact):
        is_decision = hit.source.type == DECISION or hit.source.is_decision(hit.resource)
        if not is_decision or case.is_payer(hit.resource) is False:
            continue
        if lines_of(case, hit).name_others_only:
            continue
        decision = _read(case, fact, hit)
        ends = decision.says == "withdrawn" or (certain and not decision.understood)
        for key in (*decision.keys, *((None,) if ends and not decision.numbers else ())):
            by_key.setdefault(key, []).append(decision)
    return by_key


def _others(
    case: Case, fact: Fact, one: _Decision, keys: Iterable[Key | None]
) -> Iterator[_Decision]:
    """The other decisions under some keys."""
    by_key = _by_key(case, fact)
    for key in keys:
        for other in by_key.get(key, ()):
            if other.hit.resource is not one.hit.resource:
                yield other


def contradicting(case: Case, fact: Fact, hit: Hit) -> Hit | None:
    """A decision on the same authorization that contradicts this one, and is not of an earlier day.

    An approval is contradicted by a refusal, a cancellation, or what is not understood; a refusal by an
    approval.
    """
    one = _read(case, fact, hit)
    others = _others(case, fact, one, one.keys)
    found = (other for other in others if _contradicts(other, one) and not other.is_before(one))
    return next((other.hit for other in found), None)


def _contradicts(other: _Decision, one: _Decision) -> bool:
    if one.says in APPROVING:
        return other.says in ("refused", "withdrawn") or not other.understood
    return one.says == "refused" and other.says in APPROVING


def is_changed(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether another decision may have changed an approval: one on it, or one that may end any."""
    approval = _read(case, fact, hit)
    others = _others(case, fact, approval, (None, *approval.keys))
    return any(_changes(other, approval) for other in others)


def _changes(other: _Decision, approval: _Decision) -> bool:
    """Whether a decision may have changed an approval after it was given.

    A day that is not known may be a later one, unless both approve. An approval that begins later leaves
    that of today as it is.
    """
    if other.later and other.says == "approved" and not approval.later:
        return False
    if other.decided is None or approval.decided is None:
        return other.says != "approved"
    if other.decided == approval.decided:
        return not other.understood or RANKS.index(other.says) < RANKS.index(approval.says)
    return other.decided > approval.decided
