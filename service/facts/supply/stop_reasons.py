"""Whether a drug was stopped for a certain reason, and what its entries say of harm by it."""

from collections.abc import Sequence
from enum import Enum
from itertools import islice
from typing import NamedTuple

from service.facts.case import PatientCase, display, evidence, when
from service.facts.fact import Fact
from service.facts.fills.fill import PHARMACY, Fill, names_drug
from service.facts.fills.fills_of_class import fills_of
from service.fhir.elements import codes, names
from service.fhir.hit import Hit
from service.fhir.resource_types import ENTERED_IN_ERROR
from service.memo import per_patient
from service.policy.finding import Evidence, Finding, Remark, met, remark, unknown
from service.policy.operators import Stopped
from service.policy.truth import Reason, Truth, Way

SHOWN = 3
REASON = "reason."  # prefix of the value sets of reasons for stopping
NOT_TAKEN = "not-taken"  # status of a FHIR R4 MedicationStatement, which is no use of the drug
# Statuses of an entry that was not carried out, or not to its end.
ENDED_EARLY = frozenset({"stopped", "cancelled", "declined", NOT_TAKEN, "not-done"})


def tells_reason(hit: Hit) -> bool:
    """Whether an entry may say why the drug is not used any more, or was not taken at all."""
    return hit.standing != "never" or NOT_TAKEN in codes(hit.resource.get("status"))


def reasons_of_stop(hit: Hit) -> list[object]:
    """What an entry gives as the reasons for stopping, as concepts."""
    return hit.source.said_against(hit.resource) if tells_reason(hit) else []


def reason_sets(case: PatientCase, concept: object) -> frozenset[str]:
    """The sets of reasons that hold a reason by its code; empty where it is not read here.

    Words, a local code and a code of a known system that is in no such set are not read.
    """
    return frozenset(
        entry.value_set
        for entry in case.record.entries_of_concept(concept)
        if entry.value_set.startswith(REASON) and not entry.by_name and not entry.question
    )


class StopReason(Enum):
    """What one entry says about the stop; the members that answer the question best come first."""

    FOR_THIS = remark("stopped_for_this")
    STILL_ACTIVE = remark("stop_reason_still_active")
    PERHAPS_ANOTHER = remark("stopped_perhaps_another")
    IN_WORDS = remark("stop_reason_in_words")
    NO_REASON = remark("stopped_without_reason")
    OTHER = None


UNREAD = (StopReason.IN_WORDS,)
REVIEWED = (StopReason.STILL_ACTIVE, StopReason.PERHAPS_ANOTHER, StopReason.IN_WORDS)


def stopped(case: PatientCase, asked: Stopped) -> Finding:
    """A coded reason decides; words are for the reviewer, and silence proves nothing.

    With `in_words` the words are what is asked for: that they stand there, not what they say.
    """
    fact = case.knowledge.of_kind("outcome")
    statements = [
        (_statement_of(case, asked, hit), hit) for hit in case.hits(fact.sources, asked.of)
    ]

    def shown(*wanted: StopReason) -> list[Evidence]:
        chosen = [(statement, hit) for statement, hit in statements if statement in wanted][:SHOWN]
        return [
            evidence(
                case, hit, remark("named_but", name=display(hit, asked.of), why=statement.value)
            )
            for statement, hit in chosen
        ]

    if asked.in_words:
        statements = [
            (statement, hit)
            for statement, hit in statements
            if not hit.source.may_be_in_use(hit.resource)
        ]
        sure = shown(*UNREAD)
        silent = case.silence(fact.sources, case.today) or Reason.NOT_FOUND
        return met(*sure) if sure else unknown(silent, way=fact.way)
    if sure := shown(StopReason.FOR_THIS):
        return met(*sure)
    if perhaps := shown(*REVIEWED):
        return unknown(Reason.REVIEW, *perhaps, way=Way.REVIEW)
    silent = case.silence(fact.sources, case.today) or Reason.NOT_FOUND
    return unknown(silent, *shown(StopReason.NO_REASON), way=fact.way)


class ToldAgainst(NamedTuple):
    """What an entry says against its drug, and whether that speaks of harm and is no mere unread reason."""

    words: Remark
    of_harm: bool


def perhaps_harmed(case: PatientCase, fact: Fact) -> list[Evidence]:
    """Entries by which the drug of an allergy may have done harm, whatever their status.

    They are no sign of it where the drug was given again afterwards.
    """
    hits = case.record.hits(*fact.value_sets)
    drafts = [hit for name in fact.value_sets for hit in case.record.proposed.get(name, ())]
    told = ((hit, told_against(case, hit)) for hit in (*hits, *drafts))
    harmed = (
        (hit, against)
        for hit, against in told
        if against is not None and not _given_again(case, fact, hit, of_harm=against.of_harm)
    )
    name = fact.value_sets
    return [
        evidence(case, hit, remark("named_but", name=display(hit, name), why=against.words))
        for hit, against in islice(harmed, SHOWN)
    ]


