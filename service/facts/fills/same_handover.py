"""Which records are one hand-over: merged across kinds of evidence, doubtful duplicates of one kind."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from heapq import merge

from service.cpu_limit import CpuShare
from service.facts.fills.fill import HANDED_OVER, NO_HANDOVER, Fill, FoundFill, as_doubtful
from service.facts.fills.replaced_claims import own_names
from service.fhir.values.quantity import Measure
from service.policy.finding import remark

SAME_HANDOVER_DAYS = 3
CLAIMED_LATER_DAYS = 14  # a fill may be claimed after it was handed over, as a batch or on paper
SPAN, MOST_SPANS = 64, 64  # days, and spans of so many days, by which hand-overs are found
# Why a record may be no hand-over; shown with the evidence.
LATER = remark("fill_perhaps_counted")


def each_handover_once(
    handovers: list[FoundFill], unknown_days: int, share: CpuShare
) -> list[FoundFill]:
    """Each hand-over once: records of different kinds are merged; duplicates of one kind are doubtful.

    A record of another kind is doubtful too if it is dated while the supply lasts, or shortly before.
    """
    by_ingredient: defaultdict[str, list[FoundFill]] = defaultdict(list)
    stronger: dict[tuple[str, str], int] = {}
    paired: set[tuple[str, str, int]] = set()
    places: defaultdict[str, _Places] = defaultdict(lambda: _Places(unknown_days))
    for handover in handovers:
        share.check()
        others = by_ingredient[handover.fill.ingredient]
        # strongest kind first: only entries added before the first one of this kind are of another kind
        before = stronger.setdefault((handover.fill.ingredient, handover.kind), len(others))
        perhaps: int | None = None
        near_in_time = places[handover.fill.ingredient]
        for index in near_in_time.before(before, handover.fill):
            if _same_handover(others[index], handover):
                others[index] = _merged(others[index], handover)
                near_in_time.add(index, others[index].fill)
                paired.add((handover.fill.ingredient, handover.kind, index))
                break
            if perhaps is None and _is_handed_later(others[index], handover, unknown_days):
                already_paired = (handover.fill.ingredient, handover.kind, index) in paired
                perhaps = None if already_paired else index
        else:
            if perhaps is not None:
                paired.add((handover.fill.ingredient, handover.kind, perhaps))
                others[perhaps], handover = _one_is_sure(others[perhaps], handover)  # noqa: PLW2901
            near = others[-SAME_HANDOVER_DAYS:]
            if any(_is_same_claim(other, handover) for other in near):
                continue
            duplicate = any(_is_duplicate(other, handover) for other in near)
            near_in_time.add(len(others), handover.fill)
            others.append(
                replace(handover, fill=replace(handover.fill, doubtful=True))
                if duplicate
                else handover
            )
    return [each for others in by_ingredient.values() for each in others]


class _Places:
    """Where in a list those hand-overs are that may be the same as another one, by their days.

    Only these are compared; a hand-over of no known day is compared with all.
    """

    def __init__(self, unknown_days: int) -> None:
        self._unknown_days = unknown_days
        self._of_span: defaultdict[int, set[int]] = defaultdict(set)
        self._of_any_day: list[int] = []

    def add(self, place: int, fill: Fill) -> None:
        """Adds a hand-over, or what it has become."""
        start, lasts = fill.start, max(fill.at_most(self._unknown_days), SAME_HANDOVER_DAYS)
        spans = _spans(start.first - CLAIMED_LATER_DAYS, start.last + lasts)
        if spans is None:
            insort(self._of_any_day, place)
            return
        for span in spans:
            self._of_span[span].add(place)

    def before(self, end: int, fill: Fill) -> Iterable[int]:
        """The places before `end` of those that may be the same as this one, the last one first."""
        spans = _spans(fill.start.first, fill.start.last)
        if spans is None:
            return range(end - 1, -1, -1)
        near = {place for span in spans for place in self._of_span.get(span, ()) if place < end}
        anywhere = bisect_left(self._of_any_day, end)
        of_any_day = (self._of_any_day[n] for n in range(anywhere - 1, -1, -1))
        return merge(sorted(near, reverse=True), of_any_day, reverse=True)


def _spans(first: int, last: int) -> range | None:
    """The numbers of the spans of days in which some days lie; None for no known day."""
    spans = range(first // SPAN, last // SPAN + 1)
    return spans if len(spans) <= MOST_SPANS else None


def _same_handover(handover: FoundFill, other: FoundFill) -> bool:
    if handover.kind == other.kind:
        return False
    near = other.fill.start.first - SAME_HANDOVER_DAYS <= handover.fill.start.last
    return near and handover.fill.start.first <= other.fill.start.last + SAME_HANDOVER_DAYS


def _is_handed_later(handover: FoundFill, other: FoundFill, unknown_days: int) -> bool:
    """Whether two records of different kinds, some days apart, may be one hand-over."""
    if handover.kind == other.kind or {handover.kind, other.kind} & {*NO_HANDOVER}:
        return False
    days = {handover.fill.days, other.fill.days} - {None}
    before = handover.fill.start.first - other.fill.start.last
    if 0 < before <= CLAIMED_LATER_DAYS and other.kind in HANDED_OVER:
        return len(days) <= 1
    lasts = handover.fill.start.last + handover.fill.at_most(unknown_days)
    return len(days) <= 1 and handover.fill.start.first <= other.fill.start.last < lasts


def _one_is_sure(handover: FoundFill, later: FoundFill) -> tuple[FoundFill, FoundFill]:
    """Two records that may be one hand-over, one made doubtful: the later, or one that lacks the days."""
    if handover.fill.days is None and later.fill.days is not None:
        return as_doubtful(handover, LATER), later
    return handover, as_doubtful(later, LATER)


def _is_duplicate(handover: FoundFill, other: FoundFill) -> bool:
    """Whether two claims have the same day, product and days' supply, so one may have been sent twice."""
    named = [(f.kind, f.fill.product, f.fill.start) for f in (handover, other)]
    if named[0] != named[1] or handover.kind == "chart":
        return False
    return handover.fill.days == other.fill.days or _shared_number(handover, other)


