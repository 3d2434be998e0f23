"""Reversals: which hand-over a claim that takes money or drug back takes back."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from math import inf
from typing import Literal, NamedTuple

from service.facts.case import PatientCase
from service.fhir.elements import Steps, read
from service.fhir.hit import Hit
from service.fhir.sources.coded_entries import CodedEntries, EntriesByPart
from service.fhir.sources.source import Money, Source
from service.fhir.values.quantity import number
from service.json_object import Json
from service.memo import per_patient

Place = tuple[float, float]  # a day and the place of a hand-over of that day
MOST_COMPARED = 50  # the newest claims of one drug, product and day are compared
# A claim stands, another has taken its place, or it never counted: was denied or cancelled.
State = Literal["stands", "replaced", "never_counted"]


_TAKEN_BACK_FIRST: tuple[State, ...] = ("never_counted", "stands", "replaced")


class Sign(Enum):
    """Whether a claim or a dispense gives something or takes something back, by its figures and words."""

    GIVEN = auto()  # something was handed over
    NOTHING = auto()  # nothing was handed over, or the figures contradict each other
    TAKEN_BACK = auto()  # it takes another one back
    MONEY_BACK = auto()  # money is paid back, and with it another one is taken back
    MAYBE_REVERSAL = auto()  # its words or one of two sums take back a claim of that day
    LESS_PAID = auto()  # it was charged and money is paid back: a duplicate may be taken back


class Claimed(NamedTuple):
    """What identifies a hand-over: kind and drug, product, days' supply, first and last day, names."""

    line: tuple[str, str]
    product: str
    days: int | None
    first: int
    last: int
    names: tuple[str, ...]
    state: State


class TakenBack(NamedTuple):
    """The index of the hand-over that a reversal takes back; not `sure` if another may be meant."""

    place: int
    sure: bool


class NotYetReversed:
    """The hand-overs that are not taken back yet, indexed by name and by day."""

    def __init__(self, claimed: Mapping[int, Claimed]) -> None:
        self._standing = set(claimed)
        self._claimed = claimed
        self._reversals: set[Claimed] = set()
        self._named: defaultdict[str, list[int]] = defaultdict(list)
        self._of_day: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        self._of_product_and_day: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        self._lines: defaultdict[tuple[object, ...], list[Place]] = defaultdict(list)
        for place, claim in claimed.items():
            for name in claim.names:
                self._named[name].append(place)
            self._of_day[claim.line, claim.first, claim.last].append(place)
            product_and_day = (claim.line, claim.product, claim.first, claim.last)
            self._of_product_and_day[product_and_day].append(place)
            for line in {*_lines_of(claim, claim.days), *_lines_of(claim, None)}:
                self._lines[line].append((claim.first, place))
        for placed in self._lines.values():
            placed.sort()

    def taken_back(self, reversal: Claimed, related: tuple[str, ...]) -> TakenBack | None:
        """What the reversal names, else a claim of its day, else the nearest one like it before."""
        named = [n for name in related for n in self._named.get(name, [])[-MOST_COMPARED:]]
        if named:
            return self._take(self._most_similar(named, reversal), sure=True)
        of_day = self._of_day.get((reversal.line, reversal.first, reversal.last))
        same_day_claims = self._of_product_and_day.get(
            (reversal.line, reversal.product, reversal.first, reversal.last)
        )
        if same_day_claims is not None:
            sure = not self._may_be_of_another(same_day_claims)
            return self._take(self._most_similar(same_day_claims, reversal), sure=sure)
        if of_day is not None:
            return self._take(self._most_similar(of_day, reversal), sure=False)
        like = self._nearest(_lines_of(reversal, reversal.days)[0], reversal.last)
        if like is not None:
            # an equal reversal may be a copy of the first, or take back another hand-over
            again = reversal in self._reversals
            self._reversals.add(reversal)
            return self._take(like, sure=not related and not again)
        return self._take(self._nearest(_lines_of(reversal, None)[1], reversal.last), sure=False)

    def duplicate_of(self, place: int) -> int | None:
        """Another one of the same day, product and days' supply, also if already taken back."""
        return next(iter(self.duplicates_of(place)), None)

    def duplicates_of(self, place: int) -> list[int]:
        """All others of the same day, product and days' supply, also those already taken back."""
        own = self._claimed[place]
        of_day = self._of_product_and_day[own.line, own.product, own.first, own.last]
        same_day_claims = of_day[-MOST_COMPARED:]
        return [n for n in same_day_claims if n != place and self._claimed[n].days == own.days]

    def _most_similar(self, places: list[int], reversal: Claimed) -> int | None:
        """The standing hand-over most like the reversal in day, product and days; the last of equals."""
        places = self._newest(places)
        return max(places, key=lambda place: (self._likeness(place, reversal), place), default=None)

    def _likeness(self, place: int, reversal: Claimed) -> tuple[bool, bool, bool, int]:
        claim = self._claimed[place]
        alike = (claim.first == reversal.first, claim.product == reversal.product)
        return *alike, claim.days == reversal.days, _TAKEN_BACK_FIRST.index(claim.state)

    def _may_be_of_another(self, same_day_claims: list[int]) -> bool:
        """Whether both a cancelled claim and one that stands are of that day: either may be meant."""
        states = {self._claimed[place].state for place in self._newest(same_day_claims)}
        return states == {"never_counted", "stands"}

    def _newest(self, places: list[int]) -> list[int]:
        """The newest indexes that still stand; drops those at the end that were taken back."""
        while places and places[-1] not in self._standing:
            places.pop()
        return [place for place in places[-MOST_COMPARED:] if place in self._standing]

    def _take(self, place: int | None, *, sure: bool) -> TakenBack | None:
        if place is None:
            return None
        if sure:
            self._standing.discard(place)
        return TakenBack(place, sure)

    def _nearest(self, name: tuple[object, ...], day: int) -> int | None:
        line = self._lines.get(name, [])
        for index in range(bisect_right(line, (day, inf)) - 1, -1, -1):
            if (place := int(line[index][1])) in self._standing:
                return place
            line.pop(index)
        return None


