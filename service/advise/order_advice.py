"""Judges one draft order, step by step: the policy, the assessment, the suggestions; rendered at the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.advise.assessed_order import AssessedOrder, assess_order
from service.advise.corrections import Corrections, corrections_for
from service.advise.day_met import met_by_time, met_by_time_at_once
from service.advise.policy_for import Question, Visit, policy_for
from service.advise.therapies_and_notes import suggestion_cards, suggestions_for
from service.cards.assessment_json import TwinContext
from service.cards.card import Card
from service.cards.card_context import CardContext
from service.cards.coverage_card import coverage_cards
from service.cards.wording import Wording
from service.clinical.suggestions import Suggestions
from service.facts.order.drafts import Draft
from service.json_object import Json
from service.policy.assessment import Assessment
from service.policy.finding import remark


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that an answer says of one order; `orders` are the references of all drafts for the drug.

    `visit`, `question` and `assessed` are what it was judged from, for the page of the order.
    """

    visit: Visit
    question: Question
    assessed: AssessedOrder
    assessment: Assessment
    about: TwinContext
    suggestions: Suggestions
    scene: CardContext
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A judgement as it is answered: cards for the EHR, coverage first, and the twin for programs."""

    judgement: Judgement
    cards: tuple[Card, ...]
    twin: Json

    @property
    def row(self) -> Json:
        """The row of the store: ids and outcome, without evidence and without the patient."""
        return _row(self.judgement, self.cards)

    @property
    def twin_with_days(self) -> Json:
        """The twin with the day on which it is met by itself, for which each later day is judged."""
        known = self.judgement
        later = met_by_time(known.visit, known.question, known.assessed)
        return {**self.twin, "time": later and later.as_json}


def render(judgement: Judgement, wording: Wording) -> Rendered:
    """The cards and the twin; the coverage card carries the twin."""
    known, scene = judgement, judgement.scene
    cards, twin = coverage_cards(wording, known.assessment, known.about, scene, known.suggestions)
    others = suggestion_cards(wording, known.suggestions, known.orders, scene)
    return Rendered(judgement, (*cards[:1], *others, *cards[1:]), twin)


def _row(judgement: Judgement, cards: Sequence[Card]) -> Json:
    assessment, about = judgement.assessment, judgement.about
    return {
        "id": about.id,
        "order": about.order,
        "content": about.content,
        "path": assessment.path,
        "indication": assessment.indication,
        "outcome": str(assessment.outcome),
        "awaits": assessment.awaits,
        "policy": assessment.policy.id if assessment.policy else None,
        "effective": assessment.policy.effective.isoformat() if assessment.policy else None,
        "open": assessment.open[0] if assessment.open else [],
        "blocking": assessment.blocking,
        "cards": [(card.card["uuid"], card.kind, card.about, card.criteria) for card in cards],
    }


UNNAMED_PAYER = remark("unknown_payer")


def judge_order(visit: Visit, drug: str, draft: Draft, drafts: Sequence[Draft]) -> Judgement:
    """The judgement of one order; only the first of several drafts has therapies and considerations."""
    question = policy_for(visit, drug, draft)
    assessed = assess_order(visit, question)
    is_first = draft is drafts[0]
    suggestions = _suggestions(visit, question, assessed) if is_first else Suggestions()
    corrections = corrections_for(visit, question, assessed, suggestions)
    return Judgement(
        visit,
        question,
        assessed,
        assessed.assessment,
        _twin_context(visit, question, assessed),
        suggestions,
        _card_context(visit, question, assessed, corrections, several=len(drafts) > 1),
        tuple(other.reference for other in drafts),
    )


def _suggestions(visit: Visit, question: Question, assessed: AssessedOrder) -> Suggestions:
    """Therapies and considerations; none at order-select, where only coverage is shown."""
    if visit.request.hook != "order-sign" or assessed.held:
        return Suggestions()
    payer = question.payer.payer
    return suggestions_for(
        visit.library, payer.id if payer else None, assessed.case, assessed.assessment
    )


def _twin_context(visit: Visit, question: Question, assessed: AssessedOrder) -> TwinContext:
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
        time=met_by_time_at_once(question, assessed),
    )


def _card_context(
    visit: Visit,
    question: Question,
    assessed: AssessedOrder,
    corrections: Corrections,
    *,
    several: bool,
) -> CardContext:
    """What the card needs besides the assessment; with several orders none is corrected by a click."""
    payer = question.payer
    unnamed = visit.library.wording.text(UNNAMED_PAYER)
    return CardContext(
        day=question.day,
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
        repair=None if several else corrections.repair,
        dose=corrections.dose,
        running=corrections.running,
        decision=corrections.decision,
        fixes=corrections.fixes,
        reference=question.draft.reference,
        replacing=visit.client.replacing,
        has_page=visit.client.pages,
    )
