"""Whether a drug was stopped for a certain reason: orders and lists with a coded reason."""

from collections.abc import Sequence
from enum import Enum

from service.facts.case import PatientCase, display, evidence, when
from service.facts.fact import Fact
from service.facts.fills.fill import PHARMACY, names_drug
from service.facts.fills.fills_of_class import fills_of
from service.fhir.elements import codes, names, read
from service.fhir.hit import Hit
from service.json_object import Json
from service.policy.finding import Evidence, Finding, met, remark, unknown
from service.policy.operators import Stopped
from service.policy.truth import Reason, Truth, Way

SHOWN = 3
REASON = "reason."  # prefix of the value sets of reasons for stopping
NOT_TAKEN = "not-taken"  # status of a FHIR R4 MedicationStatement, which is no use of the drug


def tells_reason(hit: Hit) -> bool:
    """Whether an entry may say why the drug is not used any more, or was not taken at all."""
    return hit.standing != "never" or NOT_TAKEN in codes(hit.resource.get("status"))


def reasons_of_stop(hit: Hit) -> list[Json]:
    """What an entry gives as the reasons for stopping, as concepts."""
    return read(("statusReason",), hit.resource) if tells_reason(hit) else []


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


def perhaps_harmed(case: PatientCase, fact: Fact) -> list[Evidence]:
    """Entries by which the drug of an allergy may have done harm: it was stopped, or not taken, for a reason.

    Reasons of the sets `harmless_stops` mean no harm, nor does a stop after which the drug was
    ordered and handed over again. Empty for a fact without such sets.
    """
    hits = case.hits(case.knowledge.of_kind("outcome").sources, fact.value_sets)
    harmed = [
        hit
        for hit in hits
        if fact.harmless_stops
        and any(_may_be_harm(case, fact, reason) for reason in reasons_of_stop(hit))
        and not _given_again(case, fact, hit, hits)
    ]
    name = fact.value_sets
    return [
        evidence(case, hit, remark("stopped_otherwise", name=display(hit, name), why=_why(hit)))
        for hit in harmed[:SHOWN]
    ]


def _may_be_harm(case: PatientCase, fact: Fact, reason: object) -> bool:
    """Whether a reason is in no set of reasons, not even by its name, or in one that may mean harm."""
    named = _named_sets(case, reason)
    return not named or not named.issubset(fact.harmless_stops)


def _given_again(case: PatientCase, fact: Fact, stopped_hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether the drug was ordered again after an entry, without a reason to stop, and then handed over."""
    began = when(stopped_hit)
    if began is None:
        return False
    later = [
        day.last
        for hit in hits
        if hit.standing == "counts" and not reasons_of_stop(hit)
        if (day := when(hit)) is not None and day.first > began.last
    ]
    fills = fills_of(case, fact.value_sets) if later else []
    return any(
        handover.kind in PHARMACY and fill.start.first >= min(later) for fill, handover in fills
    )


def _why(hit: Hit) -> str:
    reasons = [name for reason in reasons_of_stop(hit) for name in names(reason)]
    return next(iter(reasons), "") or str(next(iter(codes(reasons_of_stop(hit)[0])), ""))


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
