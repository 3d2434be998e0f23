"""Names of value sets inside longer texts; one that only points at a set is a question, not an answer."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.fhir.elements import codings, names, spellings

# What kind of concept it is stands behind the names of SNOMED CT.
_TAG = re.compile(r"\s*\([a-z /]+\)\s*$")
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
CATEGORY = 3  # the signs of the shortest code of ICD-10-CM
# How the words of one expression begin: each of them is the beginning of some word of the name.
Beginnings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointingWords:
    """How the words begin that point at a value set, and those that say it is something else.

    `broader` are names, word by word, of what it is a kind of.
    """

    near: tuple[Beginnings, ...]
    unlike: tuple[Beginnings, ...]
    broader: frozenset[Beginnings]

    def of(self, words: list[str]) -> bool:
        """Whether a name points at the set; another thing is said by no fewer words than point at it."""
        if tuple(words) in self.broader:
            return True
        written = joined(words)
        longest = max(
            (_length(expression) for expression in self.near if all_begin(expression, written)),
            default=0,
        )
        if not longest:
            return False
        others = max(
            (_length(expression) for expression in self.unlike if all_begin(expression, written)),
            default=0,
        )
        return longest > others

    def are_first_in(self, words: list[str]) -> bool:
        """Whether some words begin with an expression that points at the set, in its order."""
        return any(
            len(words) >= len(expression) and all(map(str.startswith, words, expression))
            for expression in self.near
        )

    def is_unlike(self, written: str) -> bool:
        """Whether words point at the set, and those of another thing do too."""
        pointed = any(all_begin(expression, written) for expression in self.near)
        return pointed and any(all_begin(expression, written) for expression in self.unlike)


@dataclass(frozen=True)
class ClosedSystem:
    """How the codes of a system look, how those begin that name no disease, and our codes of it.

    `headers` are codes above one of ours, `leaves` ours below which there is none, `chapters` the
    first letters of a set; all without their points.
    """

    shape: re.Pattern[str]
    no_disease: tuple[str, ...] = ()
    headers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    leaves: Mapping[str, frozenset[str]] = field(default_factory=dict)
    chapters: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def is_disease(self, code: str) -> bool:
        """Whether it looks as the codes of diseases do."""
        return bool(self.shape.fullmatch(code)) and not code.startswith(self.no_disease)

    def around(self, code: str) -> frozenset[str]:
        """The sets that hold a code below it, or one without any below that it is or begins with."""
        bare = code.replace(".", "").upper()
        above = (self.leaves.get(bare[:end], frozenset()) for end in range(CATEGORY, len(bare) + 1))
        return self.headers.get(bare, frozenset()).union(*above)

    def holds_chapter(self, value_set: str, code: str) -> bool:
        """Whether the set has codes of the same chapter, or none of the system at all."""
        chapters = self.chapters.get(value_set)
        return chapters is None or code[:1].upper() in chapters


def closed(
    shape: str, no_disease: Iterable[str], sets: Mapping[str, Iterable[tuple[str, bool]]]
) -> ClosedSystem:
    """A closed system with the codes of our sets, each with whether it stands for all below it."""
    headers: defaultdict[str, set[str]] = defaultdict(set)
    leaves: defaultdict[str, set[str]] = defaultdict(set)
    chapters: dict[str, frozenset[str]] = {}
    for name, lines in sets.items():
        whole = {code.replace(".", ""): all_below for code, all_below in lines}
        above = {code[:end] for code in whole for end in range(CATEGORY, len(code))}
        for code in above:
            headers[code].add(name)
        for code, all_below in whole.items():
            if code not in above and not all_below:
                leaves[code].add(name)
        chapters[name] = frozenset(code[:1] for code in whole)
    return ClosedSystem(
        re.compile(shape),
        tuple(no_disease),
        {code: frozenset(names_) for code, names_ in headers.items()},
        {code: frozenset(names_) for code, names_ in leaves.items()},
        chapters,
    )


@dataclass(frozen=True)
class Pointing:
    """What names point at, and the systems of which a code in no set is surely another thing."""

    sets: Mapping[str, PointingWords]
    closed: Mapping[str, ClosedSystem]

    def of(self, names: Iterable[str]) -> frozenset[str]:
        """The value sets that one of the names points at."""
        every = [words_in(_TAG.sub("", name)) for name in names]
        return frozenset(
            name for name, near in self.sets.items() if any(near.of(words) for words in every)
        )

    def any_of(self, names: Iterable[str], sets: Iterable[str]) -> bool:
        """Whether one of the names points at one of these value sets."""
        every = [words_in(_TAG.sub("", name)) for name in names]
        wanted = (
            [self.sets[value_set] for value_set in sets if value_set in self.sets] if every else ()
        )
        return any(near.of(words) for words in every for near in wanted)

    def is_closed(self, concept: object) -> bool:
        """Whether a code of it looks as all codes of a system do that our sets hold whole."""
        return any(of.is_disease(code) for of, code in self._closed(concept))

    def names_no_disease(self, concept: object) -> bool:
        """Whether a code of it stands for a visit, a symptom or a cause, whatever the disease is."""
        return any(code.startswith(of.no_disease) for of, code in self._closed(concept))

    def around(self, concept: object) -> frozenset[str]:
        """The sets of which a code lies under one of its codes, or is cut finer than the system does."""
        around = [of.around(code) for of, code in self._closed(concept)]
        return frozenset().union(*around)

    def elsewhere(self, concept: object) -> frozenset[str]:
        """The value sets that its names point at, and that lie in another chapter than its codes."""
        coded = [*self._closed(concept)]
        named = self.of(names(concept)) if coded else frozenset()
        return frozenset(
            name for name in named if not any(of.holds_chapter(name, code) for of, code in coded)
        )

    def _closed(self, concept: object) -> Iterator[tuple[ClosedSystem, str]]:
        """Its codes in systems of which our sets hold whole diseases, as they are compared."""
        for system, code, _ in codings(concept):
            of = self.closed.get(system or "")
            if of is not None and code is not None:
                yield of, code


def beginnings(written: str) -> Beginnings:
    """An expression of a value set as words are read; those joined by `_` stand side by side."""
    return tuple(expression.replace("_", " ") for expression in _JOINED.findall(written.lower()))


def _length(expression: Beginnings) -> int:
    """How many words an expression has."""
    return sum(expression_part.count(" ") + 1 for expression_part in expression)


def words_in(name: str) -> list[str]:
    """The words of a name as they are compared."""
    return _WORD.findall(name.lower())


def joined(words: Iterable[str]) -> str:
    """The words of a name, each with a blank before it."""
    return f" {' '.join(words)}"


def all_begin(expression: Beginnings, written: str) -> bool:
    """Whether each beginning is one of a word, in words that each have a blank before them."""
    # speed: 0.1 µs for each expression, all() takes 0.5; a name is compared with some hundred of them
    for begins in expression:  # noqa: SIM110
        if f" {begins}" not in written:
            return False
    return True


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
