"""Texts that join several drugs: whether, beside one that is known, they name a thing that nobody knows.

A known drug 'and biologic' is not only that drug; two known drugs joined by 'and' say nothing new.
"""

import re
from collections.abc import Sequence

from service.fhir.elements import spellings
from service.fhir.terminology.full_lists import MOST_KEPT, FullLists
from service.fhir.terminology.phrases import occur, split, words_of
from service.fhir.terminology.terminology import Terminology

_JOINED = re.compile(r"\s(?:and|plus|or|y)\s|[+;&]|(?<=[a-z)])\s*/\s*(?=[a-z(])|,\s|\s/\s")
SHORTEST = 5  # of a name; shorter words have too many other meanings
MOST_WORDS = 2  # of a name that stands alone; a sentence is none


def names_more(terminology: Terminology, text: str) -> bool:
    """Whether a text joins what nobody knows to a drug that is known."""
    lists = terminology.lists
    if lists is None:
        return False
    joins_more = lists.joined.get(text)
    if joins_more is None:
        if len(lists.joined) > MOST_KEPT:
            lists.joined.clear()
        joins_more = lists.joined[text] = _names_more(terminology, lists, text)
    return joins_more


def _names_more(terminology: Terminology, lists: FullLists, text: str) -> bool:
    lowered = spellings(text)[0].lower()
    parts = [split(part) for part in _JOINED.split(lowered)]
    if len(parts) == 1 or tuple(split(lowered)) in lists.names.others.get(split(lowered)[0], ()):
        return False
    unnamed = [part for part in parts if not _is_named(terminology, lists, part)]
    if len(unnamed) == len(parts):
        return False
    return any(_may_name(terminology, lists, part) for part in unnamed)


def _is_named(terminology: Terminology, lists: FullLists, part: Sequence[str]) -> bool:
    words = words_of(" ".join(part))
    known = (lists.names.ours, lists.names.others, terminology.unlisted.other_names)
    return any(occur(words, known_phrases) for known_phrases in known)


def _may_name(terminology: Terminology, lists: FullLists, part: Sequence[str]) -> bool:
    """Whether it speaks of a class, or of a drug under study, or is a name that no list explains."""
    known, words = lists.names.words, set(words_of(" ".join(part)))
    doubtful = known.doubtful_in_texts - terminology.unlisted.beside_a_name
    if words & (known.doubtful_classes | doubtful):
        return True
    if any(word.endswith(known.doubtful_ends) and word not in lists.names.single for word in words):
        return True
    letters = [word for word in part if any(letter.isalpha() for letter in word)]
    return 0 < len(letters) <= MOST_WORDS and any(_is_unknown(lists, word) for word in letters)


def _is_unknown(lists: FullLists, word: str) -> bool:
    pieces = [piece for piece in word.split("-") if len(piece) >= SHORTEST and piece.isalpha()]
    return word not in lists.explained and any(piece not in lists.explained for piece in pieces)
