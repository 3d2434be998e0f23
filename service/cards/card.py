"""A card with its suggestions, and with what is stored to understand feedback on it."""

from collections.abc import Sequence
from typing import NamedTuple

from service.cards.wording import Wording, add_overrides, plain
from service.cds.ids import fresh_uuid
from service.json_object import Json

TESTS = "tests"
CHANGES = {"update", "delete"}


class Card(NamedTuple):
    """One card; `about` says by uuid what each suggestion offers.

    `criteria` are the ids of the situation or notes behind it; for coverage they are in the decision.
    """

    card: Json
    kind: str
    about: dict[str, str]
    criteria: tuple[str, ...] = ()


class Suggestion(NamedTuple):
    """One suggestion: a name for what it offers, its label, its actions."""

    about: str
    label: str
    actions: list[Json]

    @property
    def changes_draft(self) -> bool:
        """Whether it changes or replaces the draft; otherwise it only adds orders."""
        return any(action["type"] in CHANGES for action in self.actions)


def cards_with(
    wording: Wording, card: Json, kind: str, suggested: Sequence[Suggestion], *criteria: str
) -> list[Card]:
    """The card with its suggestions.

    Where several of them exclude each other, those that only add orders get a card of their own, on
    which any may be taken.
    """
    changing = [each for each in suggested if each.changes_draft]
    added = [each for each in suggested if not each.changes_draft]
    if len(changing) < 2 or not added:  # noqa: PLR2004 - one change excludes nothing
        behavior = "any" if suggested[1:] and len(changing) < 2 else "at-most-one"  # noqa: PLR2004
        return [_suggesting(card, kind, suggested, behavior, criteria)]
    first = _suggesting(card, kind, changing, "at-most-one", criteria)
    return [first, _card_of_tests(wording, card, added, criteria)]


def _suggesting(
    card: Json, kind: str, suggested: Sequence[Suggestion], behavior: str, criteria: tuple[str, ...]
) -> Card:
    about: dict[str, str] = {}
    suggestions = []
    for each in suggested:
        uuid = fresh_uuid()
        about[uuid] = each.about
        suggestions.append({"label": each.label, "uuid": uuid, "actions": each.actions})
    if suggestions:
        card |= {"suggestions": suggestions, "selectionBehavior": behavior}
    return Card(card, kind, about, criteria)


def _card_of_tests(
    wording: Wording, beside: Json, added: Sequence[Suggestion], criteria: tuple[str, ...]
) -> Card:
    """The card of orders that are free to take beside a change of the draft."""
    described = [action["description"] for each in added for action in each.actions]
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": plain(wording.own(TESTS, "summary", count=str(len(described)))),
        "detail": str(wording.say(TESTS, "detail")),
        "indicator": "info",
        "source": {**beside["source"]},
    }
    add_overrides(card, wording, TESTS)
    behavior = "any" if added[1:] else "at-most-one"
    return _suggesting(card, TESTS, added, behavior, criteria)
