"""The name of an order on its cards, if a request has several."""

from dataclasses import replace

from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.card_lengths import LONGEST_NAME
from service.cards.details.order_name import order_block


def names(order: str, *, several: bool = True) -> list[tuple[str, ...]]:
    context = replace(CONTEXT, order=order, several_orders=several, reference="MedicationRequest/7")
    return [block.lines for block in order_block(library().wording, context)]


def test_one_order_is_not_named() -> None:
    assert names("dupilumab", several=False) == []


def test_an_order_with_a_long_name_is_called_by_its_reference() -> None:
    assert names("dupilumab") == [("Order: dupilumab",)]
    assert names("x" * LONGEST_NAME) == [(f"Order: {'x' * LONGEST_NAME}",)]
    assert names("x" * (LONGEST_NAME + 1)) == [("Order: MedicationRequest/7",)]


def test_the_name_is_text_of_a_chart() -> None:
    assert names("<b>*x*</b>") == [(r"Order: &lt;b&gt;\*x\*&lt;/b&gt;",)]
