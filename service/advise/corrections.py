"""What the card corrects on one order: dose, reason, tests; and what the payer decided before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from service.advise.assessed_order import AssessedOrder
from service.advise.policy_for import Question, Visit
from service.clinical.applicable_situations import is_intolerant
from service.clinical.dose_remarks import dose_remarks, other_diseases, remarks_alone
from service.clinical.orders.corrected_dose import Repair, corrected_order
from service.clinical.orders.missing_reason import reasons_missing
from service.clinical.orders.missing_tests import tests_missing
from service.clinical.stages import beginning
from service.clinical.suggestions import DoseRemark, Fix, Suggestions
from service.facts.authorizations.authorization_in_force import (
    EarlierDecision,
    RunningAuthorization,
    earlier_decision,
    running_authorization,
)
from service.facts.case import Case
from service.facts.indications import active_diagnoses
from service.json_object import Json
from service.memo import per_document
from service.policy.finding import Finding
from service.policy.model import Criterion, leaves
from service.policy.operators import Regimen
from service.policy.truth import Truth, Way

# A suggestion repeats the whole draft, up to four times in one card: bytes of JSON.
LARGEST_REPEATED = 16 * 1024


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrected order, remarks on its dose, what closes gaps, and the payer's earlier decisions."""

    repair: Repair | None = None
    dose: tuple[DoseRemark, ...] = ()
    fixes: tuple[Fix, ...] = ()
    running: RunningAuthorization | None = None
    decision: EarlierDecision | None = None


def corrections_for(
    visit: Visit, question: Question, assessed: AssessedOrder, suggestions: Suggestions
) -> Corrections:
    """All corrections of an order; none if the order must not be used as it is."""
    if assessed.held:
        return Corrections()
    case = assessed.case
    dose, repair = _dose(visit, assessed)
    chosen = _is_chosen(suggestions, dose, assessed)
    if chosen or not _goes_on(visit, case, suggestions) or (repair and _is_large(repair.resource)):
        repair = None
    running = _running(assessed)
    return Corrections(
        repair,
        _as_chosen(dose) if chosen else dose,
        tuple(fix for fix in _fixes(visit, question, assessed) if not _is_large(fix.resource)),
        running,
        earlier_decision(case, running) if assessed.by_policy else None,
    )


def _is_large(resource: Json) -> bool:
    """Whether a resource is too large to be repeated in an answer."""
    return len(orjson.dumps(resource)) > LARGEST_REPEATED


def _goes_on(visit: Visit, case: Case, suggestions: Suggestions) -> bool:
    """Whether the drug is to be given: not replaced, not stopped as not tolerated, no open decision."""
    if _is_left(suggestions) or any(note.holds_dose for note in suggestions.notes):
        return False
    if suggestions.offer and suggestions.offer.situation.holds_dose:
        return False
    return not is_intolerant(visit.library.clinical, case)


def _is_left(suggestions: Suggestions) -> bool:
    """Whether the drug is to be replaced, by the situation or by a click: then its dose is not corrected."""
    offer = suggestions.offer
    if offer is None or offer.situation.action != "replace":
        return False
    return offer.situation.coverage == "any" or any(option.order for option in offer.options)


def _is_chosen(
    suggestions: Suggestions, dose: Sequence[DoseRemark], assessed: AssessedOrder
) -> bool:
    """Whether an option itself proposes the lower dose: then the dose is not corrected."""
    options = suggestions.offer.options if suggestions.offer else ()
    nodes = assessed.assessment.judged.values()
    wrong = any(
        isinstance(node.criterion.operator, Regimen) and _on_order(node.finding) for node in nodes
    )
    alone = all(remark.kind == "below" for remark in dose if remark.is_repaired)
    return alone and not wrong and any(option.therapy.keeps_dose for option in options)


def _as_chosen(dose: Sequence[DoseRemark]) -> tuple[DoseRemark, ...]:
    """The remarks on the dose, with `below` marked as a choice that an option proposes too."""
    return tuple(
        replace(remark, values={**remark.values, "chosen": "yes"})
        if remark.kind == "below"
        else remark
        for remark in dose
    )


