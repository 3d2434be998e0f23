"""The supply operators: tests over coverage timelines, honest about what claims do not show."""

from collections.abc import Callable, Sequence
from datetime import date

from service.facts.case import Case, display, evidence, when
from service.facts.fills import Found, find_fills, is_sample
from service.facts.timeline import Fill, Timeline, placed, possible, sure
from service.fhir.bundle import State
from service.fhir.days import LAST, parse_when
from service.fhir.elements import codes
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Supply
from service.policy.truth import Reason, Truth, Way

PHARMACY = ("claim", "dispense", "outside_pharmacy")
YEAR = Span(months=12)
SHOWN = 4

NO_DAYS = Timeline(())
MONTH = 31  # within a month the two ends of a partial date tell all: no window is shorter
Test = Callable[[Timeline], bool]


def supply(case: Case, asked: Supply) -> Finding:
    """One test over the timeline of the classes asked for."""
    fact = case.knowledge.of_kind("supply")
    hits = case.hits(fact.sources, asked.of)
    if not hits:
        return _not_shown(case, asked, not_met(miss=_miss(case, asked, NO_DAYS)), (), ())
    found = find_fills(case, hits, asked.of)
    accepted = asked.accepts or PHARMACY
    counted: list[Found] = []
    others: list[Found] = []
    for one in found:
        decides = one.kind in accepted and not one.question
        (counted if decides else others).append(one)
    rest = [one for one in others if _tells(case, asked, one)]
    finding = _timeline_finding(case, asked, counted, fact.unknown_supply_days)
    if finding.truth is Truth.MET and asked.always:
        return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW)
    if finding.truth is not Truth.NOT_MET:
        return finding
    return _not_shown(case, asked, finding, counted, rest)


def _timeline_finding(
    case: Case, asked: Supply, counted: Sequence[Found], unknown_days: int
) -> Finding:
    fills = [one.fill for one in counted]
    test = _test(case, asked)
    shown = _shown(case, counted)
    early, late = (sure(placed(fills, end), case.today) for end in (0, 1))
    least = early if not test(early) else late
    if test(least):
        return met(
            *shown, notes=_other_readings(case, asked, least), miss=_until(case, asked, fills)
        )
    miss = _miss(case, asked, least)
    if _perhaps(case, test, fills, unknown_days):
        return unknown(Reason.IMPRECISE, *shown, miss=miss)
    return not_met(*shown, miss=miss, notes=_other_readings(case, asked, least))


def _perhaps(case: Case, test: Test, fills: Sequence[Fill], unknown_days: int) -> bool:
    """Whether some reading of partial dates and missing days' supply passes the test."""
    if not test(possible(fills, case.today, unknown_days)):
        return False
    narrow = all(fill.start.last - fill.start.first < MONTH for fill in fills)
    ends = (possible(placed(fills, end), case.today, unknown_days) for end in (0, 1))
    return not narrow or any(test(line) for line in ends)


def _until(case: Case, asked: Supply, fills: Sequence[Fill]) -> str | None:
    """For a therapy in use today: the first day without it, should nothing more be handed over."""
    if not asked.now:
        return None
    end = next(last for first, last in sure(fills, LAST).runs if first <= case.today <= last)
    return f"supply until {date.fromordinal(end)}; earliest on {date.fromordinal(end + 1)}"


