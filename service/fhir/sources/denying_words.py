"""Finds words in displays and texts that deny an entry, such as "no history of" or "denied"."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from service.fhir.terminology.names_in_text import Phrase, Phrases, occur
from service.memo import cached_property

_CLAUSE = re.compile(r"[.:;,()\[\]/|!?\n\u2013\u2014]+|\s-+\s")
_WORD = re.compile(r"[^\W_]+")
LONGEST = 2000


@dataclass(frozen=True)
class Denials:
    """Words that deny (`words`, `signs`), that say the contrary, that may be beside, that leave it open.

    Phrases in `cleared` contain such a word without denying anything; words inside a phrase of
    `unless` are ignored. `signs` deny like words, unless a letter is on both sides; words of
    `over` say that it is past, those of `unsure` that it is not confirmed.
    """

    words: tuple[str, ...]
    contrary: frozenset[str]
    beside: frozenset[str]
    open: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @cached_property
    def _known(self) -> Phrases:
        return _by_first((*self.words, *self.unsure))

    @cached_property
    def _refusing(self) -> Phrases:
        return _by_first(self.words)

    @cached_property
    def _doubting(self) -> Phrases:
        return _by_first(self.unsure)

    @cached_property
    def _was(self) -> Phrases:
        return _by_first(self.over)

    @cached_property
    def _nothing(self) -> re.Pattern[str] | None:
        """A pattern for all ignored phrases, the longest first; None if there are none."""
        phrases_ = {" ".join(_WORD.findall(phrase.lower())) for phrase in self.unless}
        each = "|".join(map(re.escape, sorted(phrases_, key=len, reverse=True)))
        return re.compile(rf"(?<= )(?:{each})(?= )") if phrases_ else None

    @cached_property
    def _sign(self) -> re.Pattern[str] | None:
        each = (re.escape(sign) for sign in self.signs)
        parts = [rf"(?<![^\W_]){sign}|{sign}(?![^\W_])" for sign in each]
        return re.compile("|".join(parts)) if parts else None

    def says_past(self, texts: Iterable[str]) -> bool:
        """Whether a text says that it is past."""
        lowered = [text.lower() for text in texts]
        return any(
            occur(self._words(text), self._was)
            for text in lowered
            if not self._was.keys().isdisjoint(_WORD.findall(text[:LONGEST]))
        )

    def is_doubtful(self, texts: Iterable[str]) -> bool:
        """Whether the texts say only that it is not confirmed, and deny nothing."""
        lowered = [text[:LONGEST].lower() for text in texts]
        words = [self._words(lowered_text) for lowered_text in lowered]
        if any(
            occur(text_words, self._refusing) or occur(text_words, self._was)
            for text_words in words
        ):
            return False
        signed = self._sign is not None and any(map(self._sign.search, lowered))
        return signed or any(occur(text_words, self._doubting) for text_words in words)

    def behind(self, text: str) -> Iterator[list[str]]:
        """The words of a text behind each of the denying words."""
        words = self._words(text.lower())
        for index, word in enumerate(words):
            for phrase in self._refusing.get(word, ()):
                if tuple(words[index : index + len(phrase)]) == phrase:
                    yield words[index + len(phrase) :]

    def _words(self, text: str) -> list[str]:
        """The words of a text, without ignored phrases."""
        words = _WORD.findall(text[:LONGEST])
        if self._nothing is None:
            return words
        return self._nothing.sub("|", f" {' '.join(words)} ").split()

    @cached_property
    def _first_words(self) -> frozenset[str]:
        """The first words of all phrases that deny or leave open: most texts contain none of them."""
        return frozenset((*self._known, *self._open))

    @cached_property
    def _open(self) -> Phrases:
        return _by_first(self.open)

    @cached_property
    def _cleared(self) -> Phrases:
        return _by_first(self.cleared)

    def refusal(self, texts: Iterable[str]) -> Literal["never", "unusable"] | None:
        """`never` if the first clause of a text only denies and nothing says the contrary; else as below.

        `unusable` for any other text with a denying or open word; None if there is none.
        """
        lowered = [text[:LONGEST].lower() for text in texts]
        if self._sign is not None and any(map(self._sign.search, lowered)):
            return "unusable"
        phrases, left_open = self._known, self._open
        if all(map(self._first_words.isdisjoint, map(_WORD.findall, lowered))):
            return None
        words = [self._uncleared(self._words(lowered_text)) for lowered_text in lowered]
        refusals = [occur(text_words, phrases) for text_words in words]
        if not any(refusals):
            return "unusable" if any(occur(text_words, left_open) for text_words in words) else None
        alone = any(map(self._says_it_alone, lowered))
        against = any(
            not self.contrary.isdisjoint(_without(text_words, refusing))
            for text_words, refusing in zip(words, refusals, strict=True)
        )
        return "never" if alone and not against else "unusable"

    def _uncleared(self, words: list[str]) -> list[str]:
        """The words without cleared phrases such as "no denial"."""
        for phrase in occur(words, self._cleared):
            rest = _cut(words, phrase)
            refuses = occur(phrase, self._known)
            words = rest if not refuses or not self.contrary.isdisjoint(rest) else words
        return words

    def _says_it_alone(self, text: str) -> bool:
        clauses = (_WORD.findall(clause) for clause in _CLAUSE.split(text))
        first = [word for word in next(filter(None, clauses), []) if word not in self.beside]
        return tuple(first) in self._known.get(first[0], ()) if first else False


def _cut(words: list[str], phrase: Phrase) -> list[str]:
    """The words without any occurrence of a phrase."""
    size = len(phrase)
    for start in range(len(words) - size, -1, -1):
        if tuple(words[start : start + size]) == phrase:
            words = words[:start] + words[start + size :]
    return words


def _by_first(names: Iterable[str]) -> Phrases:
    """Phrases by their first word, the longest first."""
    by_first: defaultdict[str, set[Phrase]] = defaultdict(set)
    for name in names:
        words = tuple(_WORD.findall(name.lower()))
        by_first[words[0]].add(words)
    return {
        first: tuple(sorted(several, key=len, reverse=True)) for first, several in by_first.items()
    }


def _without(words: Sequence[str], found_phrases: Sequence[Phrase]) -> set[str]:
    """The words that are in none of the found phrases of several words."""
    taken = {word for phrase in found_phrases for word in phrase if len(phrase) > 1}
    return {*words} - taken
