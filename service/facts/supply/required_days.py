"""Tests over a coverage timeline: what a policy asks of covered days, and how near they come."""

from collections.abc import Callable
from datetime import date

from service.facts.case import Case
from service.facts.supply.timeline import Timeline
from service.policy.amount import Span
from service.policy.operators import CurrentFor, Supply

YEAR = Span(months=12)
Test = Callable[[Timeline], bool]


def test_of(case: Case, asked: Supply) -> Test:
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


def _longest(case: Case, asked: Supply, line: Timeline) -> int:
    """Covered days in the best run, looked for as far back as the policy looks."""
    since = line.since(case.back(asked.look_back)) if asked.look_back else line
    return since.longest(asked.gap.days if asked.gap else 0)


def _current_test(case: Case, asked: Supply) -> Test:
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


def _trial_test(case: Case, asked: Supply) -> Test:
    """A02: the last covered day lies inside the window, earlier days count toward the length."""
    first = case.back(asked.look_back or YEAR)

    def test(line: Timeline) -> bool:
        return ended_inside(case, asked, line) and line.days(first, case.today) >= days_asked(asked)

    return test


def days_asked(asked: Supply) -> int:
    """How many days a trial lasts; any day at all if it does not say."""
    return asked.days.days if asked.days else 1


def ended_inside(case: Case, asked: Supply, line: Timeline) -> bool:
    """Whether the last covered day is recent enough."""
    if line.last_day is None:
        return False
    return asked.ended_within is None or line.last_day >= case.back(asked.ended_within)


def miss_of(case: Case, asked: Supply, line: Timeline) -> str | None:
    """How near the covered days come to what is asked."""
    miss = _miss(case, asked, line)
    day = _reached(case, asked, line) if miss else None
    if day is not None and day > case.today:
        miss = f"{miss}; earliest on {date.fromordinal(day)}"
    if asked.at_dose is None:
        return miss
    return f"{miss or 'not covered today'} at a {asked.at_dose} daily dose"


def _miss(case: Case, asked: Supply, line: Timeline) -> str | None:
    today = case.today
    if asked.covered is not None:
        first = today - asked.covered.in_last.days + 1
        days = line.days(first, today)
        said = f"{days} of {asked.covered.at_least.days} days covered"
        if asked.covered.at_least.days == 1:
            said = f"not one day covered in the last {asked.covered.in_last}"
        return (
            said if days or line.last_day is None else f"{said}, the last on {_day(line.last_day)}"
        )
    if asked.days is not None:
        days = line.days(case.back(asked.look_back or YEAR), today)
        late = not ended_inside(case, asked, line) and line.last_day is not None
        if late and line.last_day:
            ended = _day(line.last_day)
            return f"{days} of {asked.days.days} days, last covered day {ended} is too long ago"
        return f"{days} of {asked.days.days} days{_before(case, asked.look_back or YEAR, line)}"
    if asked.longest is not None:
        said = f"{_longest(case, asked, line)} of {asked.longest.days} days in one run"
        return f"{said}{_before(case, asked.look_back, line) if asked.look_back else ''}"
    if asked.current_for is not None:
        return _current_miss(case, asked.current_for, line)
    return None


def _current_miss(case: Case, asked: CurrentFor, line: Timeline) -> str | None:
    since = line.current_since(case.today, asked.gap.days)
    if since is not None:
        return f"{case.today - since + 1} of {_current_days(asked)} days"
    return None if line.last_day is None else f"the last covered day was {_day(line.last_day)}"


def _day(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _before(case: Case, look_back: Span, line: Timeline) -> str:
    """What was covered before the look-back: a trial that lies there does not count, and why is said."""
    since = case.back(look_back)
    earlier = [(first, min(last, since - 1)) for first, last in line.runs if first < since]
    if not earlier:
        return ""
    days, ended = sum(last - first + 1 for first, last in earlier), _day(earlier[-1][1])
    return f"; {days} earlier days, the last on {ended}, lie before the {look_back} that count"


def _reached(case: Case, asked: Supply, line: Timeline) -> int | None:
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
USED_UP = (
    "Two products of one drug are taken as used together. "
    "If the payer reads it as one used up after the other, this counts."
)


def other_readings(case: Case, asked: Supply, line: Timeline) -> tuple[str, ...]:
    """Readings computed beside the one that decides, named only where they decide otherwise."""
    decided = test_of(case, asked)(line)
    notes = []
    if "inside_window" in asked.also and asked.ended_within:
        inside = line.days(case.back(asked.ended_within), case.today) >= days_asked(asked)
        if inside != decided:
            notes.append(_reading(f"the whole trial within {asked.ended_within}", holds=inside))
    if "one_run" in asked.also and asked.gap:
        run = _one_run(case, asked, line, asked.gap.days)
        if run != decided:
            notes.append(_reading(f"one trial without a gap over {asked.gap}", holds=run))
    return tuple(notes)


def _one_run(case: Case, asked: Supply, line: Timeline, gap: int) -> bool:
    """One run that is long enough and reaches into the look-back: an older one counts in no reading."""
    since, needed = case.back(asked.look_back or YEAR), days_asked(asked)
    runs = (run for run in line.joined(gap) if run[1] >= since)
    return ended_inside(case, asked, line) and any(line.days(*run) >= needed for run in runs)


def _reading(how: str, *, holds: bool) -> str:
    return f"If the payer reads it as {how}, this {'counts' if holds else 'does not count'}."
