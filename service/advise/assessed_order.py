"""One order assessed: by its policy, or with a short answer where there is nothing to judge."""

from dataclasses import dataclass, replace

from service.advise.order_case import case_with_policy, case_without_policy
from service.advise.policy_for import Question, Visit
from service.facts.answer import asked_about
from service.facts.case import Case
from service.facts.indications import indications_of_order
from service.facts.order.withheld import NOT_UNDERSTOOD, why_withheld
from service.facts.supply.unread import in_words
from service.policy.assess import Assessment, Outcome, assess
from service.policy.finding import Remark
from service.policy.model import Policy
from service.policy.truth import WAYS, Way

# The reason of an answer if the diagnosis has a code that is in none of our value sets.
UNMAPPED = "unmapped"
ORDERS = "MedicationRequest"
# Short answers if it is not known for which disease the order is.
DISEASE_UNCLEAR = ("unknown_indication", "unmapped_indication")


@dataclass(frozen=True, slots=True)
class AssessedOrder:
    """The assessment of an order; `short` names the text of a short answer, None if there is none.

    `case` is None if no policy judged the order; `held` means that the order must not be used as it is.
    """

    assessment: Assessment
    short: str | None = None
    case: Case | None = None
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


def case_of(visit: Visit, question: Question, assessed: AssessedOrder) -> Case:
    """The case that a policy judged, else a case without a policy."""
    if assessed.case is not None:
        return assessed.case
    clear = question.draft.clear and assessed.short not in DISEASE_UNCLEAR
    return case_without_policy(visit, question, disease_clear=clear)


def _assessed(visit: Visit, question: Question) -> AssessedOrder:
    policy = question.policy
    if not question.draft.clear:
        return _awaiting_order(policy, "order_unclear")
    if question.payer.unclear:
        return _awaiting_order(policy, "payer_unclear", reason="payer_unclear")
    if policy is None:
        reason = None if question.payer.readable else "payer_not_supplied"
        short = "no_drug_coverage" if question.payer.passed_over else reason
        return AssessedOrder(Assessment(Outcome.NO_POLICY, reason=reason), short)
    if question.payer.elsewhere is not None:
        return AssessedOrder(Assessment(Outcome.ELSEWHERE, policy))
    return _by_policy(visit, question, policy)


def _by_policy(visit: Visit, question: Question, policy: Policy) -> AssessedOrder:
    """The assessment by a policy, for the diseases that the order may be for."""
    diagnoses = visit.library.source_of("Condition")
    pointing = visit.library.knowledge.pointing
    indications = indications_of_order(
        visit.record, question.draft.resource, policy, diagnoses, pointing
    )
    if indications.outside:
        return AssessedOrder(Assessment(Outcome.NOT_ADDRESSED, policy))
    if not indications.live and indications.unread:
        titles = tuple(policy.indications[indication].title for indication in indications.perhaps)
        return _awaiting_order(policy, "unmapped_indication", titles, UNMAPPED)
    if not indications.live:
        return _awaiting_order(policy, "unknown_indication")
    case = case_with_policy(visit, question, policy, indications)
    assessment = assess(policy, indications.live, case.ask, case.ask_for)
    return AssessedOrder(assessment, case=case, unread=tuple(map(in_words, asked_about(case))))


def _awaiting_order(
    policy: Policy | None, short: str, perhaps: tuple[str, ...] = (), reason: str | None = None
) -> AssessedOrder:
    assessment = Assessment(Outcome.UNKNOWN, policy, awaits=[str(Way.ORDER)], reason=reason)
    return AssessedOrder(assessment, short, perhaps=perhaps)