def _lines_of(claim: Claimed, days: int | None) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """The hand-overs of one product, of these days' supply if it is known; and all of the drug."""
    return (claim.line, claim.product, days), (claim.line,)


class Figures(NamedTuple):
    """The figures of a claim, a dispense or a line: days' supply, quantities, money by kind."""

    days: tuple[float, ...]
    amounts: tuple[float, ...]
    plain: tuple[float, ...]
    charged: tuple[float, ...]
    paid: tuple[float, ...]
    minus: bool
    money: tuple[float, ...] = ()  # every amount of money, whatever it is of


def figures_of(source: Source, holder: Json, *, apart: bool = False) -> Figures:
    """The figures of a resource or of one of its lines.

    Charged and paid amounts are separated only if one is below zero (rare), or if `apart` is set.
    """
    money = source.money
    amounts = (*_numbers(source.amounts, holder),)
    if money is None:
        return Figures((*_days(source, holder),), amounts, (), (), (), minus=False)
    plain = (*_numbers(money.plain, holder),)
    each = (*plain, *_every_amount(money, holder))
    minus = any(amount < 0 for amount in each)
    parts = (money.charged, money.paid) if minus or apart else ((), ())
    charged, paid = ((*_listed(listed, holder),) for listed in parts)
    return Figures((*_days(source, holder),), amounts, plain, charged, paid, minus, each)


class WholeClaim(NamedTuple):
    """What a claim or a dispense states for all its lines: whether it is void, its figures, its days."""

    void: bool
    figures: Figures
    by_line: EntriesByPart | None
    rest: tuple[float, ...]  # the days' supply of lines that name none
    in_words: bool = False  # whether its words say that it takes another one back
    unsure: bool = (
        False  # whether its words say that it was perhaps not handed over, or was a sample
    )


def whole_of(source: Source, resource: Json) -> WholeClaim:
    """Reads what a resource states for all its lines."""
    void = any(void.is_said(resource) for void in source.voids)
    figures, listed = figures_of(source, resource), source.days_listed
    worded = source.back_words is not None and source.back_words.is_said(resource)
    unsure = source.unsure_words is not None and source.unsure_words.is_said(resource)
    if len(figures.days) <= 1 or listed is None:
        return WholeClaim(void, figures, None, figures.days, worded, unsure)
    by_line = listed.by_part(resource, (source.lines or source).elements(resource))
    rest = tuple(dict.fromkeys(_in_numbers(by_line.rest)))[:MOST_COMPARED]
    return WholeClaim(void, figures, by_line, rest, worded, unsure)


