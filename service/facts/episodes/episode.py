"""Episodes: courses, visits and stays, those near each other taken as one, counted in a window."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from typing import NamedTuple

from service.facts.case import PatientCase
from service.facts.supply.background_therapy import on_background
from service.fhir.hit import Hit
from service.fhir.values.days import FIRST, DayRange
from service.policy.finding import Evidence, remark
from service.policy.operators import Background
from service.policy.truth import Reason, Truth, Way

WIDE = 800  # days; what is longer, or of no known year, is looked at for each window
Doubt = tuple[Reason, Way]
IMPRECISE: Doubt = (Reason.IMPRECISE, Way.DATA)
REVIEW: Doubt = (Reason.REVIEW, Way.REVIEW)
NOT_READ: Doubt = (Reason.UNMAPPED, Way.ATTESTATION)
ASK: Doubt = (Reason.ATTESTATION, Way.ATTESTATION)


@dataclass(frozen=True, slots=True)
class Episode:
    """One or more visits or hand-overs: the days they began, the last day they may reach.

    `low` and `high` say how many episodes these are: 1 and 1 if that is sure.
    """

    starts: tuple[DayRange, ...]
    last: int
    low: int
    high: int
    shown: Evidence
    doubt: Doubt = IMPRECISE
    unexplained: bool = False
    unread: tuple[Hit, ...] = ()  # hand-overs whose drug cannot be read
    stay: bool = False  # lasts from its first to its last day, and so may reach into a window

    @property
    def first(self) -> int:
        """The first day that it may have begun on."""
        return min(start.first for start in self.starts)

    @property
    def exact(self) -> bool:
        """Whether every day of it is known."""
        return all(start.exact for start in self.starts)


class Window(NamedTuple):
    """Days from `since` to `until`; with `begun` only episodes that began inside count."""

    since: int
    until: int
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """How many episodes lie in a window, at least and at most, with those that may."""

    low: int
    high: int
    sure: tuple[Episode, ...]
    perhaps: tuple[Episode, ...]


def count_in(once: Sequence[Episode], window: Window) -> Counted:
    """The episodes that lie in a window, surely or perhaps."""
    sure = tuple(episode for episode in once if low_in(episode, window))
    perhaps = tuple(
        episode for episode in once if high_in(episode, window) > low_in(episode, window)
    )
    high = sum(high_in(episode, window) for episode in once)
    return Counted(len(sure), high, sure, perhaps)


class ByDay:
    """Episodes in the order in which they are counted; those near some days are found by bisection."""

    def __init__(self, episodes: Sequence[Episode]) -> None:
        self.all = episodes
        reaches = [
            (episode.first, max(episode.last, *(start.last for start in episode.starts)), place)
            for place, episode in enumerate(episodes)
        ]
        self._wide = [place for first, last, place in reaches if last - first > WIDE]
        self._ordered = sorted(reach for reach in reaches if reach[1] - reach[0] <= WIDE)
        # the last day that any of those reaches that began no later
        self._furthest = list(accumulate((last for _, last, _ in self._ordered), max))

    def near(self, window: Window) -> list[Episode]:
        """All that may lie in a window, and perhaps others."""
        places = [*self._wide]
        end = bisect_left(self._ordered, (window.until + 1,))
        while end > 0 and self._furthest[end - 1] >= window.since:
            end -= 1
            places.append(self._ordered[end][2])
        return [self.all[place] for place in sorted(places)]


def low_in(episode: Episode, window: Window) -> int:
    """1 where the episode surely lies in the window."""
    inside = any(window.since <= day.first and day.last <= window.until for day in episode.starts)
    begun = not window.begun or episode.first >= window.since
    return int(episode.low > 0 and inside and begun)


def high_in(episode: Episode, window: Window) -> int:
    """How many episodes of the window it may be."""
    inside = any(window.since <= day.last and day.first <= window.until for day in episode.starts)
    inside = inside or (
        episode.stay and episode.first <= window.until and window.since <= episode.last
    )
    before = window.begun and episode.exact and episode.first < window.since
    return episode.high if inside and not before else 0


def each_once(episodes: Iterable[Episode], gap: int) -> list[Episode]:
    """Episodes with fewer than `gap` free days between them are one; a doubtful one adds no doubt."""
    ordered = sorted(episodes, key=lambda episode: episode.first)
    sure = _joined([episode for episode in ordered if episode.low], gap)
    rest = [episode for episode in ordered if not episode.low and not _part_of(sure, episode, gap)]
    exact = _joined([episode for episode in rest if episode.exact], gap)
    return [*sure, *exact, *(episode for episode in rest if not episode.exact)]


def _joined(ordered: Sequence[Episode], gap: int) -> list[Episode]:
    groups: list[list[Episode]] = []
    last = FIRST
    for episode in ordered:
        if groups and episode.first - last - 1 < gap:
            groups[-1].append(episode)
            last = max(last, episode.last)
        else:
            groups.append([episode])
            last = episode.last
    return [_merged(group) if len(group) > 1 else group[0] for group in groups]


def _merged(group: Sequence[Episode]) -> Episode:
    return replace(
        group[0],
        starts=tuple(start for episode in group for start in episode.starts),
        last=max(episode.last for episode in group),
        high=max(episode.high for episode in group),
        unexplained=all(episode.unexplained for episode in group),
        stay=any(episode.stay for episode in group),
        unread=tuple(hit for episode in group for hit in episode.unread),
    )


def _part_of(sure: Sequence[Episode], episode: Episode, gap: int) -> bool:
    """Whether a doubtful episode surely lies so near a sure one that the two are one.

    The sure ones are in the order of their days, and none reaches into the next.
    """
    if not episode.exact or episode.high > 1:
        return False
    place = bisect_right(sure, episode.first - 1 - gap, key=_last_day)
    others = (sure[n] for n in range(place, len(sure)))
    near = takewhile(lambda other: other.first - episode.last - 1 < gap, others)
    return any(other.exact for other in near)


def _last_day(episode: Episode) -> int:
    return episode.last


def _day_before(day: DayRange) -> DayRange:
    """The day before: a drug first handed over on the day of a visit was not taken before it."""
    return DayRange(max(day.first - 1, FIRST), max(day.last - 1, FIRST))


def on_therapy(case: PatientCase, during: Sequence[Background], episode: Episode) -> Episode | None:
    """The episode; doubtful where its therapy is, None where it is known that there was none."""
    finding = on_background(case, during, _day_before(min(episode.starts)))
    if finding.truth is Truth.MET:
        return episode
    if finding.truth is Truth.NOT_MET:
        return None
    doubt = (finding.reason or Reason.NOT_FOUND, finding.way)
    shown = episode.shown._replace(
        value=remark("shown_but", shown=episode.shown.value, miss=finding.miss)
    )
    # What lies before it is the nearer doubt: a visit that may be none needs no therapy.
    return replace(episode, low=0, doubt=doubt if episode.low else episode.doubt, shown=shown)
