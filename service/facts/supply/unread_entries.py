"""Entries that do not say which drug or substance they are about: what they may change is open."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from service.facts.case import PatientCase, evidence
from service.facts.fact import Looked
from service.facts.fills.fill import FoundFill
from service.facts.fills.fills_of_class import ONE_DAY, find_fills
from service.facts.supply.supply_tests import YEAR
from service.fhir.hit import Hit
from service.fhir.terminology.terminology import Entry
from service.fhir.unknown_drugs import MOST_SHOWN, UNREAD
from service.fhir.values.days import ANY_DAY
from service.json_object import Json
from service.memo import IdentityMap, per_patient
from service.policy.finding import Finding, Remark, remark, unknown
from service.policy.truth import Reason, Way

SHOWN = 4


def any_unread(case: PatientCase, looked: Sequence[Looked]) -> bool:
    """Whether there are such entries in the sources that are looked in."""
    return bool(case.hits(looked, (UNREAD,)))


def unread_hits(
    case: PatientCase, looked: Sequence[Looked], value_sets: Sequence[str]
) -> list[Hit]:
    """The unread entries that may belong to one of the value sets, if they are about a drug at all."""
    return [hit for hit in case.hits(looked, (UNREAD,)) if may_be_of(case, hit, value_sets)]


def may_be_of(case: PatientCase, hit: Hit, value_sets: Sequence[str]) -> bool:
    """Whether such an entry may be a drug of one of the value sets."""
    return case.record.unlisted.may_be(mark_of(hit).attributes, value_sets)


def is_drug(hit: Hit) -> bool:
    """Whether such an entry is surely about a drug or a substance, whichever it is."""
    return bool(mark_of(hit).attributes["is_drug"])


def mark_of(hit: Hit) -> Entry:
    """What is known of an entry that cannot be read."""
    return next(entry for entry in hit.entries if entry.value_set == UNREAD)


def unread_fills(case: PatientCase, value_sets: Sequence[str]) -> list[FoundFill]:
    """Hand-overs and list entries that may be of one of the value sets, as questions."""
    if not case.record.hits(UNREAD):
        return []
    return _of_sets(case, tuple(value_sets))


@per_patient
def _of_sets(case: PatientCase, value_sets: tuple[str, ...]) -> list[FoundFill]:
    handovers = [handover for handover in _fills(case) if may_be_of(case, handover.hit, value_sets)]
    longest = case.record.unlisted.interval(value_sets)
    if longest <= case.knowledge.of_kind("supply").unknown_supply_days:
        return handovers
    return [_lasting(handover, longest) for handover in handovers]


@per_patient
def _fills(case: PatientCase) -> list[FoundFill]:
    hits = case.hits(case.knowledge.of_kind("supply").sources, (UNREAD,))
    return find_fills(case, filter(is_drug, hits), (UNREAD,))


def _lasting(handover: FoundFill, longest: int) -> FoundFill:
    """The hand-over; without usable days it lasts as long as the most rarely given of these drugs."""
    if handover.fill.days is not None and handover.fill.days > ONE_DAY:
        return handover
    return replace(
        handover, fill=replace(handover.fill, interval=max(handover.fill.interval, longest))
    )


def unread_drafts(case: PatientCase, value_sets: Sequence[str]) -> list[Hit]:
    """Other draft orders that may be of one of the value sets."""
    return [hit for hit in case.record.proposed.get(UNREAD, ()) if may_be_of(case, hit, value_sets)]


def perhaps_treated(case: PatientCase, value_sets: Sequence[str]) -> list[FoundFill]:
    """Unread hand-overs and list entries that may be such a therapy, current or ended within a year."""
    since = case.back(YEAR)
    return [
        handover for handover in unread_fills(case, value_sets) if _goes_on(case, handover, since)
    ]


def _goes_on(case: PatientCase, handover: FoundFill, since: int) -> bool:
    longest = case.knowledge.of_kind("supply").unknown_supply_days
    if (
        handover.fill.start.last + handover.fill.at_most(longest) > since
        and handover.fill.start != ANY_DAY
    ):
        return True
    return handover.fill.start == ANY_DAY or handover.hit.source.may_be_in_use(
        handover.hit.resource
    )


def unmapped_fills(
    case: PatientCase, handovers: Sequence[FoundFill], finding: Finding, drafts: Sequence[Hit] = ()
) -> Finding:
    """The finding left open by hand-overs, list entries and drafts that cannot be read."""
    newest = sorted(handovers, key=lambda handover: -handover.fill.start.first)
    hits = [*(handover.hit for handover in newest), *drafts]
    return unmapped(case, hits, finding, Way.DATA)


def unmapped(
    case: PatientCase, hits: Sequence[Hit], finding: Finding, way: Way, *, since: int = 0
) -> Finding:
    """The finding left open by entries that cannot be read, those from a place of the list on."""
    shown = (evidence(case, hit, mark_of(hit).display) for hit in hits[since : since + SHOWN])
    miss = with_unread(case, hits, finding.miss, since=since)
    proof = tuple(dict.fromkeys((*shown, *finding.evidence)))[: 2 * SHOWN]
    return unknown(Reason.UNMAPPED, *proof, way=way, miss=miss, notes=finding.notes)


def with_unread(
    case: PatientCase, hits: Sequence[Hit], miss: Remark | None, *, since: int = 0
) -> Remark:
    """The miss with the number of unread entries; also notes them for the question (`noting_unread`)."""
    _notes(case)[-1].add(hits, since)
    return remark("unread", miss=miss, count=len(hits) - since)


def unread_in_words(hit: Hit) -> Remark:
    """An entry that could not be read, as a card names it."""
    where, code = hit.reference or hit.source.type, mark_of(hit).code
    shown = code if len(code) <= MOST_SHOWN else f"{code[: MOST_SHOWN - 1]}…"
    return remark("unread_entry", where=where, code=shown)


class Unread:
    """The unread entries that left findings open, by element; filled by `with_unread`."""

    def __init__(self) -> None:
        self.by_element: IdentityMap[Json, Hit] = IdentityMap()
        self._added: IdentityMap[Sequence[Hit], int] = IdentityMap()

    def add(self, hits: Sequence[Hit], since: int) -> None:
        """Adds the entries from a place of a list on; what was added of the same list is passed over."""
        added = self._added.get(hits, len(hits))
        for hit in hits[since:added]:
            self.by_element[hit.element] = hit
        self._added[hits] = min(since, added)


@contextmanager
def noting_unread(case: PatientCase) -> Iterator[Unread]:
    """The unread entries that leave open what is found meanwhile."""
    notes, unread = _notes(case), Unread()
    notes.append(unread)
    try:
        yield unread
    finally:
        notes.pop()


def note_unread(case: PatientCase, hits: Sequence[Hit]) -> None:
    """Notes unread entries that left open what was found in one reading of the case."""
    if hits:
        _notes(case)[-1].add(hits, 0)


@per_patient
def _notes(_: PatientCase) -> list[Unread]:
    """Where unread entries are noted, the present question last."""
    return [Unread()]
