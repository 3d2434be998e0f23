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
    """What refuses, what says the contrary, what may stand beside, and what leaves it open.

    Phrases that are `cleared` hold such a word and say nothing of the kind.
    """

    words: tuple[str, ...]
    contrary: frozenset[str]
    beside: frozenset[str]
    open: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()

    @cached_property
    def _known(self) -> Phrases:
        return phrases(self.words)

    @cached_property
    def _open(self) -> Phrases:
        return phrases(self.open)

    @cached_property
    def _cleared(self) -> Phrases:
        return phrases(self.cleared)

    def told(self, texts: Iterable[str]) -> Literal["never", "unusable"] | None:
        """Refused where the first clause of a text says that alone, and nothing says the contrary.

        Any other text with such a word, or with one that leaves it open, is a question.
        """
        said = [one[:LONGEST].lower() for one in texts]
        known, left_open = self._known, self._open
        if not any(first in one for one in said for first in (*known, *left_open)):
            return None
        words = [self._uncleared(_WORD.findall(one)) for one in said]
        found = [occur(one, known) for one in words]
        if not any(found):
            return "unusable" if any(occur(one, left_open) for one in words) else None
        alone = any(map(self._says_it_alone, said))
        against = any(
            not self.contrary.isdisjoint(_without(one, refusing))
            for one, refusing in zip(words, found, strict=True)
        )
        return "never" if alone and not against else "unusable"

    def _uncleared(self, words: list[str]) -> list[str]:
        """Without 'no denial' and the like, where it is said beside a payment or says nothing of one."""
        for phrase in occur(words, self._cleared):
            rest = _cut(words, phrase)
            refuses = occur(phrase, self._known)
            words = rest if not refuses or not self.contrary.isdisjoint(rest) else words
        return words

    def _says_it_alone(self, text: str) -> bool:
        clauses = (_WORD.findall(one) for one in _CLAUSE.split(text))
        first = [one for one in next(filter(None, clauses), []) if one not in self.beside]
        return tuple(first) in self._known.get(first[0], ()) if first else False


def _cut(words: list[str], phrase: Phrase) -> list[str]:
    """The words without one phrase, wherever it stands."""
    size = len(phrase)
    for at in range(len(words) - size, -1, -1):
        if tuple(words[at : at + size]) == phrase:
            words = words[:at] + words[at + size :]
    return words


def _without(words: Sequence[str], found: Sequence[Phrase]) -> set[str]:
    """The words that belong to none of the phrases that were found."""
    taken = {word for phrase in found for word in phrase if len(phrase) > 1}
    return {*words} - taken
