"""Texts that join several drugs: whether, beside one that is known, they name a thing that nobody knows.

A known drug 'and biologic' is not only that drug; two known drugs joined by 'and' say nothing new.
"""

import re
from collections.abc import Sequence

from service.fhir.elements import spellings
from service.fhir.terminology.full_lists import MOST_LOOKED_UP, FullLists
from service.fhir.terminology.phrases import occur, split, words_of
from service.fhir.terminology.terminology import Terminology
from service.memo import per_document

_JOINED = re.compile(r"\s(?:and|plus|or|y)\s|[+;&]|(?<=[a-z)])\s*/\s*(?=[a-z(])|,\s|\s/\s")
SHORTEST = 5  # of a name; shorter words have too many other meanings
MOST_WORDS = 2  # of a name that stands alone; a sentence is none


def names_more(terminology: Terminology, text: str) -> bool:
    """Whether a text joins what nobody knows to a drug that is known."""
    return terminology.lists is not None and _names_more(terminology, text)


@per_document(most=MOST_LOOKED_UP)
def _names_more(terminology: Terminology, text: str) -> bool:
    lists = terminology.lists
    if lists is None:
        return False
    said = spellings(text)[0].lower()
    parts = [split(one) for one in _JOINED.split(said)]
    if len(parts) == 1 or tuple(split(said)) in lists.names.others.get(split(said)[0], ()):
        return False
    unnamed = [one for one in parts if not _is_named(terminology, lists, one)]
    if len(unnamed) == len(parts):
        return False
    return any(_may_name(terminology, lists, one) for one in unnamed)


def _is_named(terminology: Terminology, lists: FullLists, part: Sequence[str]) -> bool:
    words = words_of(" ".join(part))
    known = (lists.names.ours, lists.names.others, terminology.telling.other_names)
    return any(occur(words, one) for one in known)


def _may_name(terminology: Terminology, lists: FullLists, part: Sequence[str]) -> bool:
    """Whether it speaks of a class, or of a drug under study, or is a name that no list explains."""
    known, words = lists.names.words, set(words_of(" ".join(part)))
    doubtful = known.doubtful_in_texts - terminology.telling.beside_a_name
    if words & (known.doubtful_classes | doubtful):
        return True
    if any(one.endswith(known.doubtful_ends) and one not in lists.names.single for one in words):
        return True
    said = [one for one in part if any(letter.isalpha() for letter in one)]
    return 0 < len(said) <= MOST_WORDS and any(_is_unknown(lists, one) for one in said)


def _is_unknown(lists: FullLists, word: str) -> bool:
    pieces = [one for one in word.split("-") if len(one) >= SHORTEST and one.isalpha()]
    return word not in lists.explained and any(one not in lists.explained for one in pieces)
