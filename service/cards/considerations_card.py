"""The considerations card: the weightiest notes in full while there is room, the others by short names."""

from collections.abc import Sequence

from service.cards.card import Card
from service.cards.card_context import CardContext, names
from service.cards.card_lengths import LONGEST_CONSIDERATIONS
from service.cards.details.fitted_to_length import Block, WordsForMore, fitted
from service.cards.details.order_name import order_block
from service.cards.summary import cut
from service.cards.wording import Wording, add_overrides, own_words, plain
from service.cds.ids import fresh_uuid
from service.clinical.therapies_and_pathways import Note
from service.json_object import Json

CARD = "considerations"
LINES, FOOT = 50, 100
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
        "detail": _detail(wording, notes, context),
        "indicator": "warning" if any(note.indicator == "warning" for note in notes) else "info",
        "source": {
            "label": plain(wording.own(CARD, "source", **names(context))),
            "topic": dict(TOPIC),
        },
    }
    add_overrides(card, wording, CARD)
    return Card(card, CARD, {}, tuple(note.id for note in notes))


def _detail(wording: Wording, notes: Sequence[Note], context: CardContext) -> str:
    """Every note in short; then, from the weightiest on, each note in full that fits."""
    lines = [_in_short(note) for note in notes]
    text = _written(wording, lines, context)
    for place, note in enumerate(notes):
        fuller = [*lines[:place], own_words(note.says), *lines[place + 1 :]]
        longer = _written(wording, fuller, context)
        if all(line in longer for line in fuller):
            lines, text = fuller, longer
    return text


def _in_short(note: Note) -> str:
    short = (note.short or note.says).rstrip(".")
    return own_words(short[:1].upper() + short[1:])


def _written(wording: Wording, lines: Sequence[str], context: CardContext) -> str:
    blocks = [
        *order_block(wording, context),
        Block("", tuple(lines), LINES, keep=1),
        Block("", (wording.own(CARD, "foot"),), FOOT, 1, "paragraphs"),
    ]
    counted = WordsForMore(
        lambda count: wording.own(CARD, "and_more", count=str(count)),
        lambda count: wording.own(CARD, "and_more", count=str(count)),
    )
    return fitted(blocks, LONGEST_CONSIDERATIONS, counted)
