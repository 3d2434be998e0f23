"""Words that say that a claim was not paid, in a display, a text or a sentence."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from service.fhir.terminology.phrases import Phrase, Phrases, occur, phrases

_CLAUSE = re.compile(r"[.:;,()\[\]/|!?\n\u2013\u2014]+|\s-+\s")
_WORD = re.compile(r"[^\W_]+")
LONGEST = 2000


@dataclass(frozen=True)
class Denials:
    """What refuses, what says the contrary, and what may stand beside and changes nothing."""

    words: tuple[str, ...]
    contrary: frozenset[str]
    beside: frozenset[str]

    @cached_property
    def _known(self) -> Phrases:
        return phrases(self.words)

    def told(self, texts: Iterable[str]) -> Literal["never", "unusable"] | None:
        """Refused where the first clause of a text says that alone, and nothing says the contrary.

        Any other text with such a word is a question.
        """
        said = [one[:LONGEST].lower() for one in texts]
        if not any(first in one for one in said for first in self._known):
            return None
        words = [_WORD.findall(one) for one in said]
        found = [occur(one, self._known) for one in words]
        if not any(found):
            return None
        alone = any(map(self._says_it_alone, said))
        against = any(
            not self.contrary.isdisjoint(_without(one, refusing))
            for one, refusing in zip(words, found, strict=True)
        )
        return "never" if alone and not against else "unusable"

    def _says_it_alone(self, text: str) -> bool:
        clauses = (_WORD.findall(one) for one in _CLAUSE.split(text))
        first = [one for one in next(filter(None, clauses), []) if one not in self.beside]
        return tuple(first) in self._known.get(first[0], ()) if first else False


def _without(words: Sequence[str], found: Sequence[Phrase]) -> set[str]:
    """The words that belong to none of the phrases that were found."""
    taken = {word for phrase in found for word in phrase if len(phrase) > 1}
    return {*words} - taken
