"""A card as it is answered, with what feedback on it and on its suggestions speaks of."""

from typing import NamedTuple

from service.json_object import Json


class Told(NamedTuple):
    """One card; `about` names what each suggestion offers, by the suggestion's uuid.

    `criteria` are the ids of the situation or of the notes that made it; of coverage the decision tells.
    """

    card: Json
    kind: str
    about: dict[str, str]
    criteria: tuple[str, ...] = ()


def with_suggestions(
    card: Json, kind: str, suggested: list[tuple[str, Json]], *criteria: str
) -> Told:
    """The card with its suggestions, each with a name of what it offers."""
    if suggested:
        card["suggestions"] = [one for _, one in suggested]
        card["selectionBehavior"] = _behavior([_types(one) for _, one in suggested])
    return Told(card, kind, {str(one["uuid"]): about for about, one in suggested}, criteria)


def _types(suggestion: Json) -> set[str]:
    return {str(one["type"]) for one in suggestion["actions"]}


def _behavior(types: list[set[str]]) -> str:
    """One update of the draft would undo another, and so would a second replacement."""
    exclude = any(sum(kind in one for one in types) > 1 for kind in ("update", "delete"))
    return "at-most-one" if exclude or not types[1:] else "any"
