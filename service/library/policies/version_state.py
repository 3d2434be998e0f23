"""Checks the state of a policy version: who wrote it, who reviewed it, and whether that allows its state."""

import unicodedata

from service.library.documents.yaml import Wrong
from service.library.shapes import PolicyShape

NO_PERSON = frozenset(("n/a", "na", "tbd", "tba", "none", "unknown", "nobody", "todo", "pending"))
# Titles of persons, degrees, and certificates of pharmacists, physicians and nurses.
TITLES = frozenset(
    (
        *("dr", "prof", "professor", "mr", "mrs", "ms", "miss", "jr", "sr", "ii", "iii"),
        *("md", "phd", "pharmd", "rph", "dnp", "aprn", "msn", "bsn", "rn", "mph", "mba", "msc"),
        *("bcps", "bcacp", "bcop", "bcgp", "bcidp", "bcppp", "bcscp", "cpht", "cspt", "csp"),
        *("facp", "faap", "faaaai", "facaai", "faad", "fccp", "fashp", "ashp", "esq"),
    )
)
TITLES_IN_CAPITALS = frozenset(("DO", "PA", "NP", "MA", "BA", "BS", "MS", "DC"))  # names too


def wrong_state(shape: PolicyShape) -> Wrong:
    """Every mistake in `state`, `author` and `reviewer`, with its address."""
    author, reviewer = shape.author, shape.reviewer
    for key, name in (("author", author), ("reviewer", reviewer)):
        if name is not None and not _words(name):
            yield (key,), f"{key} is the name of a person; {name!r} holds no letter"
        elif name is not None and name.strip().casefold() in NO_PERSON:
            yield (key,), f"{key} is the name of a person; {name!r} is none"
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
    """Whether two names may be one person: without titles, each word of one is in the other.

    An initial may be every word that begins with it.
    """
    words, others = sorted((_words(name), _words(other)), key=len)
    return bool(words) and all(any(_alike(word, one) for one in others) for word in words)


def _alike(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    return shorter == longer or (len(shorter) == 1 and longer.startswith(shorter))


def _words(name: str) -> frozenset[str]:
    """The words of a name, without titles, case, accents and punctuation; with them if all are titles."""
    plain = unicodedata.normalize("NFKD", name)
    letters = (one if one.isalpha() else " " for one in plain if not unicodedata.combining(one))
    written = "".join(letters).replace("Ph D", "PhD").replace("Pharm D", "PharmD").split()
    capitals = frozenset() if name.isupper() else TITLES_IN_CAPITALS
    own = [one for one in written if one.casefold() not in TITLES and one not in capitals]
    return frozenset(_spelled(one.casefold()) for one in own or written)


def _spelled(word: str) -> str:
    """A word with one spelling of umlauts: Mueller and Müller are one name."""
    for pair in ("ae", "oe", "ue"):
        word = word.replace(pair, pair[0])
    return word
