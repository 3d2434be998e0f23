"""Whether a drug was stopped for a certain reason: orders and lists with a coded reason."""

from enum import Enum

from service.facts.case import PatientCase, display, evidence
from service.facts.fills.fill import names_drug
from service.fhir.elements import codes, read
from service.fhir.hit import Hit
from service.policy.finding import Evidence, Finding, met, remark, unknown
from service.policy.operators import Stopped
from service.policy.truth import Reason, Truth, Way

SHOWN = 3


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


def _statement_of(case: PatientCase, asked: Stopped, hit: Hit) -> StopReason:
    drug = names_drug(hit.entries, asked.of, asked.ingredients)
    if hit.standing != "counts" or drug is Truth.NOT_MET:
        return StopReason.OTHER
    reasons = read(("statusReason",), hit.resource)
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
    """Whether a reason is one of those asked for; words alone leave it open."""
    entries = case.record.entries_of_concept(concept)
    ours = [entry for entry in entries if entry.value_set in asked.reasons]
    if any(not entry.by_name and not entry.question for entry in ours):
        return Truth.MET
    another = bool(entries) or case.record.is_coded(concept)
    return Truth.NOT_MET if another and not ours else Truth.UNKNOWN
