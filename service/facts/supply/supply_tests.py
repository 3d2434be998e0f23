"""Tests over a coverage timeline: what a policy asks of covered days, and how near they come."""

from collections.abc import Callable
from datetime import date

from service.facts.case import PatientCase
from service.facts.supply.covered_days import Timeline
from service.policy.amount import Span
from service.policy.finding import Remark, remark
from service.policy.operators import CurrentFor, Supply

YEAR = Span(months=12)
Test = Callable[[Timeline], bool]


def test_of(case: PatientCase, asked: Supply) -> Test:
    """The one test of a supply."""
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
        longest = asked.longest.days
        return lambda line: _longest(case, asked, line) >= longest
    return _trial_test(case, asked)


def _longest(case: PatientCase, asked: Supply, line: Timeline) -> int:
    """Covered days in the best run, looked for as far back as the policy looks."""
    since = line.since(case.back(asked.look_back)) if asked.look_back else line
    return since.longest(asked.gap.days if asked.gap else 0)


def _current_test(case: PatientCase, asked: Supply) -> Test:
    rule = asked.current_for
    if rule is None:
        raise TypeError("current_for is not asked")
    least = _current_days(rule)

    def test(line: Timeline) -> bool:
        since = line.current_since(case.today, rule.gap.days)
        return since is not None and case.today - since + 1 >= least

    return test


def _current_days(rule: CurrentFor) -> int:
    span, extra = (rule.more_than, 1) if rule.more_than else (rule.at_least, 0)
    return (span.days if span else 0) + extra


def _trial_test(case: PatientCase, asked: Supply) -> Test:
    """A02: the last covered day lies inside the window, earlier days count toward the length."""
    first = case.back(asked.look_back or YEAR)

    def test(line: Timeline) -> bool:
        return ended_inside(case, asked, line) and line.days(first, case.today) >= days_asked(asked)

    return test


def days_asked(asked: Supply) -> int:
    """How many days a trial lasts; any day at all if it does not say."""
    return asked.days.days if asked.days else 1


def ended_inside(case: PatientCase, asked: Supply, line: Timeline) -> bool:
    """Whether the last covered day is recent enough."""
    if line.last_day is None:
        return False
    return asked.ended_within is None or line.last_day >= case.back(asked.ended_within)


def miss_of(case: PatientCase, asked: Supply, line: Timeline) -> Remark | None:
    """How near the covered days come to what is asked."""
    miss = _miss(case, asked, line)
    day = _reached(case, asked, line) if miss else None
    if day is not None and day > case.today:
        miss = remark("reached_on", miss=miss, earliest=date.fromordinal(day))
    if asked.at_dose is None:
        return miss
    return remark("at_dose", miss=miss, dose=asked.at_dose)


def _miss(case: PatientCase, asked: Supply, line: Timeline) -> Remark | None:
    today = case.today
    if asked.covered is not None:
        first = today - asked.covered.in_last.days + 1
        days = line.days(first, today)
        return remark(
            "days_covered",
            days=days,
            least=asked.covered.at_least.days,
            window=asked.covered.in_last,
            last=None if days else _day(line.last_day),
        )
    if asked.days is not None:
        days = line.days(case.back(asked.look_back or YEAR), today)
        late = not ended_inside(case, asked, line)
        if late and line.last_day:
            ended = _day(line.last_day)
            return remark("ended_too_early", days=days, least=asked.days.days, last=ended)
        before = _before(case, asked.look_back or YEAR, line)
        return remark("days_of_trial", days=days, least=asked.days.days, before=before)
    if asked.longest is not None:
        before = _before(case, asked.look_back, line) if asked.look_back else None
        longest = _longest(case, asked, line)
        return remark("days_in_a_run", days=longest, least=asked.longest.days, before=before)
    if asked.current_for is not None:
        return _current_miss(case, asked.current_for, line)
    return None


def _current_miss(case: PatientCase, asked: CurrentFor, line: Timeline) -> Remark | None:
    since = line.current_since(case.today, asked.gap.days)
    if since is not None:
        return remark("days_of", days=case.today - since + 1, least=_current_days(asked))
    last = _day(line.last_day)
    return remark("last_covered_day", last=last) if last else None


def _day(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _before(case: PatientCase, look_back: Span, line: Timeline) -> Remark | None:
    """What was covered before the look-back: a trial that lies there does not count, and why is said."""
    since = case.back(look_back)
    earlier = [(first, min(last, since - 1)) for first, last in line.runs if first < since]
    if not earlier:
        return None
    days, ended = sum(last - first + 1 for first, last in earlier), _day(earlier[-1][1])
    return remark("days_before", days=days, last=ended, span=look_back)


def _reached(case: PatientCase, asked: Supply, line: Timeline) -> int | None:
    """The first day on which a therapy in use today is long enough, should it go on without a gap."""
    today = case.today
    if not line.covers(today) or asked.at_dose is not None:
        return None
    if asked.current_for is not None:
        since = line.current_since(today, asked.current_for.gap.days)
        return None if since is None else since + _current_days(asked.current_for) - 1
    if asked.covered is not None:
        least, window = asked.covered.at_least.days, asked.covered.in_last.days
        ahead = range(today + 1, today + least + 1)
        return next(
            (d for d in ahead if line.days(d - window + 1, today) + d - today >= least), None
        )
    if asked.days is not None:
        return today + asked.days.days - line.days(case.back(asked.look_back or YEAR), today)
    return None


# Two products of one drug run together; read in the other way they decide otherwise.
USED_UP = remark("read_as_used_up")


def other_readings(case: PatientCase, asked: Supply, line: Timeline) -> tuple[Remark, ...]:
    """Readings computed beside the one that decides, named only where they decide otherwise."""
    decided = test_of(case, asked)(line)
    notes = []
    if "inside_window" in asked.also and asked.ended_within:
        inside = line.days(case.back(asked.ended_within), case.today) >= days_asked(asked)
        if inside != decided:
            notes.append(remark("read_as_inside", span=asked.ended_within, counts=inside))
    if "one_run" in asked.also and asked.gap:
        run = _one_run(case, asked, line, asked.gap.days)
        if run != decided:
            notes.append(remark("read_as_one_run", gap=asked.gap, counts=run))
    return tuple(notes)


def _one_run(case: PatientCase, asked: Supply, line: Timeline, gap: int) -> bool:
    """One run that is long enough and reaches into the look-back: an older one counts in no reading."""
    since, needed = case.back(asked.look_back or YEAR), days_asked(asked)
    runs = (run for run in line.joined(gap) if run[1] >= since)
    return ended_inside(case, asked, line) and any(line.days(*run) >= needed for run in runs)
