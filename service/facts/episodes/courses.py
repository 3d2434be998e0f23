"""Courses of a drug: hand-overs near each other are one course, a long run may be daily therapy."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from service.facts.case import Case, evidence
from service.facts.episodes.episode import ASK, IMPRECISE, REVIEW, Doubt, Episode
from service.facts.episodes.reasons import Why, explained_by, why
from service.facts.episodes.unclear_claim_lines import unnamed_drugs
from service.facts.model import Fact, Maker
from service.facts.supply.fills import SAME_HANDOVER_DAYS, Found, find_fills
from service.facts.supply.handovers import PHARMACY
from service.facts.supply.timeline import Fill, Run, possible, sure
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, LAST
from service.memo import per_case
from service.policy.remark import remark


@dataclass(frozen=True, slots=True)
class Dose:
    """A hand-over with its reason."""

    found: Found
    fill: Fill
    why: Why
    perhaps_for: str = ""  # another disease on the list that may be the reason

    @property
    def doubt(self) -> Doubt | None:
        """Why it may be no course, or not this one; an unknown day is told apart."""
        if self.found.question:
            return REVIEW
        if self.why is Why.UNCLEAR or self.perhaps_for:
            return ASK
        return IMPRECISE if self.fill.days is None or self.fill.doubtful else None


def courses(case: Case, fact: Fact, maker: Maker) -> list[Episode]:
    """The courses that pharmacies and claims show; what a chart lists is not one that was given."""
    doses = _doses(case, fact, maker)
    dated = [one for one in doses if one.fill.start != ANY_DAY]
    unknown_days = case.knowledge.of_kind("supply").unknown_supply_days
    fills = [one.fill for one in dated]
    line = possible(fills, LAST, unknown_days, together=True)
    used_up = possible(fills, LAST, unknown_days).joined(maker.gap - 1)
    loose = [one for one in doses if one.fill.start == ANY_DAY]
    found = [_episode(case, [one], one.fill.start.last, 0, 1) for one in loose]
    for run in line.joined(maker.gap - 1):
        mine = [one for one in dated if run[0] <= one.fill.start.first <= run[1]]
        low, high = _how_many(mine, maker, line.days(*run))
        if any(first < run[0] <= last for first, last in used_up):
            # it goes on from the course before, if two products were used one after the other
            low = 0
        if high:
            found.append(_episode(case, mine, run[1], low, high))
        else:
            on_top = [_episode(case, one, last, 0, 1) for one, last in _on_top(mine, maker)]
            found += on_top or [_episode(case, mine, run[1], 0, 1, line.days(*run))]
    return [*found, *unnamed_drugs(case, fact, maker)] if maker.unnamed else found


def long_runs(case: Case, fact: Fact, maker: Maker) -> list[Run]:
    """Days in a row that are surely covered, and too many for one course."""
    clear = [one.fill for one in _doses(case, fact, maker) if not one.found.question]
    line = sure(clear, LAST)
    runs = line.joined(maker.gap - 1)
    return [run for run in runs if not _is_short(line.days(*run), maker)]


def listed(case: Case, fact: Fact, maker: Maker) -> list[Found]:
    """What only a chart says: it was ordered or is listed, not that it was given."""
    found = find_fills(case, case.hits(fact.sources, maker.of), maker.of)
    return [
        one for one in found if one.kind not in PHARMACY and why(case, one.hit, maker) != Why.OTHER
    ]


@per_case
def _doses(case: Case, fact: Fact, maker: Maker) -> list[Dose]:
    """The hand-overs that may be doses of a course, but for those given for another reason."""
    hits = case.hits(fact.sources, maker.of)
    doses = [
        Dose(one, _given(one, maker), reason, explained_by(case, maker, one.fill.start, reason))
        for one in find_fills(case, hits, maker.of)
        if one.kind in PHARMACY
        for reason in (_why(case, one, hits, maker),)
    ]
    return [one for one in doses if one.why is not Why.OTHER]


def _given(found: Found, maker: Maker) -> Fill:
    """A fill with its days; what is injected and states none is given on one day."""
    routes = {one.attributes.get("route") for one in found.hit.entries if one.value_set in maker.of}
    once = found.fill.days is None and bool(routes) and routes <= {*maker.one_day}
    return replace(found.fill, days=1) if once else found.fill


def _why(case: Case, found: Found, hits: Iterable[Hit], maker: Maker) -> Why:
    """The reason of a hand-over: its own, else that of another record of the same hand-over."""
    own = why(case, found.hit, maker)
    if own is not Why.NOT_RECORDED or not found.fill.start.exact:
        return own
    known = _by_day(case, hits, maker)
    day = found.fill.start.first
    # its own reason is not recorded, and so adds nothing
    others = {
        one
        for near in range(day - SAME_HANDOVER_DAYS, day + SAME_HANDOVER_DAYS + 1)
        for one in known.get((near, found.fill.ingredient), ())
    } - {Why.NOT_RECORDED}
    if not others:
        return Why.NOT_RECORDED
    return others.pop() if len(others) == 1 else Why.UNCLEAR


@per_case
def _by_day(case: Case, hits: Iterable[Hit], maker: Maker) -> Mapping[tuple[int, str], set[Why]]:
    """The reasons that the records of hand-overs give, by day, where that is known, and drug."""
    found: defaultdict[tuple[int, str], set[Why]] = defaultdict(set)
    for hit in hits:
        if hit.standing == "counts":
            for one in find_fills(case, [hit], maker.of):
                if one.fill.start.exact:
                    found[one.fill.start.first, one.fill.ingredient].add(why(case, hit, maker))
    return found


def _how_many(mine: Sequence[Dose], maker: Maker, covered: int) -> tuple[int, int]:
    """At least and at most so many courses in one run; none where it is surely a long one."""
    clear = [one for one in mine if one.doubt is None]
    if len(mine) == 1 and clear:
        return (1, 1) if _is_short(clear[0].fill.days or 0, maker) else (0, 0)
    clear = [one for one in clear if one.fill.start.exact]
    if len(clear) < len(mine):
        low = int(bool(clear) and _is_short(covered, maker))
        # each run of those that are clear is one at most, or as many as stand on top of it
        most = sum(max(1, len(_on_top(run, maker))) for run in _runs(clear, maker))
        return low, max(1, most + len(mine) - len(clear))
    return (1, 1) if _is_short(covered, maker) else (0, 0)


def _runs(clear: Sequence[Dose], maker: Maker) -> list[list[Dose]]:
    line = sure([one.fill for one in clear], LAST)
    return [
        [one for one in clear if first <= one.fill.start.first <= last]
        for first, last in line.joined(maker.gap - 1)
    ]


def _on_top(run: Sequence[Dose], maker: Maker) -> list[tuple[list[Dose], int]]:
    """Short supplies handed over during a longer one, each with its last day: perhaps courses."""
    short = [one for one in run if _is_short(one.fill.days or 0, maker)]
    if len(short) == len(run):
        return []
    line = sure([one.fill for one in short], LAST)
    return [
        ([one for one in short if first <= one.fill.start.first <= last], last)
        for first, last in line.joined(maker.gap - 1)
    ]


def _is_short(days: int, maker: Maker) -> bool:
    return maker.longest is None or days <= maker.longest


def _episode(
    case: Case, mine: Sequence[Dose], last: int, low: int, high: int, in_a_row: int = 0
) -> Episode:
    """An episode of these hand-overs; `in_a_row` days where it may be daily therapy."""
    first = mine[0].found
    unexplained = all(one.why is Why.NOT_RECORDED for one in mine)
    said = remark(
        "course",
        name=first.display,
        days=mine[0].fill.days,
        in_a_row=in_a_row,
        unexplained=unexplained,
        others=tuple(dict.fromkeys(one.perhaps_for for one in mine if one.perhaps_for)),
    )
    doubts = [one.doubt for one in mine if one.doubt]
    return Episode(
        tuple(one.fill.start for one in mine),
        last,
        low,
        high,
        evidence(case, first.hit, said),
        doubts[0] if doubts else IMPRECISE if any(not o.fill.start.exact for o in mine) else REVIEW,
        unexplained,
    )
