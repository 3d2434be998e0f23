"""The fills of a class of drugs: each hand-over once, without samples and what was reversed or replaced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from service.facts.case import PatientCase, kind_of, when
from service.facts.evidence import not_understood
from service.facts.fills.daily_dose import daily_dose
from service.facts.fills.days_supply import days_supply
from service.facts.fills.fill import (
    NO_HANDOVER,
    Fill,
    FoundFill,
    as_doubtful,
    ingredient_of,
    same_product,
)
from service.facts.fills.replaced_claims import is_replaced, own_names, related_names
from service.facts.fills.reversals import (
    Claimed,
    NotYetReversed,
    Sign,
    State,
    days_of,
    days_taken_back,
    sign_of,
    whole_claim,
)
from service.facts.fills.same_handover import each_handover_once
from service.facts.fills.samples import is_sample
from service.fhir.elements import read
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import ANY_DAY
from service.fhir.values.quantity import measure, number
from service.json_object import Json
from service.memo import per_patient
from service.policy.finding import Remark, remark

KINDS = ("claim", "dispense", "outside_pharmacy", "record", "chart")
ONE_DAY = 1  # some claims count one day a dose, however long the dose lasts
# Why a record may be no hand-over; shown with the evidence.
REPLACED = remark("fill_replaced")
PARTLY = remark("fill_partly_paid")
NOTHING = remark("fill_contradicts_itself")
BACK = remark("fill_taken_back")
UNCLEAR = remark("fill_status_unclear")
UNSURE = remark("fill_unsure_in_words")
# How pieces of a drug are counted (units.yaml); a volume or a weight counts none.
COUNTED = ("pieces", "inhalers", "actuations", "devices", "forms")
BACKWARD = (Sign.TAKEN_BACK, Sign.MONEY_BACK)


def find_fills(
    case: PatientCase, hits: Iterable[Hit], value_sets: Sequence[str]
) -> list[FoundFill]:
    """The fills among the hits, strongest kind first, each hand-over once."""
    not_samples = [hit for hit in hits if not is_sample(case, hit)]
    handovers = standing_fills(case, [hit for hit in not_samples if hit.doubt is None], value_sets)
    handovers = [_listed(handover) for handover in handovers if _may_count(handover)]
    handovers.sort(key=lambda handover: (KINDS.index(handover.kind), handover.fill.start.first))
    # an entry that is not understood proves nothing, but may be a fill
    doubtful = (_handover_of(case, hit, value_sets) for hit in not_understood(not_samples))
    open_ = [replace(handover, question=True) for handover in doubtful]
    unknown_days = case.knowledge.of_kind("supply").unknown_supply_days
    return [*each_handover_once(handovers, unknown_days, case.record.share), *open_]


def _may_count(handover: FoundFill) -> bool:
    """Whether a record counts, or has an unreadable status and so may be a fill or a current therapy."""
    source = handover.hit.source
    unread = source.silent_only_if_read or source.may_be_in_use(handover.hit.resource)
    return handover.hit.standing == "counts" or unread


def _listed(handover: FoundFill) -> FoundFill:
    """A list entry that does not count becomes a question: it is not known whether it ever applied."""
    unread = handover.hit.standing != "counts" and handover.kind in NO_HANDOVER
    return replace(handover, question=True) if unread else handover


def standing_fills(
    case: PatientCase, hits: Iterable[Hit], value_sets: Sequence[str]
) -> list[FoundFill]:
    """The records that surely or perhaps stand after reversals and adjustments, in the order sent."""
    handovers = [_handover_of(case, hit, value_sets) for hit in hits]
    return [*_standing_claims(case, handovers)]


def not_taken_back(case: PatientCase, hits: Iterable[Hit], value_sets: Sequence[str]) -> list[Hit]:
    """The hits that count, of any kind, without reversals and what these take back.

    A hit that may have been taken back or replaced gets the standing `unusable`.
    """
    return [
        replace(handover.hit, known_standing="unusable") if handover.fill.doubtful else handover.hit
        for handover in standing_fills(case, hits, value_sets)
        if handover.hit.standing == "counts"
    ]


def _handover_of(case: PatientCase, hit: Hit, value_sets: Sequence[str]) -> FoundFill:
    case.record.share.check()
    entries = [entry for entry in hit.entries if entry.value_set in value_sets]
    # If a product code and an ingredient code are both sent, the product code says more.
    best = next((entry for entry in entries if not entry.question), entries[0])
    ingredient = ingredient_of(best)
    days, product = days_supply(case, hit), best.attributes
    called = same_product(best.display)
    start, interval = when(hit) or ANY_DAY, _interval(product)
    one_dose = days == ONE_DAY and _is_dosed_apart(case, best)
    fill = Fill(start, days, ingredient, interval=interval, product=called, one_dose=one_dose)
    table = case.knowledge.dose_tables.get(best.value_set)
    dose = daily_dose(case, hit, table, product, days) if table else None
    kind, set_ = kind_of(hit, case.record.server), best.value_set
    return FoundFill(hit, kind, fill, best.question, best.display, set_, product, dose)


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


def _standing_claims(case: PatientCase, handovers: Sequence[FoundFill]) -> Iterator[FoundFill]:
    """The records that stand: no reversals, nothing taken back or replaced; unclear ones are doubtful.

    Denied and replaced claims are compared too, so that their reversal does not take back another claim.
    """
    states = [_state_of(case, each.hit) for each in handovers]
    gone, doubts = _reversed(case, handovers, states)
    for place, (handover, state) in enumerate(zip(handovers, states, strict=True)):
        if place in gone or state.sign is Sign.TAKEN_BACK:
            continue
        if state.replaced or handover.hit.standing == "never":
            continue
        doubt = doubts.get(place) or state.doubt or _too_few_units(case, handover)
        yield handover if doubt is None else as_doubtful(handover, doubt)


def _too_few_units(case: PatientCase, handover: FoundFill) -> Remark | None:
    """Why a hand-over contradicts itself: its units cannot last for its days by any labelled use."""
    lasts, days = case.record.unlisted.unit_days.get(handover.value_set), handover.fill.days
    if lasts is None or days is None:
        return None
    units, hit = case.knowledge.units, handover.hit
    sent = [value for steps in hit.source.quantity for value in read(steps, hit.element)]
    counted = [measure(value, units[word], units) for value in sent for word in COUNTED]
    most = max((count.high for count in counted if count is not None), default=None)
    held = number(handover.product.get("actuations")) or 1
    # so many pieces as one inhaler has doses are its doses
    if most is None or days <= (most if most >= held else most * held) * lasts:
        return None
    return remark("fill_of_too_few", quantity=most, days=days)


class ClaimState(NamedTuple):
    """What a claim or a dispense states about itself, independent of the drug asked for."""

    sign: Sign
    replaced: bool | None
    doubt: Remark | None


PLAIN = ClaimState(Sign.GIVEN, replaced=False, doubt=None)


def _state_of(case: PatientCase, hit: Hit) -> ClaimState:
    return _state_by_amounts(case, hit) if hit.source.amounts else PLAIN


@per_patient
def _state_by_amounts(case: PatientCase, hit: Hit) -> ClaimState:
    whole = whole_claim(case, hit.source, hit.resource)
    sign, old = sign_of(hit, whole), is_replaced(case, hit)
    doubt = REPLACED if old is None else UNSURE if whole.unsure else None
    if sign in (Sign.NOTHING, Sign.MONEY_BACK, Sign.MAYBE_REVERSAL):
        doubt = NOTHING
    elif hit.standing != "counts" and hit.source.silent_only_if_read:
        doubt = UNCLEAR
    elif _is_partly_paid(case, hit.source, hit.resource):
        doubt = PARTLY
    return ClaimState(sign, old, doubt)


@per_patient
def _is_partly_paid(_: PatientCase, source: Source, resource: Json) -> bool:
    """Whether a claim was paid in part and no line is marked as denied."""
    if source.partly is None or source.partly.standing(resource, resource) != "counts":
        return False
    lines = source.elements(resource)
    return len(lines) > 1 and all(source.standing(resource, line) != "never" for line in lines)


def _reversed(
    case: PatientCase, handovers: Sequence[FoundFill], states: Sequence[ClaimState]
) -> tuple[set[int], dict[int, Remark]]:
    """The indexes of reversals and of what they take back; and the doubts about others, by index."""
    signs = [state.sign for state in states]
    backward = [n for n, sign in enumerate(signs) if sign in BACKWARD or sign is Sign.LESS_PAID]
    backward = [n for n in backward if handovers[n].hit.standing != "never"]
    # a claim that is a reversal by its words alone makes its duplicates of that day doubtful
    backward += [n for n, sign in enumerate(signs) if sign is Sign.MAYBE_REVERSAL]
    gone: set[int] = set()
    doubts: dict[int, Remark] = {}
    if not backward:
        return gone, doubts
    forward = (n for n, sign in enumerate(signs) if sign not in BACKWARD)
    standing = NotYetReversed(
        {n: _claimed(case, handovers[n], replaced=bool(states[n].replaced)) for n in forward}
    )
    for n in backward:
        case.record.share.check()
        handover = handovers[n]
        if signs[n] is Sign.MAYBE_REVERSAL:
            doubts |= dict.fromkeys(standing.duplicates_of(n), BACK)
            continue
        if signs[n] is Sign.LESS_PAID:
            duplicate = standing.duplicate_of(n)
            doubts |= {} if duplicate is None else {n: BACK, duplicate: BACK}
            continue
        target = standing.taken_back(_taking_back(case, handover), related_names(handover.hit))
        if target is None:
            continue
        gone |= {n, target.place} if target.sure else {n}
        doubts |= {} if target.sure else {target.place: BACK}
    return gone, doubts


def _claimed(case: PatientCase, handover: FoundFill, *, replaced: bool) -> Claimed:
    fill, hit = handover.fill, handover.hit
    days = fill.days
    if days is None:
        days = days_taken_back(days_of(hit, whole_claim(case, hit.source, hit.resource)))
    names = own_names(hit.source, hit.resource)
    state: State = (
        "replaced" if replaced else "never_counted" if hit.standing == "never" else "stands"
    )
    line = (handover.kind, fill.ingredient)
    return Claimed(line, fill.product, days, fill.start.first, fill.start.last, names, state)


def _taking_back(case: PatientCase, handover: FoundFill) -> Claimed:
    """A reversal prepared for comparison, without its own names: they do not name what it takes back."""
    return _claimed(case, handover, replaced=False)._replace(names=())


@per_patient
def fills_of(case: PatientCase, value_sets: Sequence[str]) -> list[tuple[Fill, FoundFill]]:
    """Every fill, order or list entry of these classes of whatever kind, samples left out."""
    fact = case.knowledge.of_kind("supply")
    handovers = find_fills(case, case.hits(fact.sources, value_sets), value_sets)
    return [(handover.fill, handover) for handover in handovers]
