"""The context of a card for one order of a payer without a name of its own."""

from datetime import date

from service.cards.card_context import CardContext

CONTEXT = CardContext(
    day=date(2026, 11, 21),
    payer="Payer",
    payer_short="Payer",
    drug="dupilumab",
    order="1",
    several_orders=False,
    brief=False,
    source_names={},
)
