"""Judges one draft order, step by step: the policy, the assessment, the suggestions."""

from collections.abc import Sequence

from service.advise.assessed_order import AssessedOrder, assess_order, case_of
from service.advise.judgement import Judgement
from service.advise.policy_for import Question, Visit, policy_for
from service.advise.suggestions import Suggested, suggested
from service.advise.therapies import whats_beside
from service.cards.context import CardContext
from service.cards.twin import TwinContext
from service.clinical.offer import Beside
from service.facts.case import Case
from service.facts.order.drafts import Draft
from service.policy.remark import remark

UNNAMED_PAYER = remark("unknown_payer")


def judge_order(visit: Visit, drug: str, draft: Draft, drafts: Sequence[Draft]) -> Judgement:
    """The judgement of one order; only the first of several drafts has therapies and considerations."""
    question = policy_for(visit, drug, draft)
    assessed = assess_order(visit, question)
    case = case_of(visit, question, assessed)
    beside = _beside(visit, question, assessed, case) if draft is drafts[0] else Beside()
    suggestions = suggested(visit, question, assessed, case, beside)
    return Judgement(
        assessed.assessment,
        _about(visit, question, assessed),
        beside,
        _scene(visit, question, assessed, suggestions, several=len(drafts) > 1),
        tuple(other.reference for other in drafts),
    )


def _beside(visit: Visit, question: Question, assessed: AssessedOrder, case: Case) -> Beside:
    """Therapies and considerations; none at order-select, where only coverage is shown."""
    if visit.request.hook != "order-sign" or assessed.held:
        return Beside()
    payer = question.payer.payer
    return whats_beside(visit.library, payer.id if payer else None, case, assessed.assessment)


def _about(visit: Visit, question: Question, assessed: AssessedOrder) -> TwinContext:
    record = visit.record
    return TwinContext(
        question.draft.reference,
        question.day,
        visit.library.content,
        {name: str(state) for name, state in record.states.items()},
        coverages=question.payer.coverages,
        unread=record.unread(),
        asked=assessed.unread,
        set_aside=record.set_aside(),
    )


def _scene(
    visit: Visit,
    question: Question,
    assessed: AssessedOrder,
    suggestions: Suggested,
    *,
    several: bool,
) -> CardContext:
    """What the card needs besides the assessment; with several orders none is corrected by a click."""
    payer = question.payer
    unnamed = visit.library.wording.text(UNNAMED_PAYER)
    return CardContext(
        payer=payer.payer.name if payer.payer else unnamed,
        payer_short=payer.payer.short if payer.payer else unnamed,
        drug=question.drug,
        order=question.draft.label,
        several_orders=several,
        brief=visit.request.hook == "order-select",
        source_names=visit.library.source_names,
        why_short=assessed.short,
        elsewhere_says=payer.elsewhere.says if payer.elsewhere else None,
        perhaps=assessed.perhaps,
        coverages=payer.coverages,
        repair=None if several else suggestions.repair,
        dose=suggestions.dose,
        running=suggestions.running,
        fixes=suggestions.fixes,
    )
