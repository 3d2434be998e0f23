"""One order judged, and its renderings: the cards, the JSON twin and the row of the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.advise.therapies import cards_beside
from service.cards.card import Card
from service.cards.context import CardContext
from service.cards.coverage import coverage_card
from service.cards.twin import TwinContext
from service.cards.wording import Wording
from service.clinical.offer import Beside
from service.json_object import Json
from service.policy.assess import Assessment


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that an answer says of one order; `orders` are the references of all drafts for the drug."""

    assessment: Assessment
    about: TwinContext
    beside: Beside
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


def render(judgement: Judgement, wording: Wording) -> Rendered:
    """The cards and the twin; the coverage card carries the twin."""
    known = judgement
    card, twin = coverage_card(wording, known.assessment, known.about, known.scene, known.beside)
    others = cards_beside(wording, known.beside, known.orders, known.scene)
    return Rendered(judgement, (card, *others), twin)


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