def _not_shown(
    case: Case, asked: Supply, finding: Finding, counted: Sequence[Found], rest: Sequence[Found]
) -> Finding:
    """Accepted evidence does not show it: whether that means no, and what else there is."""
    shown = (*finding.evidence, *_shown(case, rest))
    questions = [one for one in rest if one.question and one.kind in (asked.accepts or PHARMACY)]
    fills = [one.fill for one in (*counted, *questions)]
    unknown_days = case.knowledge.of_kind("supply").unknown_supply_days
    if questions and _perhaps(case, _test(case, asked), fills, unknown_days):
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=_product_open(questions))
    if rest and asked.elsewhere == "review":
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW, miss=finding.miss)
    fact = case.knowledge.of_kind("supply")
    silent = case.silence(fact.sources, case.back(asked.look_back or YEAR))
    if rest and (silent or asked.elsewhere == "doubt"):
        return unknown(Reason.WEAK_EVIDENCE, *shown, miss=finding.miss)
    if silent:
        return unknown(silent, *shown, miss=finding.miss)
    doubt = _doubt(case, asked) if asked.elsewhere == "doubt" else None
    doubt = doubt or _cut_short(case, asked)
    if doubt is not None:
        return doubt
    return not_met(*shown, miss=finding.miss, notes=finding.notes)


def _doubt(case: Case, asked: Supply) -> Finding | None:
    """Before a drug is ruled out: samples, unclear and proposed entries."""
    fact = case.knowledge.of_kind("supply")
    weak = [
        hit
        for hit in case.hits(fact.sources, asked.of)
        if hit.standing == "unusable" or (hit.standing == "counts" and is_sample(case, hit))
    ]
    weak = [hit for hit in weak if _recent(case, hit, fact.unknown_supply_days)]
    proposed = (hit for name in asked.of for hit in case.record.proposed.get(name, ()))
    shown = [evidence(case, hit, display(hit, asked.of)) for hit in (*weak, *proposed)]
    return unknown(Reason.WEAK_EVIDENCE, *shown[:SHOWN]) if shown else None


def _cut_short(case: Case, asked: Supply) -> Finding | None:
    """A list that did not come whole may hold the very drug: as evidence, or at least as a question."""
    every, accepted = asked.elsewhere != "weak", asked.accepts or PHARMACY
    keys = [one.source for one in case.knowledge.of_kind("supply").sources]
    keys = [key for key in keys if every or case.knowledge.sources[key].kind in accepted]
    broken = {State.FAILED, State.INCOMPLETE, State.INVALID, State.FOREIGN}
    states = [case.record.states.get(key, State.NOT_SUPPLIED) for key in keys]
    if State.INCOMPLETE in states:
        return unknown(Reason.INCOMPLETE)
    return unknown(Reason.NOT_SUPPLIED) if broken & {*states} else None


def _recent(case: Case, hit: Hit, days: int) -> bool:
    day = when(hit)
    return day is None or case.today - days <= day.last


def _product_open(questions: Sequence[Found]) -> str:
    return f"{questions[0].display}: the code does not say which product it is"


def _tells(case: Case, asked: Supply, one: Found) -> bool:
    """Whether evidence that cannot decide still speaks for the therapy, today if that is asked."""
    if one.kind not in PHARMACY:
        return not asked.now or _listed_now(case, one.hit)
    if asked.ever:
        return True
    # An unclear fill of long ago says nothing of the window that is asked about.
    days = one.fill.days or case.knowledge.of_kind("supply").unknown_supply_days
    since = case.today if asked.now else case.back(asked.ended_within or asked.look_back or YEAR)
    return one.fill.start.last + days > since


def _listed_now(case: Case, hit: Hit) -> bool:
    status = codes(hit.resource.get("status"))
    if hit.source.active and status and not status & hit.source.active:
        return False
    periods = [parse_when(p) for p in read(("effectivePeriod",), hit.resource)]
    return all(p is None or p.first <= case.today <= p.last for p in periods)


def _test(case: Case, asked: Supply) -> Test:
    today = case.today
    if asked.now:
        return lambda line: line.covers(today)
    if asked.ever:
        return lambda line: bool(line.runs)
    if asked.covered is not None:
        least, first = asked.covered.at_least.days, today - asked.covered.in_last.days + 1
        return lambda line: line.days(first, today) >= least
    if asked.current_for is not None:
        return _current_test(case, asked)
    if asked.longest is not None:
        longest, gap = asked.longest.days, asked.gap.days if asked.gap else 0
        return lambda line: line.longest(gap) >= longest
    return _trial_test(case, asked)


