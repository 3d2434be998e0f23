"""The operators over episodes: so many in a window, or fewer than before treatment."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, takewhile
from math import ceil
from operator import itemgetter
from typing import NamedTuple

from service.facts.case import PatientCase, dated, evidence
from service.facts.episodes.courses import courses, listed_entries, long_runs
from service.facts.episodes.episode import (
    REVIEW,
    ByDay,
    Counted,
    Episode,
    Window,
    count_in,
    each_once,
    high_in,
    on_therapy,
)
from service.facts.episodes.visits import visits
from service.facts.fact import Fact
from service.facts.fills.fill import FoundFill
from service.facts.supply.covered_days import Run
from service.facts.supply.first_dose import first_dose
from service.facts.supply.on_drug import spans_perhaps_on_drug
from service.facts.supply.unread_entries import with_unread
from service.fhir.supplied.bundle import State
from service.fhir.values.days import DayRange, add_months
from service.memo import IdentitySet, per_patient
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, Remark, Value, met, not_met, remark, unknown
from service.policy.operators import Episodes, Fewer
from service.policy.truth import REASONS, Reason, Truth, Way

SHOWN = 4
MOST_SPANS = 200  # at most so many spans are tried
Spans = Sequence[tuple[int, int]]
DECIDES = ("claim", "dispense", "record")
BROKEN = (State.FAILED, State.INCOMPLETE, State.INVALID, State.FOREIGN)
NO_FIRST_DAY = remark("first_dose_not_known")


def episodes(case: PatientCase, asked: Episodes) -> Finding:
    """Whether so many episodes lie in the window that ends today."""
    facts = _facts(case, asked.of)
    window = Window(case.back(asked.in_last), case.today)
    once = _once(case, facts).near(window)
    bare: list[Episode] = []
    if asked.during:
        near = [episode for episode in once if high_in(episode, window)]
        backed = [on_therapy(case, asked.during, episode) for episode in near]
        once = [episode for episode in backed if episode is not None]
        bare = [
            episode
            for episode, on_background in zip(near, backed, strict=True)
            if on_background is None
        ]
    counted = count_in(once, window)
    shown = _shown(counted)
    miss = remark(
        "so_many_in_window",
        count=counted.low,
        least=asked.at_least,
        window=asked.in_last,
        without_therapy=tuple(dated(episode.shown) for episode in bare[:SHOWN]),
    )
    if counted.low >= asked.at_least:
        return met(*shown, notes=_notes(counted))
    if counted.high >= asked.at_least:
        reason, way = _doubt(counted)
        miss = _unread(case, reason, miss, counted)
        return unknown(reason, *shown, way=way, miss=miss, notes=_notes(counted))
    weak = _listed(case, facts, window)
    open_ = _open(case, facts, window.since)
    if open_ and weak:
        return unknown(Reason.WEAK_EVIDENCE, *shown, *weak, way=facts[0].way, miss=miss)
    if open_:
        return unknown(open_, *shown, way=facts[0].way, miss=miss)
    return not_met(*shown, *weak, miss=miss)


def fewer(case: PatientCase, asked: Fewer) -> Finding:
    """Whether episodes are fewer since the first dose than in the same span before it."""
    facts, start = _facts(case, asked.of), first_dose(case)
    if start is None:
        return unknown(Reason.NOT_FOUND, miss=NO_FIRST_DAY)
    if not start.exact:
        return unknown(Reason.IMPRECISE, miss=NO_FIRST_DAY)
    gap, least = asked.supplied_within, max(asked.at_least_observed.days, 1)
    since = max(start.first, case.back(asked.in_last)) if asked.in_last else start.first
    spans = spans_perhaps_on_drug(case, since, gap.days) if gap else [(since, case.today)]
    if asked.pick == "any":
        return _at_any_time(case, facts, asked, start, spans)
    observed = _length(spans)
    if observed < least:
        if since > start.first or gap:
            return unknown(
                Reason.NOT_FOUND, way=Way.TIME, miss=remark("days_of", days=observed, least=least)
            )
        day = date.fromordinal(start.first + least - 1)
        miss = remark("days_since_first_dose", days=observed, least=least, earliest=day)
        return unknown(Reason.NOT_FOUND, way=Way.TIME, miss=miss)
    return _compared(case, facts, start, asked.per, spans)


def _at_any_time(
    case: PatientCase, facts: Sequence[Fact], asked: Fewer, start: DayRange, spans: Spans
) -> Finding:
    """Whether in some span of that length they were fewer: the fewest follow right after an episode."""
    least = asked.at_least_observed.days
    after = [episode.first + 1 for episode in _once(case, facts).all]
    begins = {
        day
        for first, last in spans
        for day in (first, *after)
        if first <= day and day + least - 1 <= last
    }
    finding = not_met(miss=remark("no_unbroken_days", least=least))
    for day in sorted(begins)[:MOST_SPANS]:
        case.record.share.check()
        compared = _compared(case, facts, start, asked.per, [(day, day + least - 1)])
        if compared.truth is Truth.MET:
            return compared
        finding = compared if finding.truth is Truth.NOT_MET else finding
    return finding


def _length(spans: Spans) -> int:
    return sum(last - first + 1 for first, last in spans)


class Long(NamedTuple):
    """Long runs in a window: the days of the longest, and how many courses more they may be."""

    days: int = 0
    more: int = 0


class _Comparison(NamedTuple):
    """The episodes before the first dose and since; `days` long is the span before, `observed` what follows.

    `long_before` and `long_after` are what long runs may add, `open_before` and `open_after` why data
    of that time may be missing.
    """

    before: Counted
    after: Counted
    days: int
    observed: int
    long_before: Long
    long_after: Long
    open_before: Reason | None
    open_after: Reason | None

    @property
    def surely_fewer(self) -> bool:
        """Whether fewer since, scaled to the same length and rounded half up."""
        after = self.after.high + self.long_after.more
        doubled = 2 * self._observed
        return (2 * after * self.days + self._observed) // doubled < self.before.low

    @property
    def surely_no_fewer(self) -> bool:
        """Whether it is as many at equal length, and by the number itself or by more than half an episode."""
        after, before = self.after.low, self.before.high + self.long_before.more
        over = after * self.days - before * self._observed
        return over >= 0 and (after >= before or 2 * over > self._observed)

    @property
    def _observed(self) -> int:
        """The days since; of two years one may have a day more."""
        return self.days if abs(self.observed - self.days) <= 1 else self.observed


def _compared(
    case: PatientCase, facts: Sequence[Fact], start: DayRange, per: Span, spans: Spans
) -> Finding:
    """The finding of one start: fewer since, no fewer, or why neither is sure."""
    counted = _counted(case, facts, start, per, spans)
    before, after = counted.before, counted.after
    shown = (*_shown(after), *_shown(before))[:SHOWN]
    counts: dict[str, Value] = {
        "before": before.low,
        "span": per,
        "after": after.low,
        "days": counted.observed,
        "on_drug": spans != [(start.first, case.today)],
    }
    miss = remark("before_and_since", **counts)
    if counted.open_after is None and counted.surely_fewer:
        return met(*shown, notes=(*_notes(before), remark("fewer_since", **counts)))
    if counted.open_before is None and counted.surely_no_fewer:
        return not_met(*shown, miss=miss)
    if open_ := counted.open_before or counted.open_after:
        return unknown(open_, *shown, way=facts[0].way, miss=miss)
    reason, way = _doubt(before, after)
    miss = _unread(case, reason, miss, before, after)
    if longest := max(counted.long_before.days, counted.long_after.days):
        miss = remark("long_run", miss=miss, days=longest)
    return unknown(reason, *shown, way=way, miss=miss)


def _counted(
    case: PatientCase, facts: Sequence[Fact], start: DayRange, per: Span, spans: Spans
) -> _Comparison:
    """The episodes of both times, each counted in its own windows."""
    day = date.fromordinal(start.first)
    since = add_months(day, -per.months).toordinal() if per.months else start.first - per.days
    once, window_before = _once(case, facts), Window(since, start.first - 1)
    windows = [Window(*run, begun=True) for run in spans]
    runs_after = [_long(case, facts, window) for window in windows]
    return _Comparison(
        before=count_in(once.near(window_before), window_before),
        after=_together(count_in(once.near(window), window) for window in windows),
        days=start.first - since,
        observed=_length(spans),
        long_before=_long(case, facts, window_before),
        long_after=Long(max(run.days for run in runs_after), sum(run.more for run in runs_after)),
        open_before=_open(case, facts, since),
        open_after=_open(case, facts, windows[0].since),
    )


def _together(counted: Iterable[Counted]) -> Counted:
    """What was counted in spans that do not overlap."""
    each = tuple(counted)
    return Counted(
        sum(span.low for span in each),
        sum(span.high for span in each),
        _each_one(episode for span in each for episode in span.sure),
        _each_one(episode for span in each for episode in span.perhaps),
    )


def _each_one(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    return tuple(IdentitySet(episodes))


def _long(case: PatientCase, facts: Sequence[Fact], window: Window) -> Long:
    """The long runs in a window: each counts as the number of courses that would fill its days."""
    total = Long()
    runs = (
        (longest, run)
        for fact in facts
        for episode_kind in fact.built_from
        if episode_kind.made == "fills" and (longest := episode_kind.longest) is not None
        for run in _of_days(long_runs(case, fact, episode_kind), window)
    )
    for longest, (first, last) in runs:
        days = min(last, window.until) - max(first, window.since) + 1
        if days > longest:
            counted = window.since <= first  # as one, by itself
            more = total.more + ceil(days / longest) - counted
            total = Long(max(total.days, days), more)
    return total


def _of_days(runs: Sequence[Run], window: Window) -> Iterator[Run]:
    """The runs that reach into a window; they are in the order of their days."""
    place = bisect_left(runs, window.since, key=itemgetter(1))
    return takewhile(lambda run: run[0] <= window.until, islice(runs, place, None))


def _facts(case: PatientCase, names: Sequence[str]) -> list[Fact]:
    return [case.knowledge.facts[name] for name in names]


def _once(case: PatientCase, facts: Sequence[Fact]) -> ByDay:
    return _each_once(case, tuple(fact.name for fact in facts))


@per_patient
def _each_once(case: PatientCase, names: tuple[str, ...]) -> ByDay:
    facts = _facts(case, names)
    built_episodes = [episode for fact in facts for episode in all_episodes(case, fact)]
    gap = max(episode_kind.gap for fact in facts for episode_kind in fact.built_from)
    return ByDay(each_once(built_episodes, gap))


@per_patient
def all_episodes(case: PatientCase, fact: Fact) -> list[Episode]:
    """Every episode of a fact, of whatever day."""
    return [
        episode
        for episode_kind in fact.built_from
        for episode in (courses if episode_kind.made == "fills" else visits)(
            case, fact, episode_kind
        )
    ]


def _open(case: PatientCase, facts: Sequence[Fact], since: int) -> Reason | None:
    """Why there may be more episodes than were found; None if the sources are complete."""
    for fact in facts:
        sources = [case.knowledge.sources[looked.source] for looked in fact.sources]
        states = {
            case.record.states.get(source.key, State.NOT_SUPPLIED)
            for source in sources
            if source.kind in DECIDES
        }
        if State.INCOMPLETE in states:
            return Reason.INCOMPLETE
        if states & {*BROKEN}:
            return Reason.NOT_SUPPLIED
    silent = (case.silence(fact.sources, since) for fact in facts)
    return next((reason for reason in silent if reason), None)


def _unread(case: PatientCase, reason: Reason, miss: Remark, *counted: Counted) -> Remark:
    """With hand-overs that cannot be read, that these are so."""
    if reason is not Reason.UNMAPPED:
        return miss
    return with_unread(
        case,
        [
            hit
            for window_count in counted
            for episode in window_count.perhaps
            for hit in episode.unread
        ],
        miss,
    )


def _doubt(*counted: Counted) -> tuple[Reason, Way]:
    doubts = [episode.doubt for window_count in counted for episode in window_count.perhaps]
    return min(doubts, key=lambda doubt: REASONS.index(doubt[0]), default=REVIEW)


def _shown(counted: Counted) -> tuple[Evidence, ...]:
    sure = IdentitySet(counted.sure)
    others = (
        episode
        for episode in reversed(counted.perhaps)
        if episode not in sure and episode not in counted.sure
    )
    newest = [*islice(others, SHOWN)]
    return tuple(episode.shown for episode in (*counted.sure, *reversed(newest))[-SHOWN:])


def _notes(counted: Counted) -> tuple[Remark, ...]:
    unexplained = sum(episode.unexplained for episode in counted.sure)
    note = remark("courses_unexplained", count=unexplained, of=counted.low)
    return (note,) if unexplained else ()


def _listed(case: PatientCase, facts: Sequence[Fact], window: Window) -> tuple[Evidence, ...]:
    """What a chart lists in the window, as evidence that cannot decide."""
    handovers: list[FoundFill] = [
        handover
        for fact in facts
        for episode_kind in fact.built_from
        if episode_kind.made == "fills"
        for handover in listed_entries(case, fact, episode_kind)
        if window.since <= handover.fill.start.last and handover.fill.start.first <= window.until
    ]
    return tuple(
        evidence(case, handover.hit, remark("listed", name=handover.display))
        for handover in handovers[:SHOWN]
    )
