"""One order assessed: its case, and the assessment by a policy, or a short answer where nothing is judged."""

from dataclasses import dataclass, replace

from service.advise.policy_for import Question, Visit
from service.facts.case import Case
from service.facts.indications import (
    OrderIndications,
    active_diagnoses,
    indications_of_order,
)
from service.facts.operator_table import answer, asked_about
from service.facts.order.deceased_or_inactive import NOT_UNDERSTOOD, why_withheld
from service.facts.order.drafts import as_order
from service.facts.payer.payers import in_network, is_payer
from service.facts.statements.statement import StatementsFor, statements_for, undecided
from service.facts.statements.statement_responses import responses_to
from service.facts.statements.who_may_state import Authors
from service.facts.supply.unread_entries import unread_in_words
from service.fhir.resource_types import RESPONSE
from service.memo import IdentitySet
from service.policy.assessment import Assessment, Outcome, assess
from service.policy.finding import Remark
from service.policy.model import Policy
from service.policy.subject_of_answer import speaks_of
from service.policy.truth import WAYS, Way

NO_DISEASE = OrderIndications((), from_order=False, outside=False)


def case_with_policy(
    visit: Visit, question: Question, policy: Policy, asked: OrderIndications
) -> Case:
    """The case that a policy judges, with the answers to its questionnaires."""
    case = _case(visit, question, asked, _stated(visit, question, policy))
    return replace(case, speaks_of=speaks_of(policy))


def case_without_policy(visit: Visit, question: Question, *, disease_clear: bool) -> Case:
    """The case if no policy judges: its diseases are those of the label, and it has no statements."""
    label = visit.library.knowledge.labels.get(question.drug)
    if label is None or not disease_clear:
        return _case(visit, question, NO_DISEASE)
    resource, record = question.draft.resource, visit.record
    diagnoses, pointing = visit.library.source_of("Condition"), visit.library.knowledge.pointing
    return _case(
        visit, question, indications_of_order(record, resource, label, diagnoses, pointing)
    )


def _case(
    visit: Visit, question: Question, asked: OrderIndications, stated: StatementsFor | None = None
) -> Case:
    record, payer = visit.record, question.payer.payer
    return Case(
        knowledge=visit.library.knowledge,
        record=record,
        client=visit.client,
        order=as_order(question.draft, asked),
        day=question.day,
        drug=question.drug,
        indications=asked.live,
        is_payer=lambda holder: is_payer(record, payer, holder),
        in_network=lambda pharmacy: in_network(payer, pharmacy),
        answers=stated(*asked.live) if stated else {},
        answer=answer,
        user=visit.request.user_id,
        stated_for=stated,
        shared=visit.shared.setdefault((question.drug, question.day), {}),
    )


def _stated(visit: Visit, question: Question, policy: Policy) -> StatementsFor:
    """The prescriber's statements of this order, from the prefetch, its drafts and our own store."""
    record, library = visit.record, visit.library
    kept = visit.request.statements or ()
    responses = responses_to(
        record,
        library.source_of(RESPONSE),
        question.draft.resource,
        (draft.resource for draft in visit.request.draft_orders),
        [one.response for one in kept],
        IdentitySet(one.response for one in kept if one.in_ehr),
    )
    authors = Authors(record, library.knowledge, question.draft.resource, visit.request.user_id)
    stated = statements_for(policy, responses, question.day, authors)
    return stated if visit.request.statements is not None else undecided(stated)


# The reason of an answer if the diagnosis has a code that is in none of our value sets.
UNMAPPED = "unmapped"
ORDERS = "MedicationRequest"
# Short answers if it is not known for which disease the order is.
DISEASE_UNCLEAR = ("unknown_indication", "unmapped_indication", "either_indication")


@dataclass(frozen=True, slots=True)
class AssessedOrder:
    """The assessment of an order and its case; `short` names the text of a short answer, if there is one.

    `by_policy` means that a policy judged it; `held`, that the order must not be used as it is.
    """

    assessment: Assessment
    case: Case
    short: str | None = None
    by_policy: bool = False
    perhaps: tuple[str, ...] = ()
    unread: tuple[Remark, ...] = ()
    held: bool = False


