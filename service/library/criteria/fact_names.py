"""The facts that a policy may name, and what to say of a name that is none of them."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from pathlib import Path

from service.errors import DocumentsError, Mistake
from service.library.documents.folders import read_shelf, unknown
from service.library.shapes import FactShape

NEAR, VERY_NEAR = 0.5, 0.7
MOST_NAMED = 5
# Of these kinds there is one fact each, which operators find by themselves.
UNNAMED = ("supply", "sessions", "outcome", "exclusion", "specialty", "approval", "pharmacy")


def read_facts(content: Path) -> list[FactShape]:
    """The facts of a content folder that a policy may name; DocumentsError with every mistake."""
    mistakes: list[Mistake] = []
    shelf = read_shelf(content / "mappings", "facts", FactShape, "fact", mistakes)
    if mistakes:
        raise DocumentsError(mistakes)
    nameable = (shape for shape in shelf.shapes.values() if shape.kind not in UNNAMED)
    return sorted(nameable, key=lambda fact: fact.fact)


def unknown_fact(name: str, known: Collection[str]) -> str:
    """That a fact is not known; another group is named only where the word is nearly the same."""
    group, _, last = name.rpartition(".")
    own = sorted(name for name in known if group and name.rpartition(".")[0] == group)
    if not own:
        return unknown("fact", name, known)
    nearest = _near(last, own, NEAR) or _near(last, known, VERY_NEAR)
    if nearest:
        return f"no fact '{name}'; did you mean '{nearest}'?"
    named = ", ".join(f"'{name}'" for name in own[:MOST_NAMED])
    which = "the facts" if len(own) <= MOST_NAMED else "some facts"
    return f"no fact '{name}'; {which} of '{group}' are {named}"


def _near(last: str, facts: Iterable[str], cutoff: float) -> str | None:
    """The fact whose name behind its group is the nearest."""
    by_last = {name.rpartition(".")[2]: name for name in facts}
    close = get_close_matches(last, by_last, n=1, cutoff=cutoff)
    return by_last[close[0]] if close else None
