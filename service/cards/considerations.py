"""The considerations card: the four most important notes with their source, the others in short."""

from collections.abc import Sequence

from service.cards.card import Card
from service.cards.context import CardContext, names
from service.cards.summary import cut
from service.cards.wording import Wording, add_overrides, plain
from service.cds.ids import fresh_uuid
from service.clinical.model import Note
from service.json_object import Json

CARD = "considerations"
MOST_LINES = 4
TOPIC = {
    "code": "guideline",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Guideline",
}


def considerations_card(wording: Wording, notes: Sequence[Note], context: CardContext) -> Card:
    """The card of the notes that apply to the patient; `notes` must not be empty."""
    first = notes[0].short or notes[0].says
    if len(notes) > 1:
        count = str(len(notes) - 1)
        first = plain(wording.own(CARD, "more", first=first.rstrip("."), count=count))
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": cut(plain(wording.own(CARD, "summary", first=first, **names(context)))),
        "detail": str(_detail(wording, notes, context)),
        "indicator": "warning" if any(note.indicator == "warning" for note in notes) else "info",
        "source": {
            "label": plain(wording.own(CARD, "source", **names(context))),
            "topic": dict(TOPIC),
        },
    }
    add_overrides(card, wording, CARD)
    return Card(card, CARD, {}, tuple(note.id for note in notes))


def _detail(wording: Wording, notes: Sequence[Note], context: CardContext) -> str:
    return wording.say(
        CARD,
        "detail",
        several_orders=context.several_orders,
        order=context.order,
        lines=[{"says": note.says, "cite": note.cite} for note in notes[:MOST_LINES]],
        others=[(note.short or note.says).rstrip(".") for note in notes[MOST_LINES:]],
        **names(context),
    )
