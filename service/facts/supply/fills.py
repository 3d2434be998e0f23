"""From claims, dispenses and chart lists to fills: reversals out, hand-overs once, samples apart."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from typing import NamedTuple

from service.cpu_share import CpuShare
from service.facts.case import PatientCase, kind_of, when
from service.facts.evidence import not_understood
from service.facts.supply.daily_dose import daily_dose
from service.facts.supply.product import same_product
from service.facts.supply.replaced_claims import own_names, related_names, replaced
from service.facts.supply.reversals import (
    Claimed,
    OpenHandovers,
    Sign,
    State,
    WholeClaim,
    days_of,
    days_taken_back,
    sign_of,
    whole_of,
)
from service.facts.supply.timeline import Fill
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.sources.source import Source
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import ANY_DAY
from service.fhir.values.quantity import Measure, measure
from service.json_object import Json
from service.memo import per_patient
from service.policy.remark import Remark, remark

KINDS = ("claim", "dispense", "outside_pharmacy", "record", "chart")
HANDED_OVER = ("dispense", "outside_pharmacy")
NO_HANDOVER = ("record", "chart")
SAME_HANDOVER_DAYS = 3
CLAIMED_LATER_DAYS = 14  # a fill may be claimed after it was handed over, as a batch or on paper
SPAN, MOST_SPANS = 64, 64  # days, and spans of so many days, by which hand-overs are found
ONE_DAY = 1  # some claims count one day a dose, however long the dose lasts
MOST_DAYS = 999  # NCPDP days' supply has three digits
# Why a record may be no hand-over; shown with the evidence.
REPLACED = remark("fill_replaced")
PARTLY = remark("fill_partly_paid")
NOTHING = remark("fill_contradicts_itself")
BACK = remark("fill_taken_back")
UNCLEAR = remark("fill_status_unclear")
LATER = remark("fill_perhaps_counted")
BACKWARD = (Sign.TAKEN_BACK, Sign.MONEY_BACK)


@dataclass(frozen=True, slots=True)
class Found:
    """One fill with the hit it was read from and the kind of evidence it is."""

    hit: Hit
    kind: str
    fill: Fill
    question: bool
    display: str
    value_set: str
    product: Mapping[str, object]
    dose: Measure | None = None  # micrograms a day
    doubt: Remark | None = None  # why it may be no hand-over although its own status counts


def find_fills(case: PatientCase, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Found]:
    """The fills among the hits, strongest kind first, each hand-over once."""
    not_samples = [hit for hit in hits if not is_sample(case, hit)]
    handovers = paid(case, [hit for hit in not_samples if hit.doubt is None], value_sets)
    handovers = [_listed(handover) for handover in handovers if _may_count(handover)]
    handovers.sort(key=lambda handover: (KINDS.index(handover.kind), handover.fill.start.first))
    # an entry that is not understood proves nothing, but may be a fill
    doubtful = (_handover_of(case, hit, value_sets) for hit in not_understood(not_samples))
    open_ = [replace(handover, question=True) for handover in doubtful]
    unknown_days = case.knowledge.of_kind("supply").unknown_supply_days
    return [*_each_once(handovers, unknown_days, case.record.share), *open_]


def _may_count(handover: Found) -> bool:
    """Whether a record counts, or has an unreadable status and so may be a fill or a current therapy."""
    source = handover.hit.source
    unread = source.silent_only_if_read or source.may_be_in_use(handover.hit.resource)
    return handover.hit.standing == "counts" or unread


def _listed(handover: Found) -> Found:
    """A list entry that does not count becomes a question: it is not known whether it ever applied."""
    unread = handover.hit.standing != "counts" and handover.kind in NO_HANDOVER
    return replace(handover, question=True) if unread else handover


def paid(case: PatientCase, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Found]:
    """The records that surely or perhaps stand after reversals and adjustments, in the order sent."""
    handovers = [_handover_of(case, hit, value_sets) for hit in hits]
    return [*_living(case, handovers)]


def not_taken_back(case: PatientCase, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Hit]:
    """The hits that count, of any kind, without reversals and what these take back.

    A hit that may have been taken back or replaced gets the standing `unusable`.
    """
    return [
        replace(handover.hit, known_standing="unusable") if handover.fill.doubtful else handover.hit
        for handover in paid(case, hits, value_sets)
        if handover.hit.standing == "counts"
    ]


def is_sample(case: PatientCase, hit: Hit) -> bool:
    """A manufacturer's sample; it never makes a therapy (DESIGN.md section 3)."""
    if hit.source.sample is None:
        return False
    sets = case.knowledge.of_kind("supply").samples
    return any(
        entry.value_set in sets
        for value in read(hit.source.sample, hit.resource)
        for entry in case.record.entries_of_status(value)
    )


