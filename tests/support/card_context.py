"""The context of a card for one order of a payer without a name of its own."""

from service.cards.context import CardContext

CONTEXT = CardContext(
    payer="Payer",
    payer_short="Payer",
    drug="dupilumab",
    order="1",
    several_orders=False,
    brief=False,
    source_names={},
)