@per_patient
def whole_claim(_: PatientCase, source: Source, resource: Json) -> WholeClaim:
    """What the claim states for all its lines; read once for each claim."""
    return whole_of(source, resource)


def sign_of(hit: Hit, of_all: WholeClaim) -> Sign:
    """The sign of a claim line or dispense, by its own figures and those of the whole resource."""
    source, whole = hit.source, of_all.figures
    if of_all.void:
        return Sign.TAKEN_BACK
    holders = [whole]
    if hit.element is not hit.resource:
        line = figures_of(source, hit.element, apart=whole.minus)
        if line.minus and not whole.minus:
            whole = figures_of(source, hit.resource, apart=True)
        holders = [line, whole]
    days = days_of(hit, of_all)
    if _signs(days) == {-1, 1}:
        return Sign.NOTHING
    amounts = [*days, *(amount for holder in holders for amount in holder.amounts)]
    if any(amount < 0 for amount in amounts):
        return Sign.TAKEN_BACK
    by_money = _sign_of_money(holders)
    if of_all.in_words and by_money is not Sign.MONEY_BACK:
        return Sign.MAYBE_REVERSAL
    return Sign.NOTHING if 0 in amounts and by_money is not Sign.MONEY_BACK else by_money


def days_of(hit: Hit, of_all: WholeClaim) -> Sequence[float]:
    """The days' supply stated for the line, else that stated for no particular line."""
    own = of_all.by_line.own(hit.element) if of_all.by_line is not None else ()
    return tuple(_in_numbers(own)) or of_all.rest


def days_taken_back(days: Sequence[float]) -> int | None:
    """The days' supply of a reversal, without its minus."""
    positive = [abs(figure) for figure in days if figure < 0]
    return int(positive[0]) if positive and positive[0] == int(positive[0]) else None


def _days(source: Source, resource: Json) -> Iterator[float]:
    listed = source.days_listed.read(resource) if source.days_listed else []
    for value in [*(sent for steps in source.days for sent in read(steps, resource)), *listed]:
        if (days := _days_number(value)) is not None:
            yield days


def _in_numbers(values: Iterable[object]) -> Iterator[float]:
    return (days for value in values if (days := _days_number(value)) is not None)


def _days_number(value: object) -> float | None:
    return number(value.get("value") if isinstance(value, dict) else value)


def _numbers(paths: tuple[Steps, ...], holder: Json) -> Iterator[float]:
    for steps in paths:
        if steps[0] in holder:
            yield from (amount for v in read(steps, holder) if (amount := number(v)) is not None)


def _sign_of_money(holders: Sequence[Figures]) -> Sign:
    """The sign by money: charged amounts decide first, since a valid claim may have a negative payment."""
    if not any(figures.minus for figures in holders):
        return Sign.GIVEN
    # the line of a claim decides if it states what was charged
    charged = next(
        (line_signs for figures in holders if (line_signs := _signs(figures.charged))), set()
    )
    paid = {sign for figures in holders for sign in _signs([*figures.plain, *figures.paid])}
    if charged == {1}:
        return Sign.LESS_PAID if -1 in paid else Sign.GIVEN
    signs = charged or paid or _signs_of_others(holders)
    if signs == {-1}:
        return Sign.MONEY_BACK
    if signs == {-1, 1}:
        return Sign.MAYBE_REVERSAL if charged or paid else Sign.LESS_PAID
    return Sign.GIVEN


def _signs_of_others(holders: Sequence[Figures]) -> set[int]:
    """The signs of amounts without a known category: those of the line, else those of the claim.

    A negative amount among positive ones may be a discount; if all are negative, money was paid back.
    """
    return next((signs for figures in holders if (signs := _signs(figures.money))), set())


def _every_amount(money: Money, holder: Json) -> Iterator[float]:
    """Every listed amount, whatever its category."""
    listed = {coded.entries: coded for coded in (*money.charged, *money.paid)}.values()
    values = (v for coded in listed if coded.entries[0] in holder for v in coded.all(holder))
    return (amount for value in values if (amount := number(value)) is not None)


def _signs(amounts: Iterable[float]) -> set[int]:
    return {1 if amount > 0 else -1 for amount in amounts if amount}


def _listed(entries: tuple[CodedEntries, ...], holder: Json) -> Iterator[float]:
    for listed in entries:
        if listed.entries[0] in holder:
            yield from (amount for v in listed.read(holder) if (amount := number(v)) is not None)
