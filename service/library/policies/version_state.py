"""Checks the state of a policy version: who wrote it, who reviewed it, and whether that allows its state."""

import unicodedata

from service.library.documents.yaml import Wrong
from service.library.shapes import PolicyShape


def wrong_state(shape: PolicyShape) -> Wrong:
    """Every mistake in `state`, `author` and `reviewer`, with its address."""
    author, reviewer = shape.author, shape.reviewer
    for key, name in (("author", author), ("reviewer", reviewer)):
        if name is not None and not _words(name):
            yield (key,), f"{key} is the name of a person; {name!r} holds no letter"
    if shape.state in ("draft", "in_review", "active") and author is None:
        message = f"'author' is missing; a version whose state is {shape.state} says who wrote it"
        yield ("state",), message
    if shape.state != "active":
        return
    if reviewer is None:
        message = "'reviewer' is missing; active needs two people, the author and another who"
        yield (
            ("state",),
            f"{message} reviewed it; until then write 'state: in_review', which judges no order",
        )
    elif author is not None and same_person(author, reviewer):
        message = f"'{reviewer}' is the author ('{author}'); active needs a second person"
        yield ("reviewer",), f"{message}; until then write 'state: in_review'"


def same_person(name: str, other: str) -> bool:
    """Whether two names may be one person: one holds all words of the other, as with a title."""
    words, others = _words(name), _words(other)
    return bool(words and others) and (words <= others or others <= words)


def _words(name: str) -> frozenset[str]:
    """The words of a name, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = (one if one.isalpha() else " " for one in plain if not unicodedata.combining(one))
    return frozenset("".join(letters).split())
