"""A card with its suggestions, which of them exclude each other, and which are free beside them."""

import pytest
from support.cases.run import library

from service.cards.card import Card, Suggestion, cards_with
from service.json_object import Json


def suggested(about: str, *types: str) -> Suggestion:
    return Suggestion(about, about, [{"type": one, "description": about} for one in types])


def made(*each: Suggestion) -> list[Card]:
    card: Json = {"summary": "s", "source": {"label": "a payer"}}
    return cards_with(library().wording, card, "coverage", each, "a.b")


def test_card_without_suggestions_has_no_selection_behavior() -> None:
    (told,) = made()
    assert told == ({"summary": "s", "source": {"label": "a payer"}}, "coverage", {}, ("a.b",))


def test_suggestions_are_named_by_what_they_offer() -> None:
    (told,) = made(suggested("dose", "update"))
    (suggestion,) = told.card["suggestions"]
    assert told.about == {suggestion["uuid"]: "dose"}
    assert suggestion["label"] == "dose"


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([("update",)], ["at-most-one"]),
        ([("update",), ("create",)], ["any"]),
        ([("create",), ("create",)], ["any"]),
        ([("update",), ("update",)], ["at-most-one"]),
        ([("delete", "create"), ("delete", "create")], ["at-most-one"]),
        ([("delete", "create"), ("update",)], ["at-most-one"]),
        ([("update",), ("update",), ("create",)], ["at-most-one", "at-most-one"]),
        ([("update",), ("create",), ("update",), ("create",)], ["at-most-one", "any"]),
    ],
)
def test_suggestions_that_undo_one_another_are_at_most_one_and_all_others_are_free(
    types: list[tuple[str, ...]], expected: list[str]
) -> None:
    cards = made(*(suggested(str(number), *one) for number, one in enumerate(types)))
    assert [one.card["selectionBehavior"] for one in cards] == expected
    offered = [about for one in cards for about in one.about.values()]
    assert sorted(offered) == [str(number) for number in range(len(types))]


def test_the_card_of_tests_belongs_to_the_source_of_the_card_beside_it() -> None:
    _, tests = made(suggested("a", "update"), suggested("b", "update"), suggested("c", "create"))
    assert tests.kind == "tests"
    assert tests.card["source"] == {"label": "a payer"}
    assert tests.card["summary"].startswith("1 test ")
    assert tests.card["overrideReasons"]
