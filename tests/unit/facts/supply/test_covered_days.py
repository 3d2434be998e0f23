"""Coverage timelines against a plain count of days."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.facts.fills.fill import Fill
from service.facts.supply.covered_days import (
    Placements,
    Timeline,
    possible_timeline,
    sure_timeline,
    with_dates_at,
)
from service.fhir.values.days import ANY_DAY, DayRange

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
def test_sure_days_are_those_of_a_plain_count(fills: list[Fill]) -> None:
    """Early refills of one drug are carried forward, drugs overlap, nothing lies in the future."""
    assert days_of(sure_timeline(fills, TODAY)) == carried(fills)


@settings(max_examples=200, deadline=None)
@given(FILLS, st.integers(700, 1000), st.integers(0, 40))
def test_counted_days_and_runs_agree_with_a_plain_count(
    fills: list[Fill], first: int, gap: int
) -> None:
    """Counted days, the longest run and the current run agree with the days one by one."""
    line = sure_timeline(fills, TODAY)
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
def test_possible_days_contain_the_sure_days(
    fills: list[Fill], unknown_supply: list[int], loose: list[int]
) -> None:
    """Missing days' supply and partial dates only ever add possible days."""
    every = [
        *fills,
        *(fill(day, None) for day in unknown_supply),
        *(Fill(DayRange(day, day + 9), 10, "b") for day in loose),
    ]
    assert days_of(sure_timeline(every, TODAY)) <= days_of(
        possible_timeline(every, TODAY, UNKNOWN_DAYS)
    )


def test_days_supply_counts_from_the_day_of_the_handover() -> None:
    """28 days from day D cover D to D+27."""
    line = sure_timeline([fill(900, 28)], TODAY)
    assert line.runs == ((900, 927),)


def test_days_covered_in_both_timelines_are_those_of_the_overlap() -> None:
    """Days covered in two timelines at the same time."""
    one, other = sure_timeline([fill(900, 30)], TODAY), sure_timeline([fill(920, 30, "b")], TODAY)
    assert one.both(other).runs == ((920, 929),)


@pytest.mark.parametrize(
    ("first", "last", "covered"), [(900, 909, 10), (895, 899, 0), (909, 920, 1), (910, 920, 0)]
)
def test_covered_days_are_counted_with_both_ends(first: int, last: int, covered: int) -> None:
    assert Timeline(((900, 909),)).days(first, last) == covered


def test_first_and_last_day_of_a_run_are_covered_and_the_days_beside_it_are_not() -> None:
    line = Timeline(((900, 909),))
    assert [line.covers(day) for day in (899, 900, 909, 910)] == [False, True, True, False]


@pytest.mark.parametrize(("gap", "longest"), [(9, 10), (10, 20)])
def test_gap_of_exactly_the_allowed_days_is_bridged(gap: int, longest: int) -> None:
    line = Timeline(((900, 909), (920, 929)))
    assert line.longest(gap) == longest


def test_timeline_without_a_fill_has_no_last_day_and_no_run() -> None:
    line = sure_timeline([], TODAY)
    assert (line.runs, line.last_day, line.longest(30)) == ((), None, 0)


def test_fill_of_tomorrow_covers_nothing_today() -> None:
    assert sure_timeline([fill(TODAY + 1, 30)], TODAY).runs == ()


def test_fill_without_days_supply_surely_covers_its_own_day_only() -> None:
    assert sure_timeline([fill(900, None)], TODAY).runs == ((900, 900),)
    assert possible_timeline([fill(900, None)], TODAY, 90).runs == ((900, 989),)


def test_doubtful_fill_and_one_of_no_exact_day_are_not_sure() -> None:
    doubtful = Fill(DayRange(900, 900), 30, "a", doubtful=True)
    partial = Fill(DayRange(900, 910), 30, "a")
    assert sure_timeline([doubtful, partial], TODAY).runs == ()
    assert possible_timeline([partial], TODAY, 90).runs == ((900, 939),)


def test_early_refill_of_one_product_starts_when_the_first_is_used_up() -> None:
    assert sure_timeline([fill(900, 30), fill(920, 30)], TODAY).runs == ((900, 959),)


def test_two_products_of_one_drug_are_used_together_for_sure_and_perhaps_in_turn() -> None:
    fills = [
        Fill(DayRange(900, 900), 30, "a", product="cream"),
        Fill(DayRange(910, 910), 30, "a", product="ointment"),
    ]
    assert sure_timeline(fills, TODAY).runs == ((900, 939),)
    assert possible_timeline(fills, TODAY, 90).runs == ((900, 959),)
    assert possible_timeline(fills, TODAY, 90, together=True).runs == ((900, 939),)


@pytest.mark.parametrize(
    ("one", "days"),
    [
        (Fill(DayRange(1, 1), 30, "a"), 30),
        (Fill(DayRange(1, 1), None, "a"), 90),
        (Fill(DayRange(1, 1), 1, "a", interval=28), 28),
        (Fill(DayRange(1, 1), 28, "a", most_days=56), 56),
        (Fill(DayRange(1, 1), 1, "a", one_dose=True), 90),
    ],
    ids=["stated", "not stated", "rarely given", "two records differ", "one dose"],
)
def test_fill_lasts_at_most_the_longest_that_its_record_allows(one: Fill, days: int) -> None:
    assert one.at_most(90) == days


def test_covered_days_before_a_day_are_cut_off() -> None:
    line = Timeline(((900, 909), (920, 929)))
    assert line.since(905).runs == ((905, 909), (920, 929))
    assert line.since(910).runs == ((920, 929),)


def test_stretched_runs_that_touch_become_one() -> None:
    line = Timeline(((900, 909), (915, 919)))
    assert line.stretched(4).runs == ((900, 913), (915, 923))
    assert line.stretched(5).runs == ((900, 924),)


def test_partial_dates_are_placed_early_late_and_parted_between() -> None:
    early, late = DayRange(900, 930), DayRange(940, 970)
    fills = [Fill(early, 10, "a"), Fill(late, 10, "a")]
    starts = {tuple(one.start.first for one in group) for (group,) in Placements([fills])}
    assert starts == {(900, 940), (930, 970), (900, 970), (930, 940)}


def test_fill_of_an_exact_day_stays_where_it_is_and_one_of_no_day_too() -> None:
    fills = [fill(900, 10), Fill(ANY_DAY, 10, "a")]
    assert with_dates_at(fills, 0) == with_dates_at(fills, 1) == fills
