"""The names that every text of a card may use."""

from dataclasses import replace

from support.card_context import CONTEXT

from service.cards.card_context import CardContext, names


def context(**more: str) -> CardContext:
    return replace(
        CONTEXT, payer="Payer Health Plan of Everywhere", why_short=more.get("why_short")
    )


def test_payer_is_called_by_its_short_name_and_its_full_one() -> None:
    assert names(context()) == {
        "payer": "Payer",
        "payer_name": "Payer Health Plan of Everywhere",
        "drug": "dupilumab",
    }


def test_names_depend_on_nothing_else() -> None:
    assert names(context(why_short="no coverage")) == names(context())