def _current_test(case: Case, asked: Supply) -> Test:
    rule = asked.current_for
    if rule is None:
        raise TypeError("current_for is not asked")
    span, extra = (rule.more_than, 1) if rule.more_than else (rule.at_least, 0)
    least = (span.days if span else 0) + extra

    def test(line: Timeline) -> bool:
        since = line.current_since(case.today, rule.gap.days)
        return since is not None and case.today - since + 1 >= least

    return test


def _trial_test(case: Case, asked: Supply) -> Test:
    """A02: the last covered day lies inside the window, earlier days count toward the length."""
    first = case.back(asked.look_back or YEAR)

    def test(line: Timeline) -> bool:
        return _ended_inside(case, asked, line) and line.days(first, case.today) >= _days(asked)

    return test


def _days(asked: Supply) -> int:
    return asked.days.days if asked.days else 1


def _ended_inside(case: Case, asked: Supply, line: Timeline) -> bool:
    if line.last_day is None:
        return False
    return asked.ended_within is None or line.last_day >= case.back(asked.ended_within)


def _other_readings(case: Case, asked: Supply, line: Timeline) -> tuple[str, ...]:
    """Readings computed beside the one that decides, named only where they decide otherwise."""
    decided = _test(case, asked)(line)
    notes = []
    if "inside_window" in asked.also and asked.ended_within:
        inside = line.days(case.back(asked.ended_within), case.today) >= _days(asked)
        if inside != decided:
            notes.append(_reading(f"the whole trial within {asked.ended_within}", holds=inside))
    if "one_run" in asked.also and asked.gap:
        run = line.longest(asked.gap.days) >= _days(asked) and _ended_inside(case, asked, line)
        if run != decided:
            notes.append(_reading(f"one trial without a gap over {asked.gap}", holds=run))
    return tuple(notes)


def _reading(how: str, *, holds: bool) -> str:
    return f"If the payer reads it as {how}, this {'counts' if holds else 'does not count'}."


def _miss(case: Case, asked: Supply, line: Timeline) -> str | None:
    today = case.today
    if asked.covered is not None:
        first = today - asked.covered.in_last.days + 1
        return f"{line.days(first, today)} of {asked.covered.at_least.days} days covered"
    if asked.days is not None:
        days = line.days(case.back(asked.look_back or YEAR), today)
        late = not _ended_inside(case, asked, line) and line.last_day is not None
        if late and line.last_day:
            ended = date.fromordinal(line.last_day).isoformat()
            return f"{days} of {asked.days.days} days, last covered day {ended} is too long ago"
        return f"{days} of {asked.days.days} days"
    if asked.longest is not None:
        gap = asked.gap.days if asked.gap else 0
        return f"{line.longest(gap)} of {asked.longest.days} days in one run"
    return None


def _shown(case: Case, found: Sequence[Found]) -> tuple[Evidence, ...]:
    newest = sorted(found, key=lambda one: -one.fill.start.first)[:SHOWN]
    return tuple(evidence(case, one.hit, _words(one)) for one in newest)


def _words(one: Found) -> str:
    days = one.fill.days
    if one.kind in PHARMACY:
        return f"{one.display}, {days} days' supply" if days else f"{one.display}, days not stated"
    return f"{one.display} (listed)"


def fills_of(case: Case, value_sets: Sequence[str]) -> list[tuple[Fill, Found]]:
    """Every fill, order or list entry of these classes of whatever kind, samples left out."""
    found: list[tuple[Fill, Found]] = case.once(
        ("fills", *value_sets), lambda: _fills_of(case, value_sets)
    )
    return found


def _fills_of(case: Case, value_sets: Sequence[str]) -> list[tuple[Fill, Found]]:
    fact = case.knowledge.of_kind("supply")
    found = find_fills(case, case.hits(fact.sources, value_sets), value_sets)
    return [(one.fill, one) for one in found]
