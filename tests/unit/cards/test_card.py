"""A card with its suggestions, and whether several of them may be accepted."""

import pytest

from service.cards.card import with_suggestions
from service.json_object import Json


def suggestion(uuid: str, *types: str) -> Json:
    return {"uuid": uuid, "actions": [{"type": one} for one in types]}


def behavior(*suggested: Json) -> object:
    told = with_suggestions({}, "coverage", [("x", one) for one in suggested])
    return told.card.get("selectionBehavior")


def test_card_without_suggestions_has_no_selection_behavior() -> None:
    told = with_suggestions({"summary": "s"}, "coverage", [], "a.b")
    assert told == ({"summary": "s"}, "coverage", {}, ("a.b",))


def test_suggestions_are_named_by_what_they_offer() -> None:
    told = with_suggestions({}, "coverage", [("dose", suggestion("u1", "update"))])
    assert told.about == {"u1": "dose"}
    assert told.card["suggestions"] == [suggestion("u1", "update")]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([("update",)], "at-most-one"),
        ([("update",), ("create",)], "any"),
        ([("create",), ("create",)], "any"),
        ([("update",), ("update",)], "at-most-one"),
        ([("delete", "create"), ("delete", "create")], "at-most-one"),
        ([("delete", "create"), ("update",)], "any"),
    ],
)
def test_suggestions_that_undo_one_another_are_at_most_one(
    types: list[tuple[str, ...]], expected: str
) -> None:
    made = [suggestion(str(number), *one) for number, one in enumerate(types)]
    assert behavior(*made) == expected