def assess_order(visit: Visit, question: Question) -> AssessedOrder:
    """The assessment of an order; never met if the patient died, or if record or order must not be used."""
    assessed = _assessed(visit, question)
    orders = visit.library.source_of(ORDERS)
    reason = why_withheld(visit.record, question.draft.resource, orders, question.day)
    if reason is None:
        return assessed
    assessment = assessed.assessment
    way = Way.ORDER if reason == NOT_UNDERSTOOD else Way.REVIEW
    if assessment.outcome in (Outcome.MET, Outcome.UNKNOWN):
        awaits = sorted({*assessment.awaits, str(way)}, key=[str(each) for each in WAYS].index)
        assessment = replace(assessment, outcome=Outcome.UNKNOWN, awaits=awaits)
    return replace(assessed, assessment=replace(assessment, reason=reason), short=reason, held=True)


def _assessed(visit: Visit, question: Question) -> AssessedOrder:
    policy, payer = question.policy, question.payer
    if not question.draft.clear:
        return _awaiting_order(visit, question, "order_unclear")
    if payer.unclear:
        return _awaiting_order(visit, question, "payer_unclear", reason="payer_unclear")
    if policy is None:
        reason = None if payer.readable else "payer_not_supplied"
        short = "no_drug_coverage" if payer.passed_over else reason
        return _not_judged(visit, question, Assessment(Outcome.NO_POLICY, reason=reason), short)
    if payer.elsewhere is not None:
        return _not_judged(visit, question, Assessment(Outcome.ELSEWHERE, policy))
    return _by_policy(visit, question, policy)


def _by_policy(visit: Visit, question: Question, policy: Policy) -> AssessedOrder:
    """The assessment by a policy, for the diseases that the order may be for."""
    diagnoses = visit.library.source_of("Condition")
    pointing = visit.library.knowledge.pointing
    indications = indications_of_order(
        visit.record, question.draft.resource, policy, diagnoses, pointing
    )
    if indications.outside:
        return _not_judged(visit, question, Assessment(Outcome.NOT_ADDRESSED, policy))
    if not indications.live and indications.unread:
        titles = tuple(policy.indications[indication].title for indication in indications.perhaps)
        return _awaiting_order(visit, question, "unmapped_indication", titles, UNMAPPED)
    if not indications.live:
        return _awaiting_order(visit, question, "unknown_indication")
    if not indications.from_order and (beside := _labelled_beside(visit, question, policy)):
        own = (policy.indications[indication].title for indication in indications.live)
        return _awaiting_order(visit, question, "either_indication", (*own, *beside))
    case = case_with_policy(visit, question, policy, indications)
    assessment = assess(policy, indications.live, case.ask, case.ask_for)
    unread = tuple(map(unread_in_words, asked_about(case)))
    return AssessedOrder(assessment, case, by_policy=True, unread=unread)


def _labelled_beside(visit: Visit, question: Question, policy: Policy) -> tuple[str, ...]:
    """The active diseases that the drug is labelled for and that the policy does not name, by title."""
    label = visit.library.knowledge.labels.get(question.drug)
    if label is None:
        return ()
    named = {name for one in policy.indications.values() for name in one.conditions}
    return tuple(
        label.indications[id_].title
        for id_ in active_diagnoses(visit.record, label, visit.library.source_of("Condition"))
        if named.isdisjoint(label.indications[id_].conditions)
    )


def _awaiting_order(
    visit: Visit,
    question: Question,
    short: str,
    perhaps: tuple[str, ...] = (),
    reason: str | None = None,
) -> AssessedOrder:
    """The short answer if the order must say more before a policy can judge it."""
    awaits = [str(Way.ORDER)]
    assessment = Assessment(Outcome.UNKNOWN, question.policy, awaits=awaits, reason=reason)
    return replace(_not_judged(visit, question, assessment, short), perhaps=perhaps)


def _not_judged(
    visit: Visit, question: Question, assessment: Assessment, short: str | None = None
) -> AssessedOrder:
    """An order that no policy judges; therapies and dose are still judged for the label's diseases."""
    clear = question.draft.clear and short not in DISEASE_UNCLEAR
    case = case_without_policy(visit, question, disease_clear=clear)
    return AssessedOrder(assessment, case, short)