def days_supply(case: PatientCase, hit: Hit) -> int | None:
    """The days' supply as sent; None when it is missing, not exact, contradicted or in no unit of time."""
    source, resource = hit.source, hit.resource
    # almost always all lines of a claim have the same days' supply
    days = _days_of_all(case, source, resource)
    if len(days) > 1:
        by_line = _whole(case, source, resource).by_line
        own = by_line.own(hit.element) if by_line else ()
        days = _days_stated(case, own) if own else _days_of_rest(case, source, resource)
    return next(iter(days)) if len(days) == 1 else None


@per_patient
def _days_of_all(case: PatientCase, source: Source, resource: Json) -> set[int]:
    """Every days' supply that a claim states, for any of its lines."""
    values = [value for steps in source.days for value in read(steps, resource)]
    listed = source.days_listed
    return _days_stated(case, [*values, *(listed.read(resource) if listed else ())])


@per_patient
def _days_of_rest(case: PatientCase, source: Source, resource: Json) -> set[int]:
    """The days' supply that a claim states for the lines without one of their own."""
    by_line = _whole(case, source, resource).by_line
    return _days_stated(case, by_line.rest if by_line else ())


def _days_stated(case: PatientCase, values: Iterable[object]) -> set[int]:
    """The distinct days' supply in these values; more than one contradict each other."""
    units = case.knowledge.units
    read_as = (measure(value, units["days"], units) for value in values)
    return {
        int(days.low)
        for days in read_as
        if days is not None and days.exact and 0 < days.low <= MOST_DAYS
    }


def _handover_of(case: PatientCase, hit: Hit, value_sets: Sequence[str]) -> Found:
    case.record.share.check()
    entries = [entry for entry in hit.entries if entry.value_set in value_sets]
    # If a product code and an ingredient code are both sent, the product code says more.
    best = next((entry for entry in entries if not entry.question), entries[0])
    ingredient = str(best.attributes.get("ingredient", best.display))
    days, product = days_supply(case, hit), best.attributes
    called = same_product(best.display)
    start, interval = when(hit) or ANY_DAY, _interval(product)
    one_dose = days == ONE_DAY and _is_dosed_apart(case, best)
    fill = Fill(start, days, ingredient, interval=interval, product=called, one_dose=one_dose)
    table = case.knowledge.dose_tables.get(best.value_set)
    dose = daily_dose(case, hit, table, product, days) if table else None
    kind, set_ = kind_of(hit, case.record.server), best.value_set
    return Found(hit, kind, fill, best.question, best.display, set_, product, dose)


def _is_dosed_apart(case: PatientCase, entry: Entry) -> bool:
    """Whether one dose may last for days: judged by its route, else by the routes of its class."""
    apart = {*case.knowledge.of_kind("supply").one_dose}
    if route := entry.attributes.get("route"):
        return route in apart
    routes = entry.attributes.get("routes") or case.record.unlisted.routes.get(entry.value_set)
    return not routes or not apart.isdisjoint(routes)


def _interval(product: Mapping[str, object]) -> int:
    days = product.get("interval")
    return days if isinstance(days, int) else 0


