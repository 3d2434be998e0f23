"""Coverage timelines against a plain count of days."""

from hypothesis import given, settings
from hypothesis import strategies as st

from service.facts.supply.timeline import Fill, Timeline, possible, sure
from service.fhir.values.days import DayRange

TODAY = 1000
UNKNOWN_DAYS = 90


def fill(start: int, days: int | None, drug: str = "a") -> Fill:
    """A fill handed over on an exact day."""
    return Fill(DayRange(start, start), days, drug)


FILLS = st.lists(
    st.builds(fill, st.integers(700, 1010), st.integers(1, 60), st.sampled_from("ab")), max_size=8
)


def days_of(line: Timeline) -> set[int]:
    """The covered days one by one."""
    return {day for first, last in line.runs for day in range(first, last + 1)}


def carried(fills: list[Fill]) -> set[int]:
    """The same days by walking along each drug's fills."""
    days: set[int] = set()
    for drug in "ab":
        free = 0
        for one in sorted((f for f in fills if f.ingredient == drug), key=lambda f: f.start.first):
            start = max(one.start.first, free)
            free = start + (one.days or 0)
            days |= set(range(start, free))
    return {day for day in days if day <= TODAY}


@settings(max_examples=200, deadline=None)
@given(FILLS)
def test_days_are_those_of_a_plain_count(fills: list[Fill]) -> None:
    """Early refills of one drug are carried forward, drugs overlap, nothing lies in the future."""
    assert days_of(sure(fills, TODAY)) == carried(fills)


@settings(max_examples=200, deadline=None)
@given(FILLS, st.integers(700, 1000), st.integers(0, 40))
def test_counts_and_runs(fills: list[Fill], first: int, gap: int) -> None:
    """Counted days, the longest run and the current run agree with the days one by one."""
    line = sure(fills, TODAY)
    days = days_of(line)
    assert line.days(first, TODAY) == len([day for day in days if day >= first])
    assert line.longest(gap) == max((len(run) for run in runs(days, gap)), default=0)
    current = next((run for run in runs(days, gap) if TODAY in run), None)
    assert line.current_since(TODAY, gap) == (min(current) if current else None)


def runs(days: set[int], gap: int) -> list[set[int]]:
    """Days grouped where no more than `gap` days lie between."""
    found: list[set[int]] = []
    for day in sorted(days):
        if found and day - max(found[-1]) - 1 <= gap:
            found[-1].add(day)
        else:
            found.append({day})
    return found


@settings(max_examples=200, deadline=None)
@given(
    FILLS, st.lists(st.integers(700, 1000), max_size=3), st.lists(st.integers(700, 990), max_size=3)
)
def test_what_is_possible_holds_what_is_sure(
    fills: list[Fill], unknown_supply: list[int], loose: list[int]
) -> None:
    """Missing days' supply and partial dates only ever add possible days."""
    every = [
        *fills,
        *(fill(day, None) for day in unknown_supply),
        *(Fill(DayRange(day, day + 9), 10, "b") for day in loose),
    ]
    assert days_of(sure(every, TODAY)) <= days_of(possible(every, TODAY, UNKNOWN_DAYS))


def test_the_day_of_handover_counts() -> None:
    """28 days from day D cover D to D+27."""
    line = sure([fill(900, 28)], TODAY)
    assert line.runs == ((900, 927),)


def test_both_classes_at_once() -> None:
    """Days covered in two timelines at the same time."""
    one, other = sure([fill(900, 30)], TODAY), sure([fill(920, 30, "b")], TODAY)
    assert one.both(other).runs == ((920, 929),)
