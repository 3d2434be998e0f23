"""The name of the order that a card is about, where a request has several."""

from collections.abc import Iterator

from service.cards.card_context import CardContext
from service.cards.card_lengths import LONGEST_NAME
from service.cards.details.fitted_to_length import Block
from service.cards.wording import Wording

CARD = "coverage"
WEIGHT = 100


def order_block(wording: Wording, context: CardContext) -> Iterator[Block]:
    """The line that names the order; one with a long name is called by its reference."""
    if context.several_orders:
        name = context.order if len(context.order) <= LONGEST_NAME else context.reference
        yield Block("", (wording.say(CARD, "order", order=name),), WEIGHT, 1, "paragraphs")
