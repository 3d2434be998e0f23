"""Series of results: what counts, in which unit, before or during treatment, latest or not; tests."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial

from service.facts.case import PatientCase, dated, display, evidence, when
from service.facts.evidence import may_be_newer, why_not_used
from service.facts.fact import Fact, Growth, Share
from service.facts.measurements.possible_values import impossible_age, too_fast
from service.facts.measurements.result_value import is_result_of, measured, percent, shares
from service.facts.yes_or_no import has_content, word_of_test
from service.fhir.elements import objects
from service.fhir.hit import Hit
from service.fhir.supplied.bundle import State
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure, Unit
from service.json_object import Json
from service.memo import IdentitySet, cached_property, per_patient
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Recorded
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
        doubt: Remark | None = None,
    ) -> None:
        self.hit = hit
        self.day = day
        self.worked_out = worked_out
        self.doubt = doubt
        self._read = read

    @cached_property
    def value(self) -> Measure | None:
        """The value; None when number or unit cannot be trusted."""
        return None if self.doubt else self._read()

    def shown(self, case: PatientCase, fact: Fact) -> Evidence:
        """The result as evidence; a value that cannot be read is said to be so."""
        if self.value is None:
            why = self.doubt or remark("not_usable", label=fact.label)
            return evidence(case, self.hit, why, self.day)
        wording: str | Remark = in_words(case, fact, self.value)
        by_name = self.hit.entries[0].by_name
        if by_name or self.worked_out:
            wording = remark("value", shown=wording, by_name=by_name, worked_out=self.worked_out)
        return evidence(case, self.hit, wording, self.day)


def in_words(case: PatientCase, fact: Fact, value: Measure) -> str:
    """A value with its unit, or behind its name where the unit is only a word for a number."""
    unit = case.knowledge.units.get(fact.unit)
    if unit is None or unit.plain:
        return f"{fact.label}: {value.show('')}"
    return value.show(fact.unit)


@per_patient
def results(case: PatientCase, fact: Fact) -> list[Result]:
    """The results of a fact that count, newest first, undated ones last."""
    units = case.knowledge.units
    series = [
        Result(hit, when(hit), partial(_value, units, fact, hit))
        for hit in hits_with_value(case, fact)
        if shows_fact(fact, hit)
    ]
    series += [
        Result(hit, when(hit), partial(_share, units, fact, share, hit, beside), worked_out=True)
        for share, hit, beside in shares(case, fact)
    ]
    past = [result for result in series if result.day is None or result.day.first <= case.today]
    newest_first = sorted(past, key=lambda result: -result.day.last if result.day else 1)
    return _doubted(case, fact, newest_first) if fact.by_age or fact.growth else newest_first


def _doubted(case: PatientCase, fact: Fact, series: Sequence[Result]) -> list[Result]:
    """The results; a value that cannot be true at that age, or beside an older one, is not trusted."""
    at_age = [_with_doubt(result, _doubt_by_age(case, fact, result)) for result in series]
    if fact.growth is None:
        return at_age
    older = _ExtremesBefore(case, fact.growth, at_age)
    return [_with_doubt(result, _doubt_by_older(case, fact, result, older)) for result in at_age]


def _with_doubt(result: Result, doubt: Remark | None) -> Result:
    if doubt is None:
        return result
    return Result(result.hit, result.day, lambda: None, doubt=doubt)


def _doubt_by_age(case: PatientCase, fact: Fact, result: Result) -> Remark | None:
    age = result.value and impossible_age(case, fact, result.day, result.value)
    if not age or result.value is None:
        return None
    return remark("impossible_at_age", shown=in_words(case, fact, result.value), age=age)


def _doubt_by_older(
    case: PatientCase, fact: Fact, result: Result, older: "_ExtremesBefore"
) -> Remark | None:
    if fact.growth is None or result.day is None or result.value is None:
        return None
    newer = result.day, result.value
    for other in older.of(result.day):
        if (
            other.day
            and other.value
            and too_fast(case, fact.growth, newer, (other.day, other.value))
        ):
            shown = in_words(case, fact, result.value)
            return remark("grown_too_fast", shown=shown, before=dated(other.shown(case, fact)))
    return None


class _ExtremesBefore:
    """The lowest and the highest value of the days before a day, found once for each day."""

    def __init__(self, case: PatientCase, growth: Growth, series: Iterable[Result]) -> None:
        self._share, self._within = case.record.share, growth.within_days
        by_day: defaultdict[DayRange, list[tuple[Measure, Result]]] = defaultdict(list)
        for result in series:
            if result.day is not None and result.value is not None:
                by_day[result.day].append((result.value, result))
        self._days = sorted((day.last, n, _ends(of)) for n, (day, of) in enumerate(by_day.items()))
        self._found: dict[DayRange, list[Result]] = {}

    def of(self, day: DayRange) -> list[Result]:
        """The two results, or none."""
        if day not in self._found:
            self._share.check()
            since = bisect_left(self._days, (day.first - self._within,))
            until = bisect_left(self._days, (day.first,))
            before = [one for _, _, ends in self._days[since:until] for one in ends]
            self._found[day] = [result for _, result in _ends(before)] if before else []
        return self._found[day]


def _ends(values: list[tuple[Measure, Result]]) -> list[tuple[Measure, Result]]:
    """The lowest and the highest of some values."""
    lowest = min(values, key=lambda one: one[0].high)
    return [lowest, max(values, key=lambda one: one[0].low)]


def shows_fact(fact: Fact, hit: Hit) -> bool:
    """Whether a code, a name or a method shows that the entry is the fact, not only that it may be."""
    return is_result_of(fact, hit) is Truth.MET


def review_of_doubtful(
    case: PatientCase,
    fact: Fact,
    hits: Sequence[Hit],
    counts: Callable[[Hit], bool] = lambda hit: hit.standing == "counts",
) -> Finding | None:
    """A review for entries that may be the fact; None if there are none or they are left out."""
    if fact.unsaid == "left_out":
        return None
    may_be = (hit for hit in hits if is_result_of(fact, hit) is Truth.UNKNOWN)
    asked = [hit for hit in may_be if counts(hit)]
    shown = (
        evidence(case, hit, remark("named_but", name=display(hit, fact.value_sets), why=_why(hit)))
        for hit in asked
    )
    return unknown(Reason.REVIEW, *tuple(shown)[:2], way=Way.REVIEW) if asked else None


def _why(hit: Hit) -> str | Remark:
    reasons = (entry.attributes.get("why") for entry in hit.entries if entry.question)
    return next((str(reason) for reason in reasons if reason), remark("may_be_another"))


def hits_with_value(case: PatientCase, fact: Fact) -> list[Hit]:
    """The entries of a fact that count and hold a value.

    A result without a value (dataAbsentReason) does not replace an older one that has one.

    A panel of which a component is the fact itself holds it there.
    """
    hits = [hit for hit in case.hits(fact.sources, fact.value_sets) if hit.standing == "counts"]
    inside = IdentitySet(hit.resource for hit in hits if hit.element is not hit.resource)
    return [hit for hit in hits if holds_value(case, hit, fact.says_nothing, inside)]


def holds_value(
    case: PatientCase, hit: Hit, says_nothing: Sequence[str] = (), inside: Container[Json] = ()
) -> bool:
    """Whether an entry holds a value, or one of its components does that is not `inside` itself."""
    if has_content(case, hit.element, says_nothing):
        return True
    parts = objects(hit.element.get("component")) if hit.resource not in inside else []
    return any(has_content(case, part, says_nothing) for part in parts)


def _value(units: Mapping[str, Unit], fact: Fact, hit: Hit) -> Measure | None:
    # It must not hold the case: a circle of references would keep the whole request in memory.
    value = measured(units, fact.unit, hit, fact.high if units[fact.unit].plain else None)
    return value if value is None or _plausible(fact, value) else None


def _share(
    units: Mapping[str, Unit], fact: Fact, share: Share, hit: Hit, beside: list[Hit]
) -> Measure | None:
    value = percent(units, share, hit, beside)
    return value if value is None or _plausible(fact, value) else None


def _plausible(fact: Fact, value: Measure) -> bool:
    above = fact.low is None or value.high >= fact.low
    if fact.least is not None and value.low > 0 and value.high < fact.least:
        return False
    return above and (fact.high is None or value.low <= fact.high)


Decide = Callable[[Measure], Truth]


def finding_of_newest(
    case: PatientCase, fact: Fact, series: Sequence[Result], decide: Decide, since: int | None
) -> Finding:
    """What the newest result decides; where several may be the newest they must agree."""
    if not series:
        return nothing_found(case, fact)
    latest = newest_results(series)
    shown = tuple(result.shown(case, fact) for result in latest[:3])
    values = [result.value for result in latest if result.value is not None]
    truths = {decide(value) for value in values}
    reason = _open_reason(case, fact, latest, len(values), len(truths), since)
    if reason is None and Truth.UNKNOWN in truths:
        reason = Reason.IMPRECISE
    if reason is not None:
        return unknown(reason, *shown, way=Way.REVIEW if reason is Reason.CONFLICT else fact.way)
    return Finding(truths.pop(), evidence=shown[:1])


def _open_reason(
    case: PatientCase,
    fact: Fact,
    latest: Sequence[Result],
    usable: int,
    outcomes: int,
    since: int | None,
) -> Reason | None:
    """Why the newest results do not decide, if they do not."""
    if may_lack_results(case, fact):
        # Results that did not come may be newer than all that did.
        return Reason.INCOMPLETE
    if may_be_newer(case.hits(fact.sources, fact.value_sets), [result.day for result in latest]):
        return Reason.REVIEW
    if not usable:
        return Reason.UNIT
    if usable < len(latest) or outcomes > 1:
        return Reason.CONFLICT if _same_day(latest) else Reason.IMPRECISE
    return _staleness(latest, since)


def may_lack_results(case: PatientCase, fact: Fact) -> bool:
    """Whether results may be missing from what came."""
    states = (case.record.states.get(looked.source) for looked in fact.sources)
    return any(state in (State.INCOMPLETE, State.FAILED) for state in states)


def newest_results(series: Sequence[Result]) -> list[Result]:
    """The results of which each may be the newest, undated ones among them."""
    dated = [result.day for result in series if result.day]
    if not dated:
        return list(series)
    latest_start = max(day.first for day in dated)
    return [result for result in series if result.day is None or result.day.last >= latest_start]


def _same_day(series: Sequence[Result]) -> bool:
    return all(result.day is not None and result.day.exact for result in series)


def _staleness(newest: Sequence[Result], since: int | None) -> Reason | None:
    """Whether the newest results are too old for a window, or may be."""
    if since is None:
        return None
    days = [result.day for result in newest]
    if any(day is None for day in days):
        return Reason.IMPRECISE
    if all(day.last < since for day in days if day):
        return Reason.STALE
    return Reason.IMPRECISE if any(day.first < since for day in days if day) else None


def nothing_found(case: PatientCase, fact: Fact) -> Finding:
    """The finding without a result that counts: results of another status are shown as evidence."""
    hits = case.hits(fact.sources, fact.value_sets)
    silent = case.silence(fact.sources, case.today) or Reason.NOT_FOUND
    if not hits:
        return unknown(silent, way=fact.way)
    if question := review_of_doubtful(case, fact, hits_with_value(case, fact)):
        return question
    unusable = [hit for hit in hits if hit.standing == "unusable"]
    shown = tuple(
        evidence(
            case,
            hit,
            remark(
                "labelled", label=fact.label, shown=why_not_used(hit) if hit.doubt else NOT_FINAL
            ),
        )
        for hit in unusable[:2]
    )
    return unknown(silent, *shown, way=fact.way)


POSITIVE = remark("positive")
SAYS = {"yes": POSITIVE, "no": remark("negative")}
UNCLEAR = remark("neither_positive_nor_negative")


def finding_of_test(case: PatientCase, fact: Fact, asked: Recorded) -> Finding:
    """Whether the newest result is positive; an old one, a doubtful one and two that differ are shown."""
    series = results(case, fact)
    if not series:
        return nothing_found(case, fact)
    latest = [newest_result.hit for newest_result in newest_results(series)]
    signs = [SAYS.get(word_of_test(case, hit.element) or "", UNCLEAR) for hit in latest]
    shown = tuple(
        _shown(case, fact, *signed_hit) for signed_hit in zip(signs[:3], latest[:3], strict=True)
    )
    if len({*signs}) > 1:
        return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)
    if UNCLEAR in signs:
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
    if asked.within:
        since, days = case.back(asked.within), [when(hit) for hit in latest]
        if any(day is None or day.first < since for day in days):
            stale = all(day is not None and day.last < since for day in days)
            return unknown(Reason.STALE if stale else Reason.IMPRECISE, *shown, way=fact.way)
    return met(*shown) if POSITIVE in signs else not_met(*shown)


def _shown(case: PatientCase, fact: Fact, sign: Remark, hit: Hit) -> Evidence:
    return evidence(case, hit, remark("named_but", name=display(hit, fact.value_sets), why=sign))
