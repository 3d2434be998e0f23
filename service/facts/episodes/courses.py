"""Courses of a drug: hand-overs near each other are one course, a long run may be daily therapy."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.facts.case import PatientCase, evidence
from service.facts.episodes.episode import ASK, IMPRECISE, REVIEW, Doubt, Episode
from service.facts.episodes.reasons import CourseReason, explained_by, reason_given
from service.facts.episodes.unclear_claim_lines import unnamed_drugs
from service.facts.episodes.visits_near_courses import seen_for_another
from service.facts.fact import EpisodeKind, Fact
from service.facts.fills.fill import PHARMACY, Fill, FoundFill
from service.facts.fills.fills_of_class import find_fills
from service.facts.fills.same_handover import SAME_HANDOVER_DAYS
from service.facts.supply.covered_days import Run, Timeline, possible_timeline, sure_timeline
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, LAST
from service.memo import per_patient
from service.policy.finding import remark


@dataclass(frozen=True, slots=True)
class CourseDose:
    """A hand-over with its reason."""

    found: FoundFill
    fill: Fill
    why: CourseReason
    # another disease, on the list or as the reason of a visit, that may be the reason
    perhaps_for: str = ""

    @property
    def doubt(self) -> Doubt | None:
        """Why the hand-over may be no course; None if nothing is in doubt."""
        if self.found.question:
            return REVIEW
        if self.why is CourseReason.UNCLEAR or self.perhaps_for:
            return ASK
        return IMPRECISE if self.fill.days is None or self.fill.doubtful else None


def courses(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[Episode]:
    """The courses that pharmacies and claims show; what a chart lists is not one that was given."""
    doses = _doses(case, fact, episode_kind)
    dated = [dose for dose in doses if dose.fill.start != ANY_DAY]
    unknown_days = case.knowledge.of_kind("supply").unknown_supply_days
    fills = [dose.fill for dose in dated]
    line = possible_timeline(fills, LAST, unknown_days, together=True)
    used_up = Timeline(
        tuple(possible_timeline(fills, LAST, unknown_days).joined(episode_kind.gap - 1))
    )
    loose = [dose for dose in doses if dose.fill.start == ANY_DAY]
    episodes = [_episode(case, [dose], dose.fill.start.last, 0, 1) for dose in loose]
    for run, run_doses in _by_run(dated, line.joined(episode_kind.gap - 1)):
        low, high = _how_many(run_doses, episode_kind, line.days(*run))
        if used_up.covers(run[0] - 1) and used_up.covers(run[0]):
            # it goes on from the course before, if two products were used one after the other
            low = 0
        if high:
            episodes.append(_episode(case, run_doses, run[1], low, high))
        else:
            short_courses = [
                _episode(case, course_doses, last, 0, 1)
                for course_doses, last in _short_within_long(run_doses, episode_kind)
            ]
            episodes += short_courses or [_episode(case, run_doses, run[1], 0, 1, line.days(*run))]
    return (
        [*episodes, *unnamed_drugs(case, fact, episode_kind)] if episode_kind.unnamed else episodes
    )


@per_patient
def long_runs(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[Run]:
    """Days in a row that are surely covered, and too many for one course."""
    clear = [dose.fill for dose in _doses(case, fact, episode_kind) if not dose.found.question]
    line = sure_timeline(clear, LAST)
    runs = line.joined(episode_kind.gap - 1)
    return [run for run in runs if not _is_short(line.days(*run), episode_kind)]


def listed_entries(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[FoundFill]:
    """The entries of charts and orders, which do not show that the drug was given."""
    handovers = find_fills(case, case.hits(fact.sources, episode_kind.of), episode_kind.of)
    return [
        handover
        for handover in handovers
        if handover.kind not in PHARMACY
        and reason_given(case, handover.hit, episode_kind) != CourseReason.OTHER
    ]


@per_patient
def _doses(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[CourseDose]:
    """The hand-overs that may be doses of a course, but for those given for another reason."""
    hits = case.hits(fact.sources, episode_kind.of)
    doses = [
        CourseDose(
            handover,
            _given(handover, episode_kind),
            reason,
            _perhaps_for(case, episode_kind, handover, reason),
        )
        for handover in find_fills(case, hits, episode_kind.of)
        if handover.kind in PHARMACY
        for reason in (_why(case, handover, hits, episode_kind),)
    ]
    return [dose for dose in doses if dose.why is not CourseReason.OTHER]


def _perhaps_for(
    case: PatientCase, episode_kind: EpisodeKind, handover: FoundFill, reason: CourseReason
) -> str:
    """What else a hand-over without a reason may be for: a disease on the list, or that of a visit."""
    if reason is not CourseReason.NOT_RECORDED:
        return ""
    start = handover.fill.start
    return explained_by(case, episode_kind, start, reason) or seen_for_another(
        case, episode_kind, start
    )


def _given(handover: FoundFill, episode_kind: EpisodeKind) -> Fill:
    """A fill with its days; what is injected and states none is given on one day."""
    routes = {
        entry.attributes.get("route")
        for entry in handover.hit.entries
        if entry.value_set in episode_kind.of
    }
    once = handover.fill.days is None and bool(routes) and routes <= {*episode_kind.one_day}
    return replace(handover.fill, days=1) if once else handover.fill


def _why(
    case: PatientCase, handover: FoundFill, hits: Iterable[Hit], episode_kind: EpisodeKind
) -> CourseReason:
    """The reason of a hand-over: its own, else that of another record of the same hand-over."""
    own = reason_given(case, handover.hit, episode_kind)
    if own is not CourseReason.NOT_RECORDED or not handover.fill.start.exact:
        return own
    reasons_by_day = _by_day(case, hits, episode_kind)
    day = handover.fill.start.first
    # `NOT_RECORDED` of other records adds nothing
    others = {
        reason
        for near in range(day - SAME_HANDOVER_DAYS, day + SAME_HANDOVER_DAYS + 1)
        for reason in reasons_by_day.get((near, handover.fill.ingredient), ())
    } - {CourseReason.NOT_RECORDED}
    if not others:
        return CourseReason.NOT_RECORDED
    return others.pop() if len(others) == 1 else CourseReason.UNCLEAR


@per_patient
def _by_day(
    case: PatientCase, hits: Iterable[Hit], episode_kind: EpisodeKind
) -> Mapping[tuple[int, str], set[CourseReason]]:
    """The reasons that the records of hand-overs give, by day, where that is known, and drug."""
    reasons_by_day: defaultdict[tuple[int, str], set[CourseReason]] = defaultdict(set)
    for hit in hits:
        if hit.standing == "counts":
            for handover in find_fills(case, [hit], episode_kind.of):
                if handover.fill.start.exact:
                    reasons_by_day[handover.fill.start.first, handover.fill.ingredient].add(
                        reason_given(case, hit, episode_kind)
                    )
    return reasons_by_day


def _how_many(
    run_doses: Sequence[CourseDose], episode_kind: EpisodeKind, covered: int
) -> tuple[int, int]:
    """The fewest and the most courses in one run; (0, 0) if it is surely one long therapy."""
    clear = [dose for dose in run_doses if dose.doubt is None]
    if len(run_doses) == 1 and clear:
        return (1, 1) if _is_short(clear[0].fill.days or 0, episode_kind) else (0, 0)
    clear = [dose for dose in clear if dose.fill.start.exact]
    if len(clear) < len(run_doses):
        low = int(bool(clear) and _is_short(covered, episode_kind))
        # each run of those that are clear is one at most, or as many as the short supplies within it
        most = sum(
            max(1, len(_short_within_long(run, episode_kind))) for run in _runs(clear, episode_kind)
        )
        return low, max(1, most + len(run_doses) - len(clear))
    return (1, 1) if _is_short(covered, episode_kind) else (0, 0)


def _runs(clear: Sequence[CourseDose], episode_kind: EpisodeKind) -> list[list[CourseDose]]:
    runs = sure_timeline([dose.fill for dose in clear], LAST).joined(episode_kind.gap - 1)
    return [doses for _, doses in _by_run(clear, runs)]


def _by_run(doses: Iterable[CourseDose], runs: Sequence[Run]) -> list[tuple[Run, list[CourseDose]]]:
    """The doses that were handed over in each run."""
    begins = [first for first, _ in runs]
    of_runs: list[list[CourseDose]] = [[] for _ in runs]
    for dose in doses:
        day = dose.fill.start.first
        place = bisect_right(begins, day) - 1
        if place >= 0 and day <= runs[place][1]:
            of_runs[place].append(dose)
    return list(zip(runs, of_runs, strict=True))


def _short_within_long(
    run: Sequence[CourseDose], episode_kind: EpisodeKind
) -> list[tuple[list[CourseDose], int]]:
    """Short supplies handed over during a longer one, each with its last day: perhaps courses."""
    short = [dose for dose in run if _is_short(dose.fill.days or 0, episode_kind)]
    if len(short) == len(run):
        return []
    runs = sure_timeline([dose.fill for dose in short], LAST).joined(episode_kind.gap - 1)
    return [(doses, last) for (_, last), doses in _by_run(short, runs)]


def _is_short(days: int, episode_kind: EpisodeKind) -> bool:
    return episode_kind.longest is None or days <= episode_kind.longest


def _episode(
    case: PatientCase,
    run_doses: Sequence[CourseDose],
    last: int,
    low: int,
    high: int,
    in_a_row: int = 0,
) -> Episode:
    """An episode of these hand-overs; `in_a_row` days where it may be daily therapy."""
    first = run_doses[0].found
    unexplained = all(dose.why is CourseReason.NOT_RECORDED for dose in run_doses)
    wording = remark(
        "course",
        name=first.display,
        days=run_doses[0].fill.days,
        in_a_row=in_a_row,
        unexplained=unexplained,
        others=tuple(dict.fromkeys(dose.perhaps_for for dose in run_doses if dose.perhaps_for)),
    )
    doubts = [dose.doubt for dose in run_doses if dose.doubt]
    return Episode(
        tuple(dose.fill.start for dose in run_doses),
        last,
        low,
        high,
        evidence(case, first.hit, wording),
        doubts[0]
        if doubts
        else IMPRECISE
        if any(not o.fill.start.exact for o in run_doses)
        else REVIEW,
        unexplained,
    )
