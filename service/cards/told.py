"""A card as it is answered, with what feedback on it and on its suggestions speaks of."""

from typing import Any, NamedTuple

Json = dict[str, Any]


class Told(NamedTuple):
    """One card; `about` names what each suggestion offers, by the suggestion's uuid."""

    card: Json
    kind: str
    about: dict[str, str]


def with_suggestions(card: Json, kind: str, suggested: list[tuple[str, Json]]) -> Told:
    """The card with its suggestions, each with a name of what it offers."""
    if suggested:
        card["suggestions"] = [one for _, one in suggested]
        card["selectionBehavior"] = "any" if suggested[1:] else "at-most-one"
    return Told(card, kind, {str(one["uuid"]): about for about, one in suggested})
