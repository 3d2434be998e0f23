"""Words of payers' decisions, which the service reads in remarks on claims and authorizations."""

import re

from service.library import Library
from service.memo import cached_property
from service.recordings.safe.known_texts import KnownTexts
from service.recordings.safe.plain_texts import ALSO_NAMES, MARKS, TOKEN, plain_text

_SPOKEN = re.compile(r"[^\W_]+|[.;]")


class KnownDecisions:
    """The words of decisions of one library."""

    def __init__(self, library: Library, texts: KnownTexts) -> None:
        self._library, self._texts = library, texts

    def is_decision(self, written: str) -> bool:
        """Whether a payer's words are all words of decisions, none of which is a name too."""
        tokens = TOKEN.findall(plain_text(written))
        if not self._texts.amounts.are_all(plain_text(written)):
            return False
        return bool(tokens) and all(
            token in self._deciding
            or token in MARKS
            or (token.isdigit() and len(token) <= len("100"))
            for token in tokens
        )

    def decision_in(self, written: str) -> tuple[str, bool]:
        """The words of decisions in a payer's text, and whether it has others; numbers say nothing."""
        words = _SPOKEN.findall(plain_text(written))
        said = [word for word in words if word in self._deciding or word in MARKS]
        others = (word for word in words if word not in said)
        return " ".join(said), any(word.isalpha() for word in others)

    @cached_property
    def _deciding(self) -> frozenset[str]:
        facts = [fact for fact in self._library.knowledge.facts.values() if fact.neutral_words]
        texts = [
            text
            for fact in facts
            for words in (
                fact.denied_words,
                fact.pending_words,
                fact.open_words,
                fact.approved_words,
                fact.neutral_words,
            )
            for text in words
        ]
        return (
            frozenset(word for text in texts for word in TOKEN.findall(text.lower())) - ALSO_NAMES
        )