def _is_same_claim(handover: FoundFill, other: FoundFill) -> bool:
    """Whether one claim was sent under two ids: same number, day, drug and days' supply."""
    alike = (handover.kind, handover.fill, handover.doubt) == (other.kind, other.fill, other.doubt)
    return (
        alike
        and handover.hit.resource is not other.hit.resource
        and _shared_number(handover, other)
    )


def _shared_number(handover: FoundFill, other: FoundFill) -> bool:
    """Whether both carry the same number of the same system."""
    numbers = [
        {name for name in own_names(f.hit.source, f.hit.resource) if _is_number(name)}
        for f in (handover, other)
    ]
    return not numbers[0].isdisjoint(numbers[1])


def _is_number(name: str) -> bool:
    return "#" in name and not name.startswith("#")


def _merged(strong: FoundFill, weak: FoundFill) -> FoundFill:
    """The stronger record, with day, supply or product of the other one if it lacks them."""
    if strong.doubt and not weak.fill.doubtful:
        strong, weak = weak, strong
    fill, other = strong.fill, weak.fill
    # Of a claim and a dispense that are one hand-over, the dispense has the right day.
    later = strong.kind == "claim" and weak.kind in HANDED_OVER and other.start.exact
    start = fill.start if fill.start.exact and not later else other.start
    best = weak if strong.question and not weak.question else strong
    stated = [days_stated for days_stated in (fill.days, other.days) if days_stated]
    days, product = min(stated, default=None), best.fill.product
    most = max(*stated, fill.most_days, other.most_days) if len({*stated}) > 1 else fill.most_days
    completed = replace(fill, start=start, days=days, product=product, most_days=most)
    return replace(
        strong,
        fill=completed,
        question=best.question,
        display=best.display,
        product=best.product,
        dose=weak.dose if best is weak else _same_dose(strong, weak),
    )


def _same_dose(handover: FoundFill, other: FoundFill) -> Measure | None:
    """The stronger record's dose, or that of the other for the same product; a range if they differ."""
    if other.dose is None or handover.display != other.display:
        return handover.dose
    if handover.dose is None or other.kind in NO_HANDOVER:
        return handover.dose or other.dose
    low, high = min(handover.dose.low, other.dose.low), max(handover.dose.high, other.dose.high)
    return Measure(low, high)
