"""The considerations card: the heaviest four with their source, the rest by name; none where none apply."""

from collections.abc import Sequence

from service.cards.card import Told
from service.cards.context import Scene, names
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


def considerations_card(wording: Wording, notes: Sequence[Note], scene: Scene) -> Told:
    """The card of the notes that the record makes matter."""
    first = notes[0].short or notes[0].says
    if len(notes) > 1:
        count = str(len(notes) - 1)
        first = plain(wording.own(CARD, "more", first=first.rstrip("."), count=count))
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": cut(plain(wording.own(CARD, "summary", first=first, **names(scene)))),
        "detail": str(_detail(wording, notes, scene)),
        "indicator": "warning" if any(one.indicator == "warning" for one in notes) else "info",
        "source": {
            "label": plain(wording.own(CARD, "source", **names(scene))),
            "topic": dict(TOPIC),
        },
    }
    add_overrides(card, wording, CARD)
    return Told(card, CARD, {}, tuple(one.id for one in notes))


def _detail(wording: Wording, notes: Sequence[Note], scene: Scene) -> str:
    return wording.say(
        CARD,
        "detail",
        several_orders=scene.several_orders,
        order=scene.order,
        lines=[{"says": one.says, "cite": one.cite} for one in notes[:MOST_LINES]],
        others=[(one.short or one.says).rstrip(".") for one in notes[MOST_LINES:]],
        **names(scene),
    )
