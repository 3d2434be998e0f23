"""A card with what is stored to understand feedback on it."""

from typing import NamedTuple

from service.json_object import Json


class Card(NamedTuple):
    """One card; `about` says by uuid what each suggestion offers.

    `criteria` are the ids of the situation or notes behind it; for coverage they are in the decision.
    """

    card: Json
    kind: str
    about: dict[str, str]
    criteria: tuple[str, ...] = ()


def with_suggestions(
    card: Json, kind: str, suggested: list[tuple[str, Json]], *criteria: str
) -> Card:
    """The card with its suggestions; each is paired with a name for what it offers."""
    if suggested:
        card["suggestions"] = [suggestion for _, suggestion in suggested]
        card["selectionBehavior"] = _behavior([_types(suggestion) for _, suggestion in suggested])
    return Card(
        card, kind, {str(suggestion["uuid"]): about for about, suggestion in suggested}, criteria
    )


def _types(suggestion: Json) -> set[str]:
    return {str(action["type"]) for action in suggestion["actions"]}


def _behavior(types: list[set[str]]) -> str:
    """`at-most-one` if suggestions exclude each other: two updates or two replacements of the draft."""
    exclude = any(sum(kind in kinds for kinds in types) > 1 for kind in ("update", "delete"))
    return "at-most-one" if exclude or not types[1:] else "any"