def _living(case: PatientCase, handovers: Sequence[Found]) -> Iterator[Found]:
    """The records that stand: no reversals, nothing taken back or replaced; unclear ones are doubtful.

    Denied and replaced claims are compared too, so that their reversal does not take back another claim.
    """
    lives = [_life(case, each.hit) for each in handovers]
    gone, doubts = _reversed(case, handovers, lives)
    for place, (handover, life) in enumerate(zip(handovers, lives, strict=True)):
        if place in gone or life.sign is Sign.TAKEN_BACK:
            continue
        if life.replaced or handover.hit.standing == "never":
            continue
        doubt = doubts.get(place) or life.doubt
        yield handover if doubt is None else _doubtful(handover, doubt)


class Life(NamedTuple):
    """What a claim or a dispense states about itself, independent of the drug asked for."""

    sign: Sign
    replaced: bool | None
    doubt: Remark | None


PLAIN = Life(Sign.GIVEN, replaced=False, doubt=None)


def _life(case: PatientCase, hit: Hit) -> Life:
    return _lived(case, hit) if hit.source.amounts else PLAIN


@per_patient
def _lived(case: PatientCase, hit: Hit) -> Life:
    sign, old = sign_of(hit, _whole(case, hit.source, hit.resource)), replaced(case, hit)
    doubt = REPLACED if old is None else None
    if sign in (Sign.NOTHING, Sign.MONEY_BACK, Sign.PERHAPS_BACK):
        doubt = NOTHING
    elif hit.standing != "counts" and hit.source.silent_only_if_read:
        doubt = UNCLEAR
    elif _is_partly_paid(case, hit.source, hit.resource):
        doubt = PARTLY
    return Life(sign, old, doubt)


@per_patient
def _whole(_: PatientCase, source: Source, resource: Json) -> WholeClaim:
    """What the claim states for all its lines; read once for each claim."""
    return whole_of(source, resource)


@per_patient
def _is_partly_paid(_: PatientCase, source: Source, resource: Json) -> bool:
    """Whether a claim was paid in part and no line is marked as denied."""
    if source.partly is None or source.partly.standing(resource, resource) != "counts":
        return False
    lines = source.elements(resource)
    return len(lines) > 1 and all(source.standing(resource, line) != "never" for line in lines)


def _doubtful(handover: Found, doubt: Remark) -> Found:
    return replace(handover, fill=replace(handover.fill, doubtful=True), doubt=doubt)


def _reversed(
    case: PatientCase, handovers: Sequence[Found], lives: Sequence[Life]
) -> tuple[set[int], dict[int, Remark]]:
    """The indexes of reversals and of what they take back; and the doubts about others, by index."""
    signs = [life.sign for life in lives]
    backward = [n for n, sign in enumerate(signs) if sign in BACKWARD or sign is Sign.LESS_PAID]
    backward = [n for n in backward if handovers[n].hit.standing != "never"]
    # a claim that is a reversal by its words alone makes its twins of that day doubtful
    backward += [n for n, sign in enumerate(signs) if sign is Sign.PERHAPS_BACK]
    gone: set[int] = set()
    doubts: dict[int, Remark] = {}
    if not backward:
        return gone, doubts
    forward = (n for n, sign in enumerate(signs) if sign not in BACKWARD)
    standing = OpenHandovers(
        {n: _claimed(case, handovers[n], replaced=bool(lives[n].replaced)) for n in forward}
    )
    for n in backward:
        case.record.share.check()
        handover = handovers[n]
        if signs[n] is Sign.PERHAPS_BACK:
            doubts |= dict.fromkeys(standing.twins_of(n), BACK)
            continue
        if signs[n] is Sign.LESS_PAID:
            twin = standing.twin_of(n)
            doubts |= {} if twin is None else {n: BACK, twin: BACK}
            continue
        target = standing.taken_back(_taking_back(case, handover), related_names(handover.hit))
        if target is None:
            continue
        gone |= {n, target.place} if target.sure else {n}
        doubts |= {} if target.sure else {target.place: BACK}
    return gone, doubts


