"""Series of results: what counts, in which unit, before or during treatment, latest or not."""

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cached_property, partial

from service.facts.answered import has_content
from service.facts.case import Case, display, evidence, when
from service.facts.measurements.matching import meant
from service.facts.measurements.measured import measured, percent, shares
from service.facts.model import Fact, Share
from service.facts.not_understood import may_be_newer, why
from service.fhir.elements import objects
from service.fhir.hit import Hit
from service.fhir.supplied.bundle import State
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure, Unit
from service.json_object import Json
from service.memo import IdentitySet, per_case
from service.policy.finding import Evidence, Finding, unknown
from service.policy.remark import Remark, remark
from service.policy.truth import Reason, Truth, Way

NOT_FINAL = remark("not_final")


class Result:
    """One result with its day; its value is read when it is asked for."""

    def __init__(
        self,
        hit: Hit,
        day: DayRange | None,
        read: Callable[[], Measure | None],
        *,
        worked_out: bool = False,
    ) -> None:
        self.hit = hit
        self.day = day
        self.worked_out = worked_out
        self._read = read

    @cached_property
    def value(self) -> Measure | None:
        """The value; None when number or unit cannot be trusted."""
        return self._read()

    def shown(self, case: Case, fact: Fact) -> Evidence:
        """The result as evidence; a value that cannot be read is said to be so."""
        if self.value is None:
            return evidence(case, self.hit, remark("not_usable", label=fact.label), self.day)
        said: str | Remark = in_words(case, fact, self.value)
        by_name = self.hit.entries[0].by_name
        if by_name or self.worked_out:
            said = remark("value", shown=said, by_name=by_name, worked_out=self.worked_out)
        return evidence(case, self.hit, said, self.day)


def in_words(case: Case, fact: Fact, value: Measure) -> str:
    """A value with its unit, or behind its name where the unit is only a word for a number."""
    unit = case.knowledge.units.get(fact.unit)
    if unit is None or unit.plain:
        return f"{fact.label}: {value.show('')}"
    return value.show(fact.unit)


@per_case
def results(case: Case, fact: Fact) -> list[Result]:
    """The results of a fact that count, newest first, undated ones last."""
    units = case.knowledge.units
    found = [
        Result(hit, when(hit), partial(_value, units, fact, hit))
        for hit in valued(case, fact)
        if proves(fact, hit)
    ]
    found += [
        Result(hit, when(hit), partial(_share, units, fact, share, hit, beside), worked_out=True)
        for share, hit, beside in shares(case, fact)
    ]
    past = [one for one in found if one.day is None or one.day.first <= case.today]
    return sorted(past, key=lambda one: -one.day.last if one.day else 1)


def proves(fact: Fact, hit: Hit) -> bool:
    """Whether a code, a name or a method says that it is the fact, rather than that it may be."""
    return meant(fact, hit) is Truth.MET


def in_doubt(case: Case, fact: Fact, hits: Sequence[Hit]) -> Finding | None:
    """Entries that may be the fact and prove nothing are a question, with what they leave open."""
    if fact.unsaid == "left_out":
        return None
    may_be = (hit for hit in hits if meant(fact, hit) is Truth.UNKNOWN)
    asked = [hit for hit in may_be if hit.standing == "counts"]
    shown = (
        evidence(case, hit, remark("named_but", name=display(hit, fact.value_sets), why=_why(hit)))
        for hit in asked
    )
    return unknown(Reason.REVIEW, *tuple(shown)[:2], way=Way.REVIEW) if asked else None


def _why(hit: Hit) -> str | Remark:
    said = (one.attributes.get("why") for one in hit.entries if one.question)
    return next((str(one) for one in said if one), remark("may_be_another"))


def valued(case: Case, fact: Fact) -> list[Hit]:
    """The entries of a fact that count and hold a value: one without hides no other.

    A panel of which a component is the fact itself holds it there.
    """
    found = [one for one in case.hits(fact.sources, fact.value_sets) if one.standing == "counts"]
    inside = IdentitySet(one.resource for one in found if one.element is not one.resource)
    return [one for one in found if holds_value(case, one, fact.says_nothing, inside)]