def _fixes(visit: Visit, question: Question, assessed: AssessedOrder) -> tuple[Fix, ...]:
    """Suggestions that close gaps, at order-sign only: the missing reason first, then missing tests."""
    if visit.request.hook != "order-sign" or question.policy is None or not question.draft.clear:
        return ()
    if question.payer.elsewhere is not None:
        return ()
    reasons: tuple[Fix, ...] = ()
    if not (assessed.by_policy and assessed.case.order.reason_given):
        diagnoses = visit.library.source_of("Condition")
        reasons = reasons_missing(
            visit.record,
            question.draft,
            question.policy,
            diagnoses,
            visit.library.knowledge.pointing,
        )
    if not assessed.by_policy:
        return reasons
    gaps = visit.library.clinical.gaps
    drafts = (draft.resource for draft in visit.request.draft_orders)
    return (*reasons, *tests_missing(assessed.case, assessed.assessment, gaps, drafts))


def _running(assessed: AssessedOrder) -> RunningAuthorization | None:
    """The authorization that is valid today; None unless the order is judged as a renewal."""
    if not assessed.by_policy or assessed.assessment.path != "renewal":
        return None
    return running_authorization(assessed.case)


def _dose(visit: Visit, assessed: AssessedOrder) -> tuple[tuple[DoseRemark, ...], Repair | None]:
    """Remarks on the dose, and the corrected order; None if neither label nor policy requires one."""
    case, root, policy = assessed.case, assessed.assessment.root, assessed.assessment.policy
    if not assessed.by_policy:
        return _dose_alone(visit, case)
    if root is None or policy is None:
        return (), None
    nodes = assessed.assessment.judged
    dose_questions = [
        (nodes[id_], regimen) for id_, regimen in _doses_asked(root.criterion) if id_ in nodes
    ]
    if not dose_questions:
        return (), None
    # if the path is unknown, both paths have a question: the initial one is used
    regimen = next(
        (each for _, each in dose_questions if each.phase == "initial"),
        dose_questions[0][1],
    )
    begins = beginning(case, visit.library.clinical.course(case.drug, case.indications))
    titles = {name: indication.title for name, indication in policy.indications.items()}
    allowed = all(node.finding.truth is Truth.MET for node, _ in dose_questions)
    remarks = dose_remarks(case, regimen, begins, titles, allowed=allowed)
    remarks = (*remarks, *_of_other_diseases(visit, case))
    wrong = any(remark.is_repaired for remark in remarks) or any(
        _on_order(node.finding) for node, _ in dose_questions
    )
    return remarks, corrected_order(case, regimen, begins) if wrong else None


def _dose_alone(visit: Visit, case: Case) -> tuple[tuple[DoseRemark, ...], Repair | None]:
    """Remarks and the corrected order by the label alone, if no policy judges."""
    label = case.knowledge.labels.get(case.drug)
    if label is None:
        return (), None
    begins = beginning(case, visit.library.clinical.course(case.drug, case.indications))
    remarks, is_wrong = remarks_alone(case, label, begins)
    return (*remarks, *_of_other_diseases(visit, case)), (
        corrected_order(case, label.asked, begins) if is_wrong else None
    )


def _of_other_diseases(visit: Visit, case: Case) -> tuple[DoseRemark, ...]:
    """Remarks on other diseases on record for which the label has another dose."""
    label = case.knowledge.labels.get(case.drug)
    if label is None or not case.order.reason_given:
        return ()
    active = active_diagnoses(case.record, label, visit.library.source_of("Condition"))
    return tuple(other_diseases(case, label, active))


@per_document
def _doses_asked(root: Criterion) -> tuple[tuple[str, Regimen], ...]:
    """The ids and operators of the criteria that compare the order with the label."""
    leaf_operators = ((leaf.id, leaf.operator) for leaf in leaves(root))
    return tuple(
        (id_, operator) for id_, operator in leaf_operators if isinstance(operator, Regimen)
    )


def _on_order(finding: Finding) -> bool:
    unstated = finding.truth is Truth.UNKNOWN and finding.way is Way.ORDER
    return unstated or finding.truth is Truth.NOT_MET