def _claimed(case: PatientCase, handover: Found, *, replaced: bool) -> Claimed:
    fill, hit = handover.fill, handover.hit
    days = fill.days
    if days is None:
        days = days_taken_back(days_of(hit, _whole(case, hit.source, hit.resource)))
    names = own_names(hit.source, hit.resource)
    state: State = "replaced" if replaced else "dead" if hit.standing == "never" else "stands"
    line = (handover.kind, fill.ingredient)
    return Claimed(line, fill.product, days, fill.start.first, fill.start.last, names, state)


def _taking_back(case: PatientCase, handover: Found) -> Claimed:
    """A reversal prepared for comparison, without its own names: they do not name what it takes back."""
    return _claimed(case, handover, replaced=False)._replace(names=())


def _each_once(handovers: list[Found], unknown_days: int, share: CpuShare) -> list[Found]:
    """Each hand-over once: records of different kinds are merged; twins of the same kind are doubtful.

    A record of another kind is doubtful too if it is dated while the supply lasts, or shortly before.
    """
    by_ingredient: defaultdict[str, list[Found]] = defaultdict(list)
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
            twin = any(_is_twin(other, handover) for other in near)
            near_in_time.add(len(others), handover.fill)
            others.append(
                replace(handover, fill=replace(handover.fill, doubtful=True)) if twin else handover
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


def _same_handover(handover: Found, other: Found) -> bool:
    if handover.kind == other.kind:
        return False
    near = other.fill.start.first - SAME_HANDOVER_DAYS <= handover.fill.start.last
    return near and handover.fill.start.first <= other.fill.start.last + SAME_HANDOVER_DAYS


def _is_handed_later(handover: Found, other: Found, unknown_days: int) -> bool:
    """Whether two records of different kinds, some days apart, may be one hand-over."""
    if handover.kind == other.kind or {handover.kind, other.kind} & {*NO_HANDOVER}:
        return False
    days = {handover.fill.days, other.fill.days} - {None}
    before = handover.fill.start.first - other.fill.start.last
    if 0 < before <= CLAIMED_LATER_DAYS and other.kind in HANDED_OVER:
        return len(days) <= 1
    lasts = handover.fill.start.last + handover.fill.at_most(unknown_days)
    return len(days) <= 1 and handover.fill.start.first <= other.fill.start.last < lasts


def _one_is_sure(handover: Found, later: Found) -> tuple[Found, Found]:
    """Two records that may be one hand-over, one made doubtful: the later, or one that lacks the days."""
    if handover.fill.days is None and later.fill.days is not None:
        return _doubtful(handover, LATER), later
    return handover, _doubtful(later, LATER)


def _is_twin(handover: Found, other: Found) -> bool:
    """Whether two claims have the same day, product and days' supply, so one may have been sent twice."""
    named = [(f.kind, f.fill.product, f.fill.start) for f in (handover, other)]
    if named[0] != named[1] or handover.kind == "chart":
        return False
    return handover.fill.days == other.fill.days or _shared_number(handover, other)


def _is_same_claim(handover: Found, other: Found) -> bool:
    """Whether one claim was sent under two ids: same number, day, drug and days' supply."""
    alike = (handover.kind, handover.fill, handover.doubt) == (other.kind, other.fill, other.doubt)
    return (
        alike
        and handover.hit.resource is not other.hit.resource
        and _shared_number(handover, other)
    )


def _shared_number(handover: Found, other: Found) -> bool:
    """Whether both carry the same number of the same system."""
    numbers = [
        {name for name in own_names(f.hit.source, f.hit.resource) if _is_number(name)}
        for f in (handover, other)
    ]
    return not numbers[0].isdisjoint(numbers[1])


def _is_number(name: str) -> bool:
    return "#" in name and not name.startswith("#")


def _merged(strong: Found, weak: Found) -> Found:
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


def _same_dose(handover: Found, other: Found) -> Measure | None:
    """The stronger record's dose, or that of the other for the same product; a range if they differ."""
    if other.dose is None or handover.display != other.display:
        return handover.dose
    if handover.dose is None or other.kind in NO_HANDOVER:
        return handover.dose or other.dose
    low, high = min(handover.dose.low, other.dose.low), max(handover.dose.high, other.dose.high)
    return Measure(low, high)
