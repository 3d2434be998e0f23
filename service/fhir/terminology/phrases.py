"""Names of several words, found inside longer texts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from service.fhir.elements import spellings

_MARKS = str.maketrans(dict.fromkeys("[](){}<>,;:./\\|*+\"'_&%#=", " "))
# Shorter names have too many other meanings.
SHORTEST = 3
Phrase = tuple[str, ...]
Phrases = Mapping[str, tuple[Phrase, ...]]


def split(name: str) -> list[str]:
    """The words of a name, without the marks around them."""
    if name.isascii():
        return name.lower().translate(_MARKS).split()
    return [
        word for spelling in spellings(name) for word in spelling.lower().translate(_MARKS).split()
    ]


def words_of(text: str) -> list[str]:
    """The words of a text; behind them the same in pieces, where one has a hyphen, as combinations have."""
    words = split(text)
    if not any("-" in word for word in words):
        return words
    return [*words, *(piece for word in words for piece in word.split("-") if piece)]


def phrases(names: Iterable[str]) -> Phrases:
    """Names by their first word, to be found inside longer texts."""
    by_first: defaultdict[str, set[Phrase]] = defaultdict(set)
    for name in names:
        words = tuple(split(name))
        if len("".join(words)) >= SHORTEST:
            by_first[words[0]].add(words)
    return {
        first: tuple(sorted(several, key=len, reverse=True)) for first, several in by_first.items()
    }


def occur(words: Sequence[str], phrases: Phrases) -> list[Phrase]:
    """The known names among some words."""
    return [
        phrase
        for index, word in enumerate(words)
        for phrase in phrases.get(word, ())
        if tuple(words[index : index + len(phrase)]) == phrase
    ]
