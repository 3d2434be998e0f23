"""Courses of a drug: hand-overs near each other are one course, a long run may be daily therapy."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.facts.case import PatientCase, evidence
from service.facts.episodes.episode import ASK, IMPRECISE, REVIEW, Doubt, Episode
from service.facts.episodes.reasons import Why, explained_by, why
from service.facts.episodes.unclear_claim_lines import unnamed_drugs
from service.facts.fills.fills import PHARMACY, find_fills
from service.facts.fills.found_fill import Fill, Found
from service.facts.fills.same_handover import SAME_HANDOVER_DAYS
from service.facts.model import Fact, Maker
from service.facts.supply.timeline import Run, Timeline, possible, sure
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, LAST
from service.memo import per_patient
from service.policy.finding import remark


@dataclass(frozen=True, slots=True)
class CourseDose:
    """A hand-over with its reason."""

    found: Found
    fill: Fill
    why: Why
    perhaps_for: str = ""  # another disease on the list that may be the reason

    @property
    def doubt(self) -> Doubt | None:
        """Why the hand-over may be no course; None if nothing is in doubt."""
        if self.found.question:
            return REVIEW
        if self.why is Why.UNCLEAR or self.perhaps_for:
            return ASK
        return IMPRECISE if self.fill.days is None or self.fill.doubtful else None


def courses(case: PatientCase, fact: Fact, maker: Maker) -> list[Episode]:
    """The courses that pharmacies and claims show; what a chart lists is not one that was given."""
    doses = _doses(case, fact, maker)
    dated = [dose for dose in doses if dose.fill.start != ANY_DAY]
    unknown_days = case.knowledge.of_kind("supply").unknown_supply_days
    fills = [dose.fill for dose in dated]
    line = possible(fills, LAST, unknown_days, together=True)
    used_up = Timeline(tuple(possible(fills, LAST, unknown_days).joined(maker.gap - 1)))
    loose = [dose for dose in doses if dose.fill.start == ANY_DAY]
    episodes = [_episode(case, [dose], dose.fill.start.last, 0, 1) for dose in loose]
    for run, run_doses in _by_run(dated, line.joined(maker.gap - 1)):
        low, high = _how_many(run_doses, maker, line.days(*run))
        if used_up.covers(run[0] - 1) and used_up.covers(run[0]):
            # it goes on from the course before, if two products were used one after the other
            low = 0
        if high:
            episodes.append(_episode(case, run_doses, run[1], low, high))
        else:
            short_courses = [
                _episode(case, course_doses, last, 0, 1)
                for course_doses, last in _short_within_long(run_doses, maker)
            ]
            episodes += short_courses or [_episode(case, run_doses, run[1], 0, 1, line.days(*run))]
    return [*episodes, *unnamed_drugs(case, fact, maker)] if maker.unnamed else episodes


@per_patient
def long_runs(case: PatientCase, fact: Fact, maker: Maker) -> list[Run]:
    """Days in a row that are surely covered, and too many for one course."""
    clear = [dose.fill for dose in _doses(case, fact, maker) if not dose.found.question]
    line = sure(clear, LAST)
    runs = line.joined(maker.gap - 1)
    return [run for run in runs if not _is_short(line.days(*run), maker)]


def listed(case: PatientCase, fact: Fact, maker: Maker) -> list[Found]:
    """The entries of charts and orders, which do not show that the drug was given."""
    handovers = find_fills(case, case.hits(fact.sources, maker.of), maker.of)
    return [
        handover
        for handover in handovers
        if handover.kind not in PHARMACY and why(case, handover.hit, maker) != Why.OTHER
    ]


@per_patient
def _doses(case: PatientCase, fact: Fact, maker: Maker) -> list[CourseDose]:
    """The hand-overs that may be doses of a course, but for those given for another reason."""
    hits = case.hits(fact.sources, maker.of)
    doses = [
        CourseDose(
            handover,
            _given(handover, maker),
            reason,
            explained_by(case, maker, handover.fill.start, reason),
        )
        for handover in find_fills(case, hits, maker.of)
        if handover.kind in PHARMACY
        for reason in (_why(case, handover, hits, maker),)
    ]
    return [dose for dose in doses if dose.why is not Why.OTHER]


def _given(handover: Found, maker: Maker) -> Fill:
    """A fill with its days; what is injected and states none is given on one day."""
    routes = {
        entry.attributes.get("route")
        for entry in handover.hit.entries
        if entry.value_set in maker.of
    }
    once = handover.fill.days is None and bool(routes) and routes <= {*maker.one_day}
    return replace(handover.fill, days=1) if once else handover.fill


def _why(case: PatientCase, handover: Found, hits: Iterable[Hit], maker: Maker) -> Why:
    """The reason of a hand-over: its own, else that of another record of the same hand-over."""
    own = why(case, handover.hit, maker)
    if own is not Why.NOT_RECORDED or not handover.fill.start.exact:
        return own
    reasons_by_day = _by_day(case, hits, maker)
    day = handover.fill.start.first
    # `NOT_RECORDED` of other records adds nothing
    others = {
        reason
        for near in range(day - SAME_HANDOVER_DAYS, day + SAME_HANDOVER_DAYS + 1)
        for reason in reasons_by_day.get((near, handover.fill.ingredient), ())
    } - {Why.NOT_RECORDED}
    if not others:
        return Why.NOT_RECORDED
    return others.pop() if len(others) == 1 else Why.UNCLEAR


@per_patient
def _by_day(
    case: PatientCase, hits: Iterable[Hit], maker: Maker
) -> Mapping[tuple[int, str], set[Why]]:
    """The reasons that the records of hand-overs give, by day, where that is known, and drug."""
    reasons_by_day: defaultdict[tuple[int, str], set[Why]] = defaultdict(set)
    for hit in hits:
        if hit.standing == "counts":
            for handover in find_fills(case, [hit], maker.of):
                if handover.fill.start.exact:
                    reasons_by_day[handover.fill.start.first, handover.fill.ingredient].add(
                        why(case, hit, maker)
                    )
    return reasons_by_day


def _how_many(run_doses: Sequence[CourseDose], maker: Maker, covered: int) -> tuple[int, int]:
    """The fewest and the most courses in one run; (0, 0) if it is surely one long therapy."""
    clear = [dose for dose in run_doses if dose.doubt is None]
    if len(run_doses) == 1 and clear:
        return (1, 1) if _is_short(clear[0].fill.days or 0, maker) else (0, 0)
    clear = [dose for dose in clear if dose.fill.start.exact]
    if len(clear) < len(run_doses):
        low = int(bool(clear) and _is_short(covered, maker))
        # each run of those that are clear is one at most, or as many as the short supplies within it
        most = sum(max(1, len(_short_within_long(run, maker))) for run in _runs(clear, maker))
        return low, max(1, most + len(run_doses) - len(clear))
    return (1, 1) if _is_short(covered, maker) else (0, 0)


def _runs(clear: Sequence[CourseDose], maker: Maker) -> list[list[CourseDose]]:
    runs = sure([dose.fill for dose in clear], LAST).joined(maker.gap - 1)
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
    run: Sequence[CourseDose], maker: Maker
) -> list[tuple[list[CourseDose], int]]:
    """Short supplies handed over during a longer one, each with its last day: perhaps courses."""
    short = [dose for dose in run if _is_short(dose.fill.days or 0, maker)]
    if len(short) == len(run):
        return []
    runs = sure([dose.fill for dose in short], LAST).joined(maker.gap - 1)
    return [(doses, last) for (_, last), doses in _by_run(short, runs)]


def _is_short(days: int, maker: Maker) -> bool:
    return maker.longest is None or days <= maker.longest


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
    unexplained = all(dose.why is Why.NOT_RECORDED for dose in run_doses)
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
