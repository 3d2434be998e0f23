"""What differs in one place, in words, and which way it goes."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Which way a difference goes for the patient's order."""

    TIGHTER = "tighter"
    LOOSER = "looser"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    REWORDED = "reworded"


class Change(NamedTuple):
    """One difference: where it stands, in the criterion's own words, and what it is."""

    kind: Kind
    where: str
    what: str
    says: str = ""


TURNED = {Kind.TIGHTER: Kind.LOOSER, Kind.LOOSER: Kind.TIGHTER}


def seen_from(kind: Kind, above: int) -> Kind:
    """The way it goes for the whole: turned below a NOT (-1), not to be said below a test (0)."""
    if kind not in TURNED:
        return kind
    if above == 0:
        return Kind.CHANGED
    return kind if above > 0 else TURNED[kind]


def stricter(more: bool | None) -> Kind:  # noqa: FBT001 - the three answers of a comparison
    """Tighter, looser, or not to be said."""
    return Kind.CHANGED if more is None else Kind.TIGHTER if more else Kind.LOOSER
