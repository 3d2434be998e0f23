"""Coverage timelines: merged runs of covered days, in what is sure and in what is possible."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from service.facts.fills.fill import Fill
from service.fhir.values.days import ANY_DAY, LAST, DayRange

Run = tuple[int, int]
# At most so many dates at which partial dates are split: some years of monthly dates.
MOST_PARTED = 60


@dataclass(frozen=True, slots=True)
class Timeline:
    """Covered days as sorted, merged runs that do not reach past the last day asked about."""

    runs: tuple[Run, ...]

    def covers(self, day: int) -> bool:
        """Whether that day is covered."""
        place = bisect_left(self.runs, day, key=_end)
        return place < len(self.runs) and self.runs[place][0] <= day

    def days(self, first: int, last: int) -> int:
        """How many days from `first` to `last`, both included, are covered."""
        covered = 0
        for place in range(bisect_left(self.runs, first, key=_end), len(self.runs)):
            start, end = self.runs[place]
            if start > last:
                break
            covered += min(last, end) - max(first, start) + 1
        return covered

    @property
    def last_day(self) -> int | None:
        """The last covered day."""
        return self.runs[-1][1] if self.runs else None

    def since(self, first: int) -> "Timeline":
        """The covered days from that day on."""
        return Timeline(tuple((max(a, first), b) for a, b in self.runs if b >= first))

    def joined(self, gap: int) -> list[Run]:
        """The runs with gaps of up to `gap` days closed."""
        merged: list[Run] = []
        for start, end in self.runs:
            if merged and start - merged[-1][1] - 1 <= gap:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def longest(self, gap: int) -> int:
        """Covered days in the best run that gaps of up to `gap` days do not end."""
        return max((self.days(*run) for run in self.joined(gap)), default=0)

    def current_since(self, day: int, gap: int) -> int | None:
        """The first day of the therapy that covers `day`, gaps of up to `gap` days bridged."""
        if not self.covers(day):
            return None
        return next(start for start, end in self.joined(gap) if start <= day <= end)

    def stretched(self, after: int) -> "Timeline":
        """The timeline with each run extended by so many days."""
        return _merge([(a, b + after) for a, b in self.runs], LAST)

    def both(self, other: "Timeline") -> "Timeline":
        """The days covered in both timelines: of two runs the one that ends first is done with."""
        crossed: list[Run] = []
        mine, others = iter(self.runs), iter(other.runs)
        run, another = next(mine, None), next(others, None)
        while run is not None and another is not None:
            first, last = max(run[0], another[0]), min(run[1], another[1])
            if first <= last:
                crossed.append((first, last))
            if run[1] <= another[1]:
                run = next(mine, None)
            else:
                another = next(others, None)
        return Timeline(tuple(crossed))


def _end(run: Run) -> int:
    return run[1]


def covered_in_any(lines: Iterable[Timeline]) -> Timeline:
    """The days covered in any of the timelines."""
    return _merge((run for line in lines for run in line.runs), LAST)


def sure_timeline(fills: Iterable[Fill], last: int) -> Timeline:
    """Days that are certainly covered: exact days of hand-over, at least that day itself.

    Refills of one product are used one after the other, two products of one drug together.
    """
    certain = (fill for fill in fills if fill.start.exact and not fill.doubtful)
    exact = [(fill, fill.days or 1) for fill in certain]
    return _merge(_carried(exact, together=True), last)


def possible_timeline(
    fills: Sequence[Fill], last: int, unknown_days: int, *, together: bool = False
) -> Timeline:
    """Days that may be covered: every reading of partial dates and missing days' supply.

    Two products of one drug may be used one after the other, unless they are read as used `together`.
    """
    exact = [(fill, fill.at_most(unknown_days)) for fill in fills if fill.start.exact]
    loose = [
        (fill.start.first, fill.start.last + fill.at_most(unknown_days) - 1)
        for fill in fills
        if not fill.start.exact
    ]
    return _merge([*_carried(exact, together=together), *loose], last)


def ends_of(fills: Iterable[Fill]) -> tuple[int, ...]:
    """The ends on which partial dates are put, first (0) and last (1) day; one if all days are exact."""
    return (0,) if all(fill.start.exact or fill.start == ANY_DAY for fill in fills) else (0, 1)


def with_dates_at(fills: Iterable[Fill], end: int) -> list[Fill]:
    """The fills with every partial date put on its first (0) or last (1) day; undated ones as they are."""
    return [
        fill
        if fill.start.exact or fill.start == ANY_DAY
        else replace(fill, start=DayRange(*[(fill.start.first, fill.start.last)[end]] * 2))
        for fill in fills
    ]


class Placements:
    """The fills, group by group, with partial dates all early, all late, and split at each date.

    A split may cover the fewest days of a window: the first fill before it, the last ones after it.
    """

    def __init__(self, groups: Sequence[Sequence[Fill]]) -> None:
        loose = {fill.start for fills in groups for fill in fills if not fill.start.exact}
        keys = sorted((start.first, start.last) for start in loose - {ANY_DAY})
        days = keys[1:]
        self._splits = [
            (day, end) for day in days[:: len(days) // MOST_PARTED + 1] for end in (0, 1)
        ]
        self._groups = groups
        self._ends = [
            [with_dates_at(fills, end) for fills in groups] for end in ((0, 1) if keys else (0,))
        ]

    def __len__(self) -> int:
        return len(self._ends) + len(self._splits)

    def __getitem__(self, place: int) -> list[list[Fill]]:
        """One of the readings; the early and the late one come first."""
        if place < len(self._ends):
            return self._ends[place]
        day, end = self._splits[place - len(self._ends)]
        return [
            [
                ends[end if (fill.start.first, fill.start.last) < day else 1 - end]
                for fill, *ends in zip(fills, *each_end, strict=True)
            ]
            for fills, *each_end in zip(self._groups, *self._ends, strict=True)
        ]

    def __iter__(self) -> Iterator[list[list[Fill]]]:
        return (self[place] for place in range(len(self)))


def _carried(fills: list[tuple[Fill, int]], *, together: bool) -> list[Run]:
    """Early refills carried forward behind the supply still in hand, of the same product or drug."""
    runs: list[Run] = []
    in_hand: dict[tuple[str, str], int] = {}
    for fill, days in sorted(fills, key=lambda pair: pair[0].start.first):
        line = (fill.ingredient, fill.product if together else "")
        start = max(fill.start.first, in_hand.get(line, 0) + 1)
        in_hand[line] = start + days - 1
        runs.append((start, start + days - 1))
    return runs


def _merge(runs: Iterable[Run], last: int) -> Timeline:
    merged: list[Run] = []
    for start, end in sorted((start, min(end, last)) for start, end in runs if start <= last):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return Timeline(tuple(merged))
