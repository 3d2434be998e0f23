"""Words in a free text that something was so, unless words around them deny it or say something else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.memo import cached_property

LONGEST = 2000
# Behind such a mark a denial ends.
_END = re.compile(r"[.;!?()\n]+")
_TOKEN = re.compile(r"[^\W_]+|\|")


@dataclass(frozen=True)
class UndeniedWords:
    """How the words begin that are looked for, and what takes their meaning from them.

    A word of `denied_by` denies what follows it with nothing but words of `between` in between; one of
    `denied_after` denies what is right before it. `harmless` are phrases that hold such a word and say
    something else. `named` are more beginnings, which count only where the text names what it is about.
    """

    words: tuple[str, ...]
    named: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    denied_after: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()

    def are_in(self, text: str, *, named: bool = False) -> bool:
        """Whether the text says so, and does not deny it; `named` if it names what it is about."""
        patterns = self._with_named if named else self._alone
        written = f" {' '.join(_TOKEN.findall(_END.sub(' | ', text[:LONGEST].lower())))} "
        if patterns.said.search(written) is None:
            return False
        for said_otherwise in patterns.otherwise:
            written = said_otherwise.sub(" | ", written)
        return patterns.said.search(written) is not None

    @cached_property
    def _alone(self) -> "_Patterns":
        return _patterns(self, self.words)

    @cached_property
    def _with_named(self) -> "_Patterns":
        return _patterns(self, (*self.words, *self.named))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What is looked for, and what is taken out of a text before; each phrase has blanks around it."""

    said: re.Pattern[str]
    otherwise: tuple[re.Pattern[str], ...]


def _patterns(of: UndeniedWords, words: Iterable[str]) -> _Patterns:
    said = rf"(?:{_any(words)})\w*"
    between = rf"(?: (?:{_any((*of.between, *of.denied_by))}|{said}))*"
    otherwise = []
    if of.harmless:
        otherwise.append(rf"(?<= )(?:{_any(of.harmless)})(?= )")
    if of.denied_by:
        otherwise.append(rf"(?<= )(?:{_any(of.denied_by)}){between} {said}(?= )")
    if of.denied_after:
        otherwise.append(rf"(?<= ){said} (?:{_any(of.denied_after)})(?= )")
    return _Patterns(re.compile(rf"(?<= ){said}"), tuple(map(re.compile, otherwise)))


def _any(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest first."""
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
