"""What only the prescriber knows: statements as findings, and what supports them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from service.facts.case import Case, display, evidence
from service.facts.statements.answer_reading import answer_reader
from service.facts.statements.stated_answers import answers
from service.facts.statements.stated_values import values_reader
from service.facts.statements.statement_responses import Responses
from service.facts.statements.validity import for_its_day, validity_on
from service.facts.statements.who_may_state import Authors
from service.facts.supply.first_dose import first_dose
from service.fhir.elements import (
    read,
)
from service.policy.finding import (
    STOPPED_INEFFECTIVE,
    STOPPED_OTHERWISE,
    Evidence,
    Finding,
    remark,
    unknown,
)
from service.policy.model import Policy
from service.policy.operators import Statement, TrialOutcome
from service.policy.truth import Reason, Truth, Way

PATHS = ("initial", "renewal")
UNSTATED = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)
UNSTATED_FOR_REVIEW = unknown(Reason.ATTESTATION, way=Way.REVIEW)
NOT_COUNTED = "not_counted"
UNREAD_STATEMENTS = remark("statements_unread")
# The findings of statements on some diseases of a policy, by the id of the criterion.
StatementsFor = Callable[..., Mapping[str, Finding]]


def statement(case: Case, asked: Statement) -> Finding:
    """The answer under the first of the ids that has one; some only bring it before the reviewer."""
    if not case.answers:
        return UNSTATED_FOR_REVIEW if asked.for_review else UNSTATED
    finding = _stated_under(case, asked.ids)
    if asked.before and finding.truth is Truth.NOT_MET and first_dose(case) is not None:
        return unknown(Reason.ATTESTATION, *finding.evidence, way=Way.ATTESTATION)
    if not asked.for_review or finding.truth is Truth.NOT_MET:
        return finding
    reason = Reason.REVIEW if finding.truth is Truth.MET else finding.reason
    return unknown(reason or Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=finding.miss)


def _stated_under(case: Case, ids: Sequence[str]) -> Finding:
    """The first that counts; else why the first one does not."""
    asked, *_ = ids
    stated = [for_its_day(case, asked, case.answers[id_]) for id_ in ids if id_ in case.answers]
    counting = (finding for finding in stated if not _is_refused(finding))
    return next(counting, stated[0] if stated else UNSTATED)


def _is_refused(finding: Finding) -> bool:
    return finding.miss is not None and finding.miss.kind == NOT_COUNTED


def outcome(case: Case, asked: TrialOutcome) -> Finding:
    """A failed trial as stated; a coded stop for inefficacy supports it and asks for review.

    It is shown beside a statement too, whatever that says. Beside a stated failure that no such reason
    supports, therapies are shown that were stopped for another coded reason.
    """
    finding = _stated_under(case, asked.ids)
    shown = _stopped(case, asked, STOPPED_INEFFECTIVE)[:3]
    if finding.truth is Truth.MET and not shown:
        shown = _stopped(case, asked, STOPPED_OTHERWISE)[:3]
    if finding.truth is not Truth.UNKNOWN:
        return finding._replace(evidence=(*finding.evidence, *shown)) if shown else finding
    if not shown:
        return finding
    proofs = (*finding.evidence, *shown)
    if finding.miss == UNREAD_STATEMENTS:
        return finding._replace(evidence=proofs)
    return unknown(Reason.REVIEW, *proofs, way=Way.ATTESTATION)


def _stopped(case: Case, asked: TrialOutcome, kind: str) -> list[Evidence]:
    """Therapies whose coded reason to stop is that they did not help, or is another one of the lists."""
    fact = case.knowledge.of_kind("outcome")
    groups = {name.split(".", 1)[0] for name in fact.value_sets}
    shown = []
    for hit in case.hits(fact.sources, asked.of):
        for reason in read(("statusReason",), hit.resource):
            reasons = case.record.entries_of_concept(reason)
            failed = any(one.value_set in fact.value_sets for one in reasons)
            other = next((one for one in reasons if one.value_set.split(".", 1)[0] in groups), None)
            name = display(hit, asked.of)
            if kind == STOPPED_INEFFECTIVE and failed:
                shown.append(evidence(case, hit, remark("stopped_ineffective", name=name)))
            elif kind == STOPPED_OTHERWISE and other is not None and not failed:
                why = other.display
                shown.append(evidence(case, hit, remark("stopped_otherwise", name=name, why=why)))
    return shown


def statements_for(
    policy: Policy, responses: Responses, day: date, authors: Authors
) -> StatementsFor:
    """The answers that are recent enough and belong to this policy version, for some of its diseases."""
    record, knowledge = authors.record, authors.knowledge
    reading = answer_reader(record, knowledge, authors)
    readers = (reading.contradict, values_reader(policy, knowledge))
    reading = reading._replace(contradict=lambda *below: any(one(*below) for one in readers))
    zone, validity = record.calendar.zone, validity_on(policy, day)

    def stated(*indications: str) -> Mapping[str, Finding]:
        ours = _questionnaires(policy, indications)
        return answers(responses, ours, validity, reading, zone)

    return stated


def undecided(stated: StatementsFor) -> StatementsFor:
    """The same where what this service keeps cannot be read: then nothing that was stated decides.

    A kept statement may be newer, or take back one that the EHR still has.
    """

    def each(*indications: str) -> Mapping[str, Finding]:
        return {id_: _undecided(finding) for id_, finding in stated(*indications).items()}

    return each


def _undecided(finding: Finding) -> Finding:
    if finding.truth is Truth.UNKNOWN:
        return finding
    proofs = finding.evidence
    return unknown(Reason.INCOMPLETE, *proofs, way=Way.DATA, miss=UNREAD_STATEMENTS)


def _questionnaires(policy: Policy, indications: Iterable[str]) -> frozenset[str]:
    """The canonicals whose answers count, with and without the version after `|`.

    One without a version means this version: answers from before it came into force do not count.
    """
    versioned = [
        policy.questionnaire(indication, path) for indication in indications for path in PATHS
    ]
    return frozenset([*versioned, *(canonical.split("|", 1)[0] for canonical in versioned)])