def holds_value(
    case: Case, hit: Hit, says_nothing: Sequence[str] = (), inside: Container[Json] = ()
) -> bool:
    """Whether an entry holds a value, or one of its components does that is not `inside` itself."""
    if has_content(case, hit.element, says_nothing):
        return True
    parts = objects(hit.element.get("component")) if hit.resource not in inside else []
    return any(has_content(case, one, says_nothing) for one in parts)


def _value(units: Mapping[str, Unit], fact: Fact, hit: Hit) -> Measure | None:
    # It must not hold the case: a circle of references would keep the whole request in memory.
    found = measured(units, fact.unit, hit, fact.high if units[fact.unit].plain else None)
    return found if found is None or _plausible(fact, found) else None


def _share(
    units: Mapping[str, Unit], fact: Fact, share: Share, hit: Hit, beside: list[Hit]
) -> Measure | None:
    found = percent(units, share, hit, beside)
    return found if found is None or _plausible(fact, found) else None


def _plausible(fact: Fact, value: Measure) -> bool:
    above = fact.low is None or value.high >= fact.low
    if fact.least is not None and value.low > 0 and value.high < fact.least:
        return False
    return above and (fact.high is None or value.low <= fact.high)


Decide = Callable[[Measure], Truth]


def by_latest(
    case: Case, fact: Fact, found: Sequence[Result], decide: Decide, since: int | None
) -> Finding:
    """What the newest result decides; where several may be the newest they must agree."""
    if not found:
        return nothing_found(case, fact)
    latest = newest(found)
    shown = tuple(one.shown(case, fact) for one in latest[:3])
    values = [one.value for one in latest if one.value is not None]
    truths = {decide(value) for value in values}
    reason = _open_reason(case, fact, latest, len(values), len(truths), since)
    if reason is None and Truth.UNKNOWN in truths:
        reason = Reason.IMPRECISE
    if reason is not None:
        return unknown(reason, *shown, way=Way.REVIEW if reason is Reason.CONFLICT else fact.way)
    return Finding(truths.pop(), evidence=shown[:1])


def _open_reason(
    case: Case, fact: Fact, latest: Sequence[Result], usable: int, said: int, since: int | None
) -> Reason | None:
    """Why the newest results do not decide, if they do not."""
    if cut_short(case, fact):
        # What did not come may be newer than all that did.
        return Reason.INCOMPLETE
    if may_be_newer(case.hits(fact.sources, fact.value_sets), [one.day for one in latest]):
        return Reason.REVIEW
    if not usable:
        return Reason.UNIT
    if usable < len(latest) or said > 1:
        return Reason.CONFLICT if _same_day(latest) else Reason.IMPRECISE
    return _staleness(latest, since)


def cut_short(case: Case, fact: Fact) -> bool:
    """Whether results may be missing from what came."""
    states = (case.record.states.get(one.source) for one in fact.sources)
    return any(state in (State.INCOMPLETE, State.FAILED) for state in states)


def newest(found: Sequence[Result]) -> list[Result]:
    """The results of which each may be the newest, undated ones among them."""
    dated = [one.day for one in found if one.day]
    if not dated:
        return list(found)
    latest_start = max(day.first for day in dated)
    return [one for one in found if one.day is None or one.day.last >= latest_start]


def _same_day(found: Sequence[Result]) -> bool:
    return all(one.day is not None and one.day.exact for one in found)


def _staleness(newest: Sequence[Result], since: int | None) -> Reason | None:
    """Whether the newest results are too old for a window, or may be."""
    if since is None:
        return None
    days = [one.day for one in newest]
    if any(day is None for day in days):
        return Reason.IMPRECISE
    if all(day.last < since for day in days if day):
        return Reason.STALE
    return Reason.IMPRECISE if any(day.first < since for day in days if day) else None


def nothing_found(case: Case, fact: Fact) -> Finding:
    """No countable result: a result of another status is named, else why silence proves nothing."""
    hits = case.hits(fact.sources, fact.value_sets)
    if question := in_doubt(case, fact, valued(case, fact)):
        return question
    unusable = [hit for hit in hits if hit.standing == "unusable"]
    silent = case.silence(fact.sources, case.today) or Reason.NOT_FOUND
    shown = tuple(
        evidence(
            case,
            hit,
            remark("labelled", label=fact.label, shown=why(hit) if hit.doubt else NOT_FINAL),
        )
        for hit in unusable[:2]
    )
    return unknown(silent, *shown, way=fact.way)