@per_patient
def told_against(case: PatientCase, hit: Hit) -> ToldAgainst | None:
    """What an entry of a drug says against it that may be harm: why it was stopped or not given, or a note.

    Where the drug was stopped, or must not be given, any reason may be harm that no set of
    `harmless` ones holds. Elsewhere, as in an order that was cancelled, the reason itself has to
    say so.
    """
    fact = case.knowledge.of_kind("outcome")
    if ENTERED_IN_ERROR in codes(hit.resource.get("status")):
        return None
    forbidden = hit.source.is_forbidden(hit.resource) and hit.source.may_be_in_use(hit.resource)
    reasons = hit.source.said_against(hit.resource)
    harmful = [reason for reason in reasons if _is_harm(case, fact, reason)]
    if not harmful and (forbidden or (tells_reason(hit) and _ends_in(fact, hit))):
        reasons = [reason for reason in reasons if not _is_harmless(case, fact, reason)]
        telling = reasons[:1] or ([{}] if forbidden and not reasons else [])
    else:
        telling = harmful
    if telling:
        return ToldAgainst(_against(hit, _called(telling[0]), forbidden=forbidden), bool(harmful))
    words = fact.harm_words
    if words is None:
        return None
    ended_early = not ENDED_EARLY.isdisjoint(codes(hit.resource.get("status")))
    notes = hit.source.notes_of(hit.resource)
    noted = next((note for note in notes if words.are_in(note, named=ended_early)), None)
    return None if noted is None else ToldAgainst(remark("harm_noted", note=noted), of_harm=True)


def _against(hit: Hit, why: str, *, forbidden: bool) -> Remark:
    if forbidden:
        return remark("harm_forbidden", why=why)
    if tells_reason(hit):
        return remark("harm_stopped", why=why)
    return remark("harm_not_given", why=why)


def _ends_in(fact: Fact, hit: Hit) -> bool:
    """Whether an entry is of a source in which a therapy ends."""
    return any(looked.source == hit.source.key for looked in fact.sources)


def _is_harmless(case: PatientCase, fact: Fact, reason: object) -> bool:
    """Whether all sets that hold a reason, by its code or its name, are harmless, and there is one."""
    named = _named_sets(case, reason)
    return bool(named) and named.issubset(fact.harmless)


def _is_harm(case: PatientCase, fact: Fact, reason: object) -> bool:
    """Whether a reason says by its code, its name or its words that the drug did harm."""
    sets = {entry.value_set for entry in case.record.entries_of_concept(reason)}
    if not sets.isdisjoint(fact.harmful):
        return True
    words = fact.harm_words
    return words is not None and any(words.are_in(name, named=True) for name in names(reason))


def _given_again(case: PatientCase, fact: Fact, stopped_hit: Hit, *, of_harm: bool) -> bool:
    """Whether the drug was ordered again after an entry, without a word against it, and then handed over.

    What speaks of harm may be younger than its entry: then the supply has a break before that order.
    """
    began, ends_in = when(stopped_hit), case.knowledge.of_kind("outcome")
    if began is None:
        return False
    later = [
        day.last
        for hit in case.hits(ends_in.sources, fact.value_sets)
        if hit.standing == "counts" and not reasons_of_stop(hit)
        if (day := when(hit)) is not None and day.first > began.last
        if told_against(case, hit) is None
    ]
    found = fills_of(case, fact.value_sets) if later else []
    fills = [fill for fill, handover in found if handover.kind in PHARMACY]
    again = [day for day in later if any(fill.start.first >= day for fill in fills)]
    return any(not of_harm or _after_a_break(case, fills, began.first, day) for day in again)


def _after_a_break(case: PatientCase, fills: Sequence[Fill], since: int, day: int) -> bool:
    """Whether the supply since a day had ended long before another day."""
    supply = case.knowledge.of_kind("supply")
    ends = [
        fill.start.last + fill.at_most(supply.unknown_supply_days)
        for fill in fills
        if since <= fill.start.first < day
    ]
    return bool(ends) and max(ends) + supply.longest_break_days < day


def _called(reason: object) -> str:
    """The name of a reason, else its code; empty if it has neither."""
    return next(iter((*names(reason), *codes(reason))), "")


def _statement_of(case: PatientCase, asked: Stopped, hit: Hit) -> StopReason:
    drug = names_drug(hit.entries, asked.of, asked.ingredients)
    counts = hit.standing == "counts" or (hit.standing == "never" and tells_reason(hit))
    if not counts or drug is Truth.NOT_MET:
        return StopReason.OTHER
    reasons = reasons_of_stop(hit)
    running = hit.source.may_be_in_use(hit.resource)
    if not reasons:
        is_stopped = "stopped" in codes(hit.resource.get("status"))
        return StopReason.NO_REASON if is_stopped else StopReason.OTHER
    answers = [_reason(case, asked, reason) for reason in reasons]
    if Truth.MET in answers:
        if drug is Truth.UNKNOWN:
            return StopReason.PERHAPS_ANOTHER
        return StopReason.STILL_ACTIVE if running else StopReason.FOR_THIS
    return StopReason.IN_WORDS if Truth.UNKNOWN in answers else StopReason.OTHER


def _reason(case: PatientCase, asked: Stopped, concept: object) -> Truth:
    """Whether a reason is one of those asked for; what no set of reasons holds leaves it open."""
    coded = reason_sets(case, concept)
    if not coded.isdisjoint(asked.reasons):
        return Truth.MET
    named = _named_sets(case, concept)
    another = bool(named) and named.isdisjoint(asked.reasons)
    return Truth.NOT_MET if another else Truth.UNKNOWN


def _named_sets(case: PatientCase, concept: object) -> frozenset[str]:
    """The sets of reasons that hold a reason by its code or by its exact name."""
    entries = case.record.entries_of_concept(concept)
    return frozenset(entry.value_set for entry in entries if entry.value_set.startswith(REASON))
